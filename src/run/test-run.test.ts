import { describe, expect, test } from 'vitest';
import { answering, InProcessWorld, type NodeProgram } from '../../test/support/in-process-world.ts';
import type { Op } from '../history/op.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../world/clock.ts';
import { NOT_JUDGED } from '../checkers/outcomes/stats.ts';
import { broadcast } from '../workloads/broadcast.ts';
import { echo } from '../workloads/echo.ts';
import { WORKLOADS } from '../workloads/index.ts';
import { kafka } from '../workloads/kafka/kafka.ts';
import { linKv } from '../workloads/lin-kv/lin-kv.ts';
import type { Workload } from '../workloads/workload.ts';
import type { RunStatus } from './run-status.ts';
import { TestRun, type TestResults } from './test-run.ts';
import type { TestSpec } from './test-spec.ts';
import { SAMPLE_SPEC } from '../../test/support/test-spec-sample.ts';
import { verdictSentence } from './words/verdict-sentence.ts';

const SPEC: TestSpec = {
  ...SAMPLE_SPEC,
  bin: '/bin/node-under-test',
  concurrency: 3,
  rate: 100,
  timeLimitSeconds: 5,
  recoverySeconds: 10,
  nemesisIntervalSeconds: 1,
  seed: 'a seed',
};

interface Outcome {
  readonly results: TestResults;
  readonly history: readonly Op[];
  readonly journal: MemoryJournal;
  readonly log: readonly string[];
  readonly sentence: string;
  readonly endNanos: number;
  readonly statuses: readonly RunStatus[];
}

interface Setting {
  readonly spec?: Partial<TestSpec>;
  readonly workload?: Workload;
  readonly interruptAtNanos?: number;
}

async function runTest(program: NodeProgram, setting: Setting = {}): Promise<Outcome> {
  const workload = setting.workload ?? echo;
  const spec = { ...SPEC, workload: workload.name, ...setting.spec };
  const world = new InProcessWorld({ seed: spec.seed, program });
  const history: Op[] = [];
  const log: string[] = [];
  const statuses: RunStatus[] = [];
  const journal = new MemoryJournal();
  const run = new TestRun(spec, workload, world, {
    history: { append: (op) => void history.push(op) },
    journal,
    log: (line) => void log.push(line),
    nodeLogFile: (node) => `/logs/${node}.log`,
  });
  const { interruptAtNanos } = setting;
  if (interruptAtNanos !== undefined) world.clock.schedule(interruptAtNanos, () => run.interrupt('SIGINT'));
  for (let second = 0; second < 30; second++) {
    world.clock.schedule(second * NANOS_PER_SECOND, () => void statuses.push(run.status()));
  }
  const results = await run.run();
  const sentence = verdictSentence(spec, results, { workload, nodeOf: run.nodeOf });
  return { results, history, journal, log, sentence, endNanos: world.clock.nowNanos(), statuses };
}

const echoing = answering((_, body) => ({ type: 'echo_ok', echo: body['echo'] ?? null }));

/** Keeps messages and sends each new one once to all others, so that it may be lost. */
const gossiping: NodeProgram = (outside) => {
  const messages = new Set<unknown>();
  let others: readonly string[] = [];
  return (message) => {
    const { body } = message;
    switch (body['type']) {
      case 'init':
        others = (body['node_ids'] as string[]).filter((node) => node !== outside.name);
        outside.reply(message, { type: 'init_ok' });
        return;
      case 'broadcast':
        messages.add(body['message']);
        for (const other of others) outside.send(other, { type: 'gossip', message: body['message'] ?? null });
        outside.reply(message, { type: 'broadcast_ok' });
        return;
      case 'gossip':
        messages.add(body['message']);
        return;
      case 'read':
        outside.reply(message, { type: 'read_ok', messages: [...messages] as number[] });
        return;
      default:
        outside.reply(message, { type: `${String(body['type'])}_ok` });
    }
  };
};

const part = (results: TestResults, name: string): JsonObject => results[name] as JsonObject;

const kindsOf = (results: TestResults, list = 'violations'): unknown[] =>
  (part(results, 'protocol')[list] as JsonObject[]).map(({ kind }) => kind);

