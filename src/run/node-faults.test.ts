import { describe, expect, test } from 'vitest';
import { InProcessWorld, type NodeProgram } from '../../test/support/in-process-world.ts';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import type { Op } from '../history/op.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import { echo } from '../workloads/echo.ts';
import { TestRun, type TestResults } from './test-run.ts';
import type { TestSpec } from './test-spec.ts';

interface Outcome {
  readonly results: TestResults;
  readonly nemesis: readonly Op[];
  readonly history: readonly Op[];
  readonly log: readonly string[];
  readonly journal: MemoryJournal;
}

async function runTest(program: NodeProgram, settings: Partial<TestSpec>): Promise<Outcome> {
  const spec = completeSpec({
    workload: 'echo',
    bin: '/node',
    nodes: ['n1', 'n2', 'n3'],
    rate: 50,
    timeLimitSeconds: 20,
    nemesisIntervalSeconds: 1,
    world: 'simulated',
    seed: 'faults',
    ...settings,
  });
  const world = new InProcessWorld({ seed: spec.seed, program });
  const history: Op[] = [];
  const log: string[] = [];
  const journal = new MemoryJournal();
  const run = new TestRun(spec, echo, world, {
    history: { append: (op) => void history.push(op) },
    journal,
    log: (line) => void log.push(line),
    nodeLogFile: () => undefined,
  });
  const results = await run.run();
  return { results, history, nemesis: history.filter((op) => op.process === 'nemesis'), log, journal };
}

const echoing: NodeProgram = (outside) => (message) => {
  const { body } = message;
  if (body['type'] === 'init') outside.reply(message, { type: 'init_ok' });
  else outside.reply(message, { type: 'echo_ok', echo: body['echo'] ?? null });
};

/** The completions of the nemesis: time in seconds, operation, value. */
const nemesisValues = ({ nemesis }: Outcome): (readonly [number, string, Json])[] =>
  nemesis.filter((_, at) => at % 2 === 1).map(({ time, f, value }) => [time / NANOS_PER_SECOND, f, value]);

const seconds = (value: number): unknown => expect.closeTo(value, 2) as unknown;

const problemsOf = ({ results }: Outcome): JsonObject[] =>
  (results['nodes'] as JsonObject)['problems'] as unknown as JsonObject[];

describe('kill', () => {
  test('and start alternate, and all nodes run again in the end, each with its own init', async () => {
    let lives = 0;
    let inits = 0;
    const outcome = await runTest(
      (outside) => {
        lives++;
        const handle = echoing(outside);
        return (message) => {
          if (message.body['type'] === 'init') inits++;
          handle(message);
        };
      },
      { nemesis: ['kill'] },
    );
    const { nemesis, results, journal } = outcome;
    const invoked = nemesis.filter((_, at) => at % 2 === 0).map(({ f }) => f);
    expect(invoked.length).toBeGreaterThan(10);
    invoked.slice(0, -1).forEach((f, at) => expect(f).toBe(at % 2 === 0 ? 'kill' : 'start'));
    expect(nemesis.at(-1)?.f).toBe('start');
    const killed = nemesisValues(outcome)
      .flatMap(([, , value]) => Object.values(value as object))
      .filter((result) => result === 'killed');
    expect(killed.length).toBeGreaterThan(3);
    expect([lives, inits]).toEqual([3 + killed.length, 3 + killed.length]);
    expect(results['valid?']).toBe(true);
    const inviters = new Set<string>();
    for (let id = 0; id < journal.messageCount; id++) {
      const { src, body } = journal.message(id);
      if (body.toString().includes('"init"')) inviters.add(src);
    }
    expect(inviters.size).toBe(lives);
  });

  test('loses messages in flight to the node, and no node is blamed', async () => {
    const outcome = await runTest(echoing, {
      faultScript: [{ at: 5, fault: 'kill', target: ['n2'], for: 10 }],
      concurrency: 3,
    });
    const inDoubt = outcome.history.filter((op) => op.type === 'info' && op.process !== 'nemesis');
    expect(inDoubt.length).toBeGreaterThan(0);
    for (const op of inDoubt) expect([Number(op.process) % 3, op.error]).toEqual([1, 'net-timeout']);
    const afterwards = outcome.history.filter(
      (op) => op.type === 'ok' && Number(op.process) % 3 === 1 && op.time > 16 * NANOS_PER_SECOND,
    );
    expect(afterwards.length).toBeGreaterThan(10);
    expect([outcome.results['valid?'], problemsOf(outcome)]).toEqual([true, []]);
  });

  test('a node that does not restart is reported, and the run continues', async () => {
    let lives = 0;
    const outcome = await runTest((outside) => (++lives > 3 ? () => undefined : echoing(outside)), {
      nemesis: ['kill'],
      nemesisTargets: [['n1']],
    });
    expect(outcome.results['valid?']).toBe(false);
    expect(problemsOf(outcome)[0]).toMatchObject({
      node: 'n1',
      kind: 'not-restarted',
      message: expect.stringMatching(/^n1 did not answer `init` within 10 seconds/) as unknown,
    });
    expect(nemesisValues(outcome)).toContainEqual([
      expect.anything(),
      'start',
      { n1: 'failed', n2: 'running', n3: 'running' },
    ]);
  });

  test('a node that crashes by itself stays down, and is still reported as crashed', async () => {
    let echoes = 0;
    const outcome = await runTest(
      (outside) => {
        const handle = echoing(outside);
        return (message) => {
          if (outside.name === 'n3' && message.body['type'] === 'echo' && ++echoes === 5)
            return outside.exit(1);
          handle(message);
        };
      },
      {
        faultScript: [{ at: 10, fault: 'kill', target: ['n3'], for: 1 }],
      },
    );
    expect(problemsOf(outcome)).toMatchObject([{ node: 'n3', kind: 'crashed' }]);
    expect(nemesisValues(outcome)).toEqual([
      [seconds(10), 'kill', { n3: 'crashed' }],
      [seconds(11), 'start', { n3: 'crashed' }],
    ]);
  });
});