describe('a run', () => {
  test('of a correct node is valid, with about rate x time operations', async () => {
    const { results, history, sentence, endNanos } = await runTest(echoing);
    expect(results['valid?']).toBe(true);
    const invoked = history.filter((op) => op.type === 'invoke').length;
    expect(invoked).toBeGreaterThan(420);
    expect(invoked).toBeLessThan(580);
    expect(part(results, 'stats')).toMatchObject({ count: invoked, 'ok-count': invoked });
    expect(sentence).toBe(
      `Of ${invoked} operations ${invoked} succeeded, 0 failed, 0 ended in doubt; nothing wrong was found.`,
    );
    expect(endNanos / NANOS_PER_SECOND).toBeCloseTo(5, 1);
  });

  test("has results under upstream's keys, protocol, nodes and errors", async () => {
    const { results } = await runTest(echoing);
    expect(Object.keys(results)).toEqual([
      'perf',
      'timeline',
      'exceptions',
      'stats',
      'availability',
      'net',
      'protocol',
      'nodes',
      'errors',
      'workload',
      'valid?',
    ]);
    expect(part(results, 'net')['all']).toMatchObject({ 'msgs-per-op': expect.closeTo(2, 1) });
  });

  test('gives each operation an index, and times that never decrease', async () => {
    const { history } = await runTest(echoing, { spec: { concurrency: 6, rate: 1000 } });
    expect(history.map(({ index }) => index)).toEqual([...history.keys()]);
    const times = history.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('is the same for the same seed, and different for another', async () => {
    const spec = { nemesis: ['partition'], latency: { distribution: 'exponential', meanMs: 20 } } as const;
    const first = await runTest(gossiping, { workload: broadcast, spec });
    const again = await runTest(gossiping, { workload: broadcast, spec });
    const other = await runTest(gossiping, { workload: broadcast, spec: { ...spec, seed: 'another' } });
    expect(again.history).toEqual(first.history);
    expect(again.journal).toEqual(first.journal);
    expect(other.history).not.toEqual(first.history);
  });

  test('is the same for the same seed under every fault on links, to the last message', async () => {
    const spec = {
      nemesis: ['one-way', 'loss', 'duplicate', 'reorder', 'slow', 'flap'],
      steady: { loss: 0.05, duplicate: 0.05 },
      latency: { distribution: 'lognormal', meanMs: 5 },
      rate: 50,
    } as const;
    const first = await runTest(gossiping, { workload: broadcast, spec });
    const again = await runTest(gossiping, { workload: broadcast, spec });
    expect(again.journal).toEqual(first.journal);
    expect(again.history).toEqual(first.history);
    const reasons = new Set<string>();
    for (let number = 0; number < first.journal.eventCount; number++) {
      const event = first.journal.event(number);
      if (event.kind === 'dropped') reasons.add(event.reason);
    }
    expect(reasons).toEqual(new Set(['loss', 'one-way', 'flap']));
    const started = new Set(first.history.map(({ f }) => f).filter((f) => f.startsWith('start-')));
    expect([...started].toSorted()).toEqual(spec.nemesis.map((name) => `start-${name}`).toSorted());
  });

  test('with a permanent loss of everything affects no clients, and isolates the nodes', async () => {
    const { journal, results } = await runTest(gossiping, {
      workload: broadcast,
      spec: { steady: { loss: 1 } },
    });
    let received = 0;
    for (let number = 0; number < journal.eventCount; number++) {
      const event = journal.event(number);
      if (event.kind === 'sent') continue;
      const { src, dest } = journal.message(event.messageId);
      const withClient = src.startsWith('c') || dest.startsWith('c');
      expect(event.kind).toBe(withClient ? 'received' : 'dropped');
      received += withClient ? 1 : 0;
    }
    expect(received).toBeGreaterThan(100);
    expect(results['valid?']).toBe(false);
  });

  test('refuses to skew clocks in a world that cannot', async () => {
    await expect(runTest(echoing, { spec: { nemesis: ['skew'] } })).rejects.toThrow(
      'only the simulated world',
    );
  });

  test('at rate 0 lasts as long as it should and makes no requests', async () => {
    const { results, history, sentence, endNanos } = await runTest(echoing, { spec: { rate: 0 } });
    expect([history, results['valid?']]).toEqual([[], true]);
    expect(sentence).toBe('No operation was requested, so there was nothing to check.');
    expect(endNanos / NANOS_PER_SECOND).toBeCloseTo(5, 2);
  });

  test('with a nemesis heals, waits, and then has every thread read once', async () => {
    const { history, statuses } = await runTest(gossiping, {
      workload: broadcast,
      spec: { nemesis: ['partition'] },
    });
    const healed = history.findLast((op) => op.process === 'nemesis');
    expect(healed).toMatchObject({ type: 'info', f: 'stop-partition', value: 'network-healed' });
    const final = history.filter((op) => op.final === true && op.type === 'invoke');
    expect(final.map((op) => op.process)).toEqual([0, 1, 2]);
    expect(((final[0]?.time ?? 0) - (healed?.time ?? 0)) / NANOS_PER_SECOND).toBeCloseTo(10, 3);
    expect(new Set(statuses.map(({ phase }) => phase))).toEqual(new Set(['starting', 'main', 'recovery']));
    expect(statuses.some(({ activeFaults }) => activeFaults[0]?.startsWith('partition n'))).toBe(true);
  });

  test('finds messages that were lost in a partition', async () => {
    const { results, sentence } = await runTest(gossiping, {
      workload: broadcast,
      spec: { nemesis: ['partition'] },
    });
    expect(results['valid?']).toBe(false);
    expect(part(results, 'workload')).toMatchObject({ 'valid?': false });
    expect(sentence).toContain('lost');
  });

  test('without a nemesis finds that gossip is enough', async () => {
    const { results } = await runTest(gossiping, { workload: broadcast });
    expect(results['valid?']).toBe(true);
  });

  test('writes packets to its log if requested', async () => {
    const { log } = await runTest(echoing, { spec: { logNetSend: true, timeLimitSeconds: 0.1 } });
    const lines = log.filter((line) => line.includes(' send '));
    expect(lines[0]).toMatch(
      /^start\+0\.000 send 0 c0 -> n1 \{"type":"init","node_id":"n1","node_ids":\["n1","n2","n3"\],"msg_id":1\}$/,
    );
    // After the zero, log lines have the time of the run, like the history.
    expect(lines.at(-1)).toMatch(/^0\.\d{3} send \d+ n/);
  });
});

describe('unanswered requests', () => {
  const mute = answering(() => undefined);

  test('end in doubt after five seconds, and their process is replaced by one with a new client', async () => {
    const { results, history, journal } = await runTest(mute, { spec: { timeLimitSeconds: 12 } });
    const first = history.filter((op) => op.process === 0);
    expect(first.map((op) => [op.type, op.error])).toEqual([
      ['invoke', undefined],
      ['info', 'net-timeout'],
    ]);
    expect(((first[1]?.time ?? 0) - (first[0]?.time ?? 0)) / NANOS_PER_SECOND).toBeCloseTo(5, 9);
    expect(new Set(history.map((op) => op.process))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]));
    const clients = new Set<string>();
    for (let id = 0; id < journal.messageCount; id++) clients.add(journal.message(id).src);
    // Three for init, and one for each process.
    expect([...clients].filter((name) => name.startsWith('c'))).toHaveLength(12);
    expect(results['valid?']).toBe(false);
  });

  test('prove nothing, and the verdict says so', async () => {
    const { sentence } = await runTest(mute);
    expect(sentence).toMatch(/Not one of \d+ echo operations succeeded.*proved nothing/);
  });

  test('are followed by requests to the same node, under the next process number', async () => {
    const { journal, history } = await runTest(mute, { spec: { timeLimitSeconds: 12 } });
    const nodes = new Set<string>();
    const echoes = history.filter((op) => op.type === 'invoke' && Number(op.process) % 3 === 1);
    expect(echoes.map((op) => op.process)).toEqual([1, 4, 7]);
    for (let id = 6; id < journal.messageCount; id++) {
      const { src, dest } = journal.message(id);
      if (['c4', 'c7', 'c10'].includes(src)) nodes.add(dest);
    }
    expect([...nodes]).toEqual(['n2']);
  });

  test('may be answered late without harm: a warning', async () => {
    const late: NodeProgram = (outside) => (message) => {
      if (message.body['type'] === 'init') return outside.reply(message, { type: 'init_ok' });
      if (message.body['type'] !== 'read')
        return outside.reply(message, { type: `${String(message.body['type'])}_ok` });
      // A read has no effect, so its client continues after a timeout and receives the late reply.
      outside.after(5.5 * NANOS_PER_SECOND, () => outside.reply(message, { type: 'read_ok', messages: [] }));
    };
    const { results } = await runTest(late, { workload: broadcast });
    expect(kindsOf(results)).toEqual([]);
    expect(kindsOf(results, 'warnings')).toContain('late-answer');
  });
});