describe('pause', () => {
  test('delays requests, which are answered after it', async () => {
    const outcome = await runTest(echoing, {
      faultScript: [{ at: 5, fault: 'pause', target: ['n1'], for: 2 }],
    });
    const slowest = outcome.history
      .filter((op) => op.type === 'ok')
      .map((op) => {
        const invoked = outcome.history.findLast(
          (before) => before.index < op.index && before.process === op.process,
        );
        return (op.time - (invoked?.time ?? 0)) / NANOS_PER_SECOND;
      });
    expect(Math.max(...slowest)).toBeGreaterThan(1.8);
    expect(Math.max(...slowest)).toBeLessThan(2.1);
    expect(outcome.results['valid?']).toBe(true);
  });

  test('and kill together share one rhythm, and both end', async () => {
    const outcome = await runTest(echoing, { nemesis: ['kill', 'pause'], timeLimitSeconds: 200 });
    const invoked = outcome.nemesis.filter((_, at) => at % 2 === 0);
    expect(new Set(invoked.map(({ f }) => f))).toEqual(new Set(['kill', 'start', 'pause', 'resume']));
    expect(invoked.slice(-2).map(({ f }) => f)).toEqual(['resume', 'start']);
    expect(invoked.length).toBeGreaterThan(150);
    expect(invoked.length).toBeLessThan(260);
    const end = outcome.nemesis.at(-1)?.value as JsonObject;
    expect(Object.values(end).every((result) => result === 'running' || result === 'started')).toBe(true);
  });

  test('hits only the nodes that --nemesis-targets names', async () => {
    const outcome = await runTest(echoing, { nemesis: ['pause'], nemesisTargets: [['n2']] });
    const paused = outcome.nemesis.filter(({ f }) => f === 'pause').map(({ value }) => value);
    expect(new Set(paused.map((value) => JSON.stringify(value)))).toEqual(
      new Set(['["n2"]', '{"n2":"paused"}']),
    );
  });
});

describe('a fault script', () => {
  test('takes effect at its times, to the nanosecond, overlapping as scripted, and ends with the requests', async () => {
    const outcome = await runTest(echoing, {
      faultScript: [
        { at: 6, fault: 'pause', target: ['n1'] },
        { at: 2, fault: 'partition', target: [['n1'], ['n2', 'n3']], for: 6 },
        { at: 4, fault: 'partition', target: { n2: ['n3'] }, for: 1 },
        { at: 4, fault: 'kill', target: ['n3'], for: 0.25 },
      ],
    });
    const begin = (outcome.nemesis[0]?.time ?? 0) - 2 * NANOS_PER_SECOND;
    const times = outcome.nemesis
      .filter((_, at) => at % 2 === 0)
      .map(({ time, f }) => [f, (time - begin) / NANOS_PER_SECOND]);
    expect(times.slice(0, 7)).toEqual([
      ['start-partition', 2],
      ['start-partition', 4],
      ['kill', 4],
      ['start', 4.25],
      ['stop-partition', 5],
      ['pause', 6],
      ['stop-partition', 8],
    ]);
    expect(times.slice(7)).toEqual([['resume', expect.toSatisfy((at: number) => at >= 20)]]);
    expect(nemesisValues(outcome).map(([, , value]) => value)).toEqual([
      ['isolated', { n1: ['n2', 'n3'], n2: ['n1'], n3: ['n1'] }],
      ['isolated', { n2: ['n3'] }],
      { n3: 'killed' },
      { n3: 'starting' },
      'network-healed',
      { n1: 'paused' },
      'network-healed',
      { n1: 'resumed' },
    ]);
  });

  test.each([
    { fault: 'kill', target: 'primary' },
    { fault: 'partition', target: 'primaries' },
    { fault: 'one-way', target: { mute: 'primary' } },
  ])('that aims at a primary is refused if the workload has none: %j', async (entry) => {
    await expect(runTest(echoing, { faultScript: [{ at: 1, ...entry }] })).rejects.toThrow(
      expect.objectContaining({
        message: expect.stringContaining('The workload echo has no primary') as unknown,
        hint: 'Name the node instead: "target": ["n1"]',
      }),
    );
  });
});