describe('the sentence about unsuccessful requests', () => {
  const refusing = (code: number, text: string) => answering(() => ({ type: 'error', code, text }));

  test('says that the nodes have no handler, and nothing about wrong echoes', async () => {
    const { sentence, results } = await runTest(refusing(10, 'n1 has no handler for "echo"'));
    const count = Number(part(results, 'stats')['count']);
    expect(sentence).toBe(
      `The nodes have no handler for \`echo\`: all ${count} requests ended in error 10 (not-supported), ` +
        `'n1 has no handler for "echo"'. The run proved nothing about echo.`,
    );
  });

  test.each([...WORKLOADS.values()].map((workload) => [workload.name, workload] as const))(
    'says so for each function of %s',
    async (_name, workload) => {
      const program = answering((type) =>
        type === 'topology' ? { type: 'topology_ok' } : { type: 'error', code: 10, text: 'no' },
      );
      const { sentence, results } = await runTest(program, { workload });
      const byF = Object.entries(part(results, 'stats')['by-f'] as JsonObject);
      const never = byF.flatMap(([f, counts]) => ((counts as JsonObject)['ok-count'] === 0 ? [f] : []));
      const judged = never.filter((f) => !NOT_JUDGED.has(f));
      expect(judged).not.toEqual([]);
      for (const f of judged) expect(sentence).toContain(`The nodes have no handler for \`${f}\``);
    },
  );

  test('names the error, the node that had it first, and its log', async () => {
    const { sentence, results } = await runTest(
      refusing(13, "TypeError: Cannot read properties of undefined (reading 'x7')"),
    );
    const count = Number(part(results, 'stats')['count']);
    expect(sentence).toMatch(
      new RegExp(
        `^Not one of ${count} echo operations succeeded, so the run proved nothing about them:\n` +
          String.raw`  ${count} echo: error 13 \(crash\), "TypeError: Cannot read .*", first on n\d; its log: /logs/n\d\.log$`,
      ),
    );
  });

  test('names timeouts by node', async () => {
    const { sentence } = await runTest(answering(() => undefined));
    expect(sentence).toMatch(
      /^Not one of 3 echo operations .*:\n  3 echo: no answer in time \(n1: 1, n2: 1, n3: 1\)\nThe nodes received `echo`, but sent the client nothing\. Does the handler [^\n]* undefined sends none\.$/,
    );
  });

  test('names timeouts if the availability was too low', async () => {
    let asked = 0;
    const forgetful = answering((_, body) =>
      ++asked % 11 === 0 ? undefined : { type: 'echo_ok', echo: body['echo'] ?? null },
    );
    const { sentence } = await runTest(forgetful, { spec: { availability: 1, timeLimitSeconds: 20 } });
    expect(sentence).toMatch(
      /^\d\d\.\d* % of the requests succeeded; all had to\. The others:\n  \d+ echo: no answer in time \((n\d: \d+(, )?)+\)$/,
    );
  });

  test('warns with a valid verdict if less than half succeeded', async () => {
    let asked = 0;
    const { results, sentence } = await runTest(
      answering((_, body) =>
        ++asked % 5 === 0
          ? { type: 'echo_ok', echo: body['echo'] ?? null }
          : { type: 'error', code: 13, text: `no leader in term ${asked}` },
      ),
    );
    const { count, 'ok-count': ok } = part(results, 'stats');
    expect(part(results, 'stats')['valid?']).toBe(true);
    const [, , errors, warning] = sentence.split('\n');
    expect(errors).toMatch(
      new RegExp(
        String.raw`^  ${Number(count) - Number(ok)} echo: error 13 \(crash\), "no leader in term 1", first on n\d; its log: `,
      ),
    );
    expect(warning).toBe(
      `Warning: only ${Number(ok)} of ${Number(count)} operations were carried out, so the run proved little.`,
    );
  });

  test('warns of a node that is silent while the others answer', async () => {
    const silent: NodeProgram = (outside) => {
      const program = echoing(outside);
      return (message) => {
        if (outside.name !== 'n2' || message.body['type'] === 'init') program(message);
      };
    };
    const { results, sentence } = await runTest(silent, { spec: { timeLimitSeconds: 60 } });
    expect(results['valid?']).toBe(true);
    expect(results['errors']).toMatchObject({ 'little-success': [{ of: 'node', name: 'n2', succeeded: 0 }] });
    expect(sentence).toMatch(
      /Warning: none of \d+ operations at n2 were carried out:\n  \d+ echo: no answer in time \(n2: \d+\)$/,
    );
  });

  /** Answers the first echo requests, and ignores later ones. */
  const fallingSilent =
    (name: string, answers: number): NodeProgram =>
    (outside) => {
      const program = echoing(outside);
      let asked = 0;
      return (message) => {
        if (message.body['type'] === 'init' || outside.name !== name || ++asked <= answers) program(message);
      };
    };

  test('warns of a node that stopped answering, also in a run that stays valid', async () => {
    const { results, sentence } = await runTest(fallingSilent('n2', 3), { spec: { timeLimitSeconds: 20 } });
    expect(results['valid?']).toBe(true);
    expect(results['errors']).toMatchObject({ silent: [{ node: 'n2' }], 'little-success': [] });
    expect(sentence).toMatch(
      /; nothing wrong was found\.\nThose that did not succeed:\n  \d+ echo: no answer in time \(n2: \d+\)\n/,
    );
    expect(sentence).toMatch(
      /\nWarning: n2 answered no request in time after 0\.\d s: its last \d+ timed out\.$/,
    );
  });

  test('asks whether nodes wait for each other if several stopped answering', async () => {
    const program: NodeProgram = (outside) =>
      fallingSilent(outside.name === 'n1' ? 'none' : outside.name, 3)(outside);
    const { sentence } = await runTest(program, { spec: { timeLimitSeconds: 20 } });
    expect(sentence).toMatch(
      /\nWarning: n3 answered .*\nIf no fault explains that: does a handler wait for an answer, and is nothing read from stdin meanwhile\?$/,
    );
  });

  test('warns neither of a node that answered again nor of a single unanswered request', async () => {
    let asked = 0;
    const forgetful = answering((_, body) =>
      ++asked % 11 === 0 ? undefined : { type: 'echo_ok', echo: body['echo'] ?? null },
    );
    const { results, sentence } = await runTest(forgetful, { spec: { timeLimitSeconds: 20 } });
    expect(results['errors']).toMatchObject({ silent: [] });
    expect(sentence).toMatch(/\n  \d+ echo: no answer in time \(n1: \d+, n2: \d+, n3: \d+\)$/);
  });

  test('shows oddities next to the counts of a valid run, and as errors with --strict', async () => {
    const program = (): NodeProgram => {
      const messages: number[] = [];
      return answering((type, body) => {
        if (type === 'broadcast') messages.push(body['message'] as number, body['message'] as number);
        return type === 'read' ? { type: 'read_ok', messages: [...messages] } : { type: `${type}_ok` };
      });
    };
    const spec = { nodes: ['n1'], concurrency: 1 };
    const { results, sentence } = await runTest(program(), { workload: broadcast, spec });
    expect(results['valid?']).toBe(true);
    expect(sentence).toMatch(
      /^Of \d+ operations .* nothing wrong was found\.\n(?:An element was|\d+ elements were) listed more than once in a read: .* That is allowed, but an error with --strict\.$/,
    );
    const strictly = await runTest(program(), { workload: broadcast, spec: { ...spec, strict: true } });
    expect(strictly.results['valid?']).toBe(false);
    expect(strictly.sentence).toMatch(
      /^(?:An element was|\d+ elements were) listed more than once in a read: .* A set has each element once\.$/,
    );
  });

  test('says once that nothing was proved if the operation that proves it never succeeded', async () => {
    const { sentence } = await runTest(
      answering((type) =>
        type === 'read'
          ? { type: 'read_ok', messages: [] }
          : type === 'topology'
            ? { type: 'topology_ok' }
            : { type: 'error', code: 10, text: 'no broadcast here' },
      ),
      { workload: broadcast },
    );
    expect(sentence).toMatch(
      /^The nodes have no handler for `broadcast`: all \d+ requests ended in error 10 .* The run proved nothing about broadcast\.$/,
    );
  });

  test('counts a reply such as a missing key as success', async () => {
    const { results, sentence } = await runTest(refusing(20, 'no such key'), { workload: linKv });
    expect(results['errors']).toMatchObject({ 'valid?': true, errors: [], 'little-success': [], silent: [] });
    expect(sentence).not.toContain('Warning');
  });
});