describe('membership', () => {
  /** A node that announces every change to the others, so that all know the members. */
  const growing: NodeProgram = (outside) => {
    let members: string[] = [];
    return (message) => {
      const { body } = message;
      // The types of the harness's requests.
      const [type, node] = [body['type'], body['node']] as [string, string];
      switch (type) {
        case 'init':
          members = [...(body['node_ids'] as string[])];
          return outside.reply(message, { type: 'init_ok' });
        case 'echo':
          return outside.reply(message, { type: 'echo_ok', echo: body['echo'] ?? null });
        case 'members':
          members = [...(body['members'] as string[])];
          return;
        default:
          members = type === 'add_member' ? [...members, node] : members.filter((name) => name !== node);
          for (const other of members) outside.send(other, { type: 'members', members });
          return outside.reply(message, { type: `${type}_ok` });
      }
    };
  };

  test('lets nodes leave and join, with which clients then communicate; a majority stays', async () => {
    const outcome = await runTest(growing, { nemesis: ['membership'], timeLimitSeconds: 60 });
    const seen = { added: 0, removed: 0 };
    const members = new Set(['n1', 'n2', 'n3']);
    for (const [, , value] of nemesisValues(outcome) as [number, string, Record<string, string>][]) {
      for (const [node, result] of Object.entries(value)) {
        if (result === 'added') members.add(node);
        else expect([result, members.delete(node)]).toEqual(['removed', true]);
        seen[result as keyof typeof seen]++;
      }
      expect(members.size).toBeGreaterThanOrEqual(2);
      expect(members.size).toBeLessThanOrEqual(5);
    }
    expect(Math.min(seen.added, seen.removed)).toBeGreaterThan(5);
    expect([problemsOf(outcome), outcome.results['valid?']]).toEqual([[], true]);
    const late = outcome.history.filter((op) => op.type === 'ok' && op.time > 55 * NANOS_PER_SECOND);
    expect(late.length).toBeGreaterThan(100);
  });

  test('its requests name the node as `node` and, as programs for the original read it, as `node_id`', async () => {
    const named: unknown[] = [];
    const recording: NodeProgram = (outside) => {
      const grown = growing(outside);
      return (message) => {
        const { type, node, node_id: id } = message.body;
        if (type === 'add_member' || type === 'remove_member') named.push([type, node, id]);
        return grown(message);
      };
    };
    await runTest(recording, {
      faultScript: [
        { at: 1, fault: 'membership', target: { add: 'n4' } },
        { at: 2, fault: 'membership', target: { remove: 'n1' } },
      ],
    });
    expect(named).toEqual([
      ['add_member', 'n4', 'n4'],
      ['remove_member', 'n1', 'n1'],
    ]);
  });

  test('follows a script, with the named node, and the outcome is in the log', async () => {
    const outcome = await runTest(growing, {
      faultScript: [
        { at: 2, fault: 'membership', target: { add: 'n4' } },
        { at: 4, fault: 'membership', target: { remove: 'n1' } },
        { at: 6, fault: 'pause', target: ['n4'], for: 1 },
      ],
    });
    expect(nemesisValues(outcome)).toEqual([
      [seconds(2), 'add-member', { n4: 'adding' }],
      [seconds(4), 'remove-member', { n1: 'removing' }],
      [seconds(6), 'pause', { n4: 'paused' }],
      [seconds(7), 'resume', { n4: 'resumed' }],
    ]);
    expect(outcome.log).toContain('Nemesis: n4 added');
    expect(outcome.log).toContain('Nemesis: n1 removed');
    expect([problemsOf(outcome), outcome.results['valid?']]).toEqual([[], true]);
  });

  test('removes the nodes that --nemesis-targets names', async () => {
    const settings = { nemesis: ['membership'], nemesisTargets: [['n2']] };
    const outcome = await runTest(growing, settings);
    const removed = (nemesisValues(outcome) as [number, string, JsonObject][])
      .filter(([, f]) => f === 'remove-member')
      .flatMap(([, , value]) => Object.keys(value));
    expect(removed).toEqual(['n2']);
  });

  test('records another reply of a node, and starts or stops nothing', async () => {
    const refusing: NodeProgram = (outside) => {
      const handle = echoing(outside);
      return (message) => {
        if (message.body['node'] === undefined) return handle(message);
        outside.reply(message, { type: 'error', code: 40, text: 'I am no member' });
      };
    };
    const outcome = await runTest(refusing, { nemesis: ['membership'] });
    const values = (nemesisValues(outcome) as [number, string, JsonObject][]).flatMap(([, , value]) =>
      Object.values(value),
    );
    expect(values.length).toBeGreaterThan(5);
    expect(new Set(values.map((value) => JSON.stringify(value)))).toEqual(
      new Set(['["error",40,"I am no member"]']),
    );
    expect(outcome.results['valid?']).toBe(true);
  });
});