describe('nodes that break the protocol', () => {
  /** Each with its reply to an echo request, the kind of violation, and the text of the verdict. */
  const broken: readonly (readonly [kind: string, program: NodeProgram, words: RegExp])[] = [
    [
      'bad-reply',
      answering(() => ({ type: 'echo_ok' })),
      /n\d answered `echo` \(msg_id 1\) wrongly: `echo` is missing/,
    ],
    ['bad-reply', answering(() => ({ type: 'echo' })), /`type` is "echo"; expected "echo_ok"/],
    [
      'bad-reply',
      answering(() => ({ type: 'error', code: 'oops' })),
      /`code` is "oops"; expected an integer/,
    ],
    [
      'bad-in-reply-to',
      (outside) => (message) => {
        if (message.body['type'] === 'init') return outside.reply(message, { type: 'init_ok' });
        outside.send(message.src, { type: 'echo_ok', echo: message.body['echo'] ?? null, in_reply_to: '1' });
      },
      /whose `in_reply_to` is "1"; expected the request's `msg_id`, an integer \(it is a string: leave out the quotes\)/,
    ],
    [
      'not-json',
      (outside) => (message) => {
        outside.print('debug: got a message');
        echoing(outside)(message);
      },
      /Line 1 of n\d's stdout is not a message/,
    ],
    [
      'unknown-dest',
      (outside) => (message) => {
        outside.send('n99', { type: 'hello' });
        echoing(outside)(message);
      },
      /nothing with that name exists/,
    ],
  ];

  test.each(broken)('%s makes the run invalid, and the verdict shows it', async (kind, program, words) => {
    const { results, sentence } = await runTest(program);
    expect(results['valid?']).toBe(false);
    expect(kindsOf(results)).toContain(kind);
    expect(sentence).toMatch(words);
    expect(sentence).toMatch(/n\d's log: \/logs\/n\d\.log/);
  });

  test('get only a warning with --lenient', async () => {
    const chatty: NodeProgram = (outside) => (message) => {
      outside.print('debug: got a message');
      echoing(outside)(message);
    };
    const { results } = await runTest(chatty, { spec: { lenient: true } });
    expect(results['valid?']).toBe(true);
    expect(kindsOf(results)).toEqual([]);
    expect(new Set(kindsOf(results, 'warnings'))).toEqual(new Set(['not-json']));
  });

  test('take no memory for each of a million violations', async () => {
    const { results } = await runTest(
      answering(() => ({ type: 'nonsense' })),
      { spec: { rate: 2000 } },
    );
    const violations = part(results, 'protocol')['violations'] as JsonObject[];
    expect(violations).toHaveLength(3);
    expect(Number(violations[0]?.['count'])).toBeGreaterThan(1000);
  });
});

describe('nodes that do not start', () => {
  test('a missing reply to init ends the run after ten seconds with an explanation', async () => {
    const { results, sentence, endNanos } = await runTest(() => () => undefined);
    expect([results['valid?'], endNanos]).toEqual([false, 10 * NANOS_PER_SECOND]);
    expect(sentence).toMatch(
      /^n1 to n3, 3 times in all, such as:\nn1 did not answer `init` within 10 seconds\. Expected one line on its stdout: \{/,
    );
    expect(sentence).toContain("n1's log: /logs/n1.log");
  });

  test('a reply that stands within a field, as a variant of an enum, is explained', async () => {
    const { sentence } = await runTest(
      (outside) => () => outside.print('{"src":"n1","dest":"c0","body":{"InitOk":{"in_reply_to":1}}}'),
    );
    expect(sentence).toContain('It stands within `InitOk`: ');
    expect(sentence).toContain('#[serde(tag = "type", rename_all = "snake_case")]');
  });

  test('a reply to init without in_reply_to is named as the cause', async () => {
    const { sentence } = await runTest(
      (outside) => () => outside.print('{"src":"n1","dest":"c0","body":{"type":"init_ok"}}'),
      { spec: { nodes: ['n1'] } },
    );
    expect(sentence).toMatch(
      /^n1 did not answer `init` within 10 seconds\. .* It wrote instead: a message to a client without `in_reply_to`\.\n/,
    );
  });

  test('a reply to init that goes elsewhere is shown', async () => {
    const toPeer = '{"src":"n1","dest":"n2","body":{"type":"init_ok","in_reply_to":1}}';
    const { sentence } = await runTest((outside) => () => outside.print(toPeer), {
      spec: { nodes: ['n1', 'n2'] },
    });
    expect(sentence).toContain(
      ` Its first message went to n2: ${toPeer}. An answer goes to the \`src\` of its request, here c0.`,
    );
  });

  test('no reply to init but other lines: the advice points to those', async () => {
    const { sentence } = await runTest((outside) => () => outside.print('{"type": "init_ok"'));
    expect(sentence).toContain('It wrote instead: a line on stdout that is not JSON.');
    expect(sentence).not.toContain('Does it read its stdin');
    // The cause comes first.
    expect(sentence).toMatch(/^n1 to n3, 3 lines in all, such as:\nLine 1 of n1's stdout is not a message/);
  });

  test('problems of different kinds are kept apart, those of one kind are merged', async () => {
    const program: NodeProgram = (outside) => {
      const number = outside.name.slice(1);
      outside.exit(1, [`[${number}7:03] panic: ${outside.name === 'n2' ? 'disk full' : 'no peers'}`]);
      return () => undefined;
    };
    const { sentence } = await runTest(program);
    expect(sentence).toMatch(/^n1 and n3, 2 times in all, such as:\nn1 ended by itself [\s\S]* no peers\n/);
    expect(sentence).toMatch(/\nn2 ended by itself [\s\S]* disk full\n/);
  });

  test('an error in reply to init is shown', async () => {
    const refusing: NodeProgram = (outside) => (message) =>
      outside.reply(message, { type: 'error', code: 13, text: 'no disk' });
    const { results, sentence } = await runTest(refusing);
    expect(results['valid?']).toBe(false);
    expect(sentence).toContain('n1 did not accept `init`: no disk (error 13).');
  });

  test('only the type of `init_ok` counts, as in upstream; its other fields are warnings', async () => {
    for (const odd of [{ msg_id: 'm1' }, { msg_id: null }, { msg_id: 1.5 }, { node_id: 'n1' }]) {
      const { results } = await runTest((outside) => (message) => {
        if (message.body['type'] === 'init') outside.reply(message, { type: 'init_ok', ...odd });
        else echoing(outside)(message);
      });
      expect(results['valid?']).toBe(true);
      expect(results['protocol']).toMatchObject({ violations: [], warnings: [{ node: 'n1' }, {}, {}] });
    }
  });

  test('a reply to init without a newline is quoted, with the request for a newline', async () => {
    const { results, sentence } = await runTest((outside) => (message) => {
      outside.printUnfinished(`{"src":"${outside.name}","dest":"${message.src}","body":{"type":"init_ok"}}`);
    });
    expect(results['valid?']).toBe(false);
    expect(sentence).toMatch(/It wrote 50 bytes without a newline, which is not a complete line\./);
    expect(sentence).toMatch(/is unfinished: 50 bytes/);
  });

  test('a reply without a newline at the end of a run is a warning', async () => {
    const { results, sentence } = await runTest((outside) => (message) => {
      if (message.body['type'] === 'init') outside.reply(message, { type: 'init_ok' });
      else outside.printUnfinished(`{"src":"${outside.name}","dest":"${message.src}"}`);
    });
    expect(results['protocol']).toMatchObject({
      violations: [],
      warnings: [{ kind: 'line-left-open' }, {}, {}],
    });
    expect(sentence).toMatch(/Line 2 of n1's stdout is unfinished: 24 bytes without a newline/);
  });

  test('an exit at the start is explained with the last output, at once', async () => {
    const program: NodeProgram = (outside) => {
      outside.exit(1, ['Traceback', 'ImportError: no module named maelstrom']);
      return () => undefined;
    };
    const { results, sentence, endNanos } = await runTest(program);
    expect(results['valid?']).toBe(false);
    expect(endNanos).toBeLessThan(100 * NANOS_PER_MS);
    expect(sentence).toContain('n1 ended by itself after 0.0 s, with exit code 1');
    expect(sentence).toContain('  ImportError: no module named maelstrom');
  });

  test('a node that refuses the topology fails the set-up', async () => {
    const program = answering((type) =>
      type === 'topology' ? { type: 'error', code: 10, text: 'what?' } : undefined,
    );
    const { results, sentence } = await runTest(program, { workload: broadcast });
    expect(results['valid?']).toBe(false);
    expect(sentence).toContain('n1 answered `topology` with error 10');
  });
});

describe('a node that exits during the run', () => {
  test('makes it invalid, with its last output, while the others continue', async () => {
    let echoes = 0;
    const program: NodeProgram = (outside) => {
      const handle = echoing(outside);
      return (message) => {
        if (outside.name === 'n2' && ++echoes === 20) return outside.exit(3, ['panic: index out of range']);
        handle(message);
      };
    };
    const { results, sentence, history } = await runTest(program);
    expect(results['valid?']).toBe(false);
    expect(part(results, 'nodes')['problems']).toMatchObject([{ node: 'n2', kind: 'crashed', code: 3 }]);
    expect(sentence).toMatch(
      /^n2 ended by itself after [\d.]+ s, with exit code 3; .*\n {2}panic: index out of range/,
    );
    expect(history.filter((op) => op.type === 'ok').length).toBeGreaterThan(200);
  });
});

describe('an interruption', () => {
  test('skips to the analysis, with operations in flight in doubt', async () => {
    const slow: NodeProgram = (outside) => (message) =>
      outside.after(NANOS_PER_SECOND, () => echoing(outside)(message));
    const interruptAtNanos = 3.5 * NANOS_PER_SECOND;
    const { results, history, endNanos } = await runTest(slow, { interruptAtNanos });
    expect(endNanos).toBe(interruptAtNanos);
    const last = history.slice(-3);
    expect(last.map((op) => [op.type, op.error])).toEqual(
      Array.from({ length: 3 }, () => ['info', 'interrupted']),
    );
    expect(part(results, 'stats')).toMatchObject({ 'valid?': true, 'info-count': 3 });
  });

  test('during recovery skips the final reads', async () => {
    const interruptAtNanos = 7 * NANOS_PER_SECOND;
    const { history, endNanos } = await runTest(gossiping, { workload: broadcast, interruptAtNanos });
    expect(endNanos).toBe(interruptAtNanos);
    expect(history.some((op) => op.final === true)).toBe(false);
  });

  test('of a correct broadcast proves nothing: unspread elements may have been in flight', async () => {
    // A message takes two seconds between nodes, so reads miss acknowledged messages.
    const slow = { latency: { distribution: 'constant', meanMs: 2000 }, rate: 40 } as const;
    const interruptAtNanos = 3 * NANOS_PER_SECOND;
    const cut = await runTest(gossiping, { workload: broadcast, spec: slow, interruptAtNanos });
    expect(Number(part(cut.results, 'workload')['lost-count'])).toBeGreaterThan(0);
    expect(cut.results).toMatchObject({
      'valid?': 'unknown',
      workload: { 'valid?': 'unknown' },
      interrupted: { 'valid?': true, by: 'SIGINT', phase: 'main' },
    });
    // Times count from the first operations; the nodes had been started before.
    const { time } = part(cut.results, 'interrupted');
    expect(Number(time) / NANOS_PER_SECOND).toBeCloseTo(3, 2);
    expect(cut.sentence).toContain(
      'The run was cut short by SIGINT after 3.0 s, in its phase main. Effects that had not spread by then prove nothing.',
    );
    expect(cut.sentence).not.toContain('lost');
  });

  test.each([
    ['main', 3],
    ['final reads', 16.1],
  ] as const)(
    'of correct logs in the phase %s proves nothing: clients poll everything at the end',
    async (phase, seconds) => {
      const logs: NodeProgram = (outside) => {
        const log = new Map<string, Json[]>();
        const answers: Record<string, (body: JsonObject) => JsonObject> = {
          send: ({ key, msg }) => {
            const messages = log.get(String(key)) ?? [];
            log.set(String(key), [...messages, msg ?? null]);
            return { offset: messages.length };
          },
          // One message at a time, so that polls lag behind.
          poll: ({ offsets }) => ({
            msgs: Object.fromEntries(
              Object.entries(Object(offsets)).map(([key, from]) => {
                const at = Number(from);
                return [key, (log.get(key) ?? []).slice(at, at + 1).map((message) => [at, message])];
              }),
            ),
          }),
          list_committed_offsets: () => ({ offsets: {} }),
        };
        return (message) => {
          const type = String(message.body['type']);
          outside.reply(message, { ...answers[type]?.(message.body), type: `${type}_ok` });
        };
      };
      const cut = await runTest(logs, {
        workload: kafka,
        spec: { nodes: ['n1'], rate: 100, timeLimitSeconds: 6 },
        interruptAtNanos: seconds * NANOS_PER_SECOND,
      });
      expect(cut.results).toMatchObject({ 'valid?': 'unknown', interrupted: { phase } });
      expect(part(cut.results, 'workload')).toMatchObject({
        'valid?': 'unknown',
        'bad-error-types': ['unseen'],
      });
      expect(cut.sentence).not.toContain('unseen');
    },
  );

  test('still finds elements of a set that no client added', async () => {
    const inventing: NodeProgram = (outside) => (message) => {
      if (message.body['type'] === 'read') outside.reply(message, { type: 'read_ok', messages: [-1] });
      else outside.reply(message, { type: `${String(message.body['type'])}_ok` });
    };
    const { results } = await runTest(inventing, {
      workload: broadcast,
      spec: { rate: 40 },
      interruptAtNanos: 3 * NANOS_PER_SECOND,
    });
    expect(part(results, 'workload')).toMatchObject({ 'valid?': false, 'phantom-count': 1 });
  });

  test('blames nothing on requests in flight: a first request, and the availability', async () => {
    const slow: NodeProgram = (outside) => (message) =>
      outside.after(NANOS_PER_SECOND, () => echoing(outside)(message));
    const early = await runTest(slow, {
      spec: { availability: 1 },
      interruptAtNanos: 1.5 * NANOS_PER_SECOND,
    });
    expect(part(early.results, 'stats')).toMatchObject({ 'valid?': 'unknown', 'ok-count': 0 });
    const later = await runTest(slow, {
      spec: { availability: 1 },
      interruptAtNanos: 3.5 * NANOS_PER_SECOND,
    });
    expect(part(later.results, 'availability')['valid?']).toBe('unknown');
  });

  test('while progress was required is not a lack of it', async () => {
    const mute: NodeProgram = (outside) => (message) => {
      if (message.body['type'] === 'init') outside.reply(message, { type: 'init_ok' });
    };
    const spec = { timeLimitSeconds: 1, livenessSeconds: 10 };
    const early = await runTest(mute, { spec, interruptAtNanos: 9 * NANOS_PER_SECOND });
    expect(part(early.results, 'interrupted')['phase']).toBe('liveness');
    expect(early.results.liveness).toBeUndefined();
    const whole = await runTest(mute, { spec });
    expect(whole.results.liveness).toMatchObject({ 'valid?': false, stuck: ['echo'], 'first-success': null });
  });

  test('before the first request leaves it unknown', async () => {
    const { results, sentence } = await runTest(() => () => undefined, {
      interruptAtNanos: NANOS_PER_SECOND,
    });
    expect(results['valid?']).toBe('unknown');
    expect(sentence).toContain('Not one operation was carried out, so the run proved nothing.');
  });
});

test('a checker that throws leaves its part unknown, and the rest unaffected', async () => {
  const failing: Workload = {
    ...echo,
    prepare: (options) => ({
      ...echo.prepare(options),
      checker: () => ({
        observe(op) {
          if (op.index === 10) throw new Error('a slip of ours');
        },
        result: () => ({ 'valid?': true }),
      }),
    }),
  };
  const { results, sentence } = await runTest(echoing, { workload: failing });
  expect(results['valid?']).toBe('unknown');
  expect(part(results, 'workload')['error']).toContain(
    'the checker failed at operation 10: Error: a slip of ours',
  );
  expect(sentence).toContain('The checker of echo gave no verdict: the checker failed at operation 10');
});

test('an unknown nemesis is refused before anything starts', async () => {
  await expect(runTest(echoing, { spec: { nemesis: ['earthquake'] } })).rejects.toThrow(
    'unknown fault "earthquake"',
  );
});
