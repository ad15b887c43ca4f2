/**
 * Workloads, faults, services and topologies from the user's files: the examples of docs/your-own.md, the errors for files that
 * cannot be used, what they throw, and runs whose files have changed or moved.
 */
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  defineService,
  defineWorkload,
  onOps,
  repeatedly,
  runTest,
  type Generator,
  type RunTestOptions,
} from 'maelstrom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../src/cli/cli.ts';
import { hasPrimary } from '../src/cli/hunt/read-hunt-plan.ts';
import { Console } from '../src/cli/show/console.ts';
import { readTestSpec } from '../src/cli/test-command/read-test-spec.ts';
import { specWords } from '../src/cli/test-command/spec-words.ts';
import { TEST_COMMAND, type TestWords } from '../src/cli/test-command/test-command.ts';
import { readWords } from '../src/cli/words/read-words.ts';
import { loadParts, loadWorkload } from '../src/harness/own/load-own.ts';
import { readFaultWords } from '../src/harness/own/own-file-words.ts';
import { openSimulator } from '../src/harness/simulations/simulator.ts';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import { SHORTER_YIELD_LIMIT } from '../src/harness/simulations/yield-limit.ts';
import { openScenario, scenarioOfRun } from '../src/harness/stored/stored-scenario.ts';
import type { HuntPlan } from '../src/hunt/plan/hunt-plan.ts';
import { JobRunner } from '../src/hunt/job.ts';
import { planRun } from '../src/hunt/plan/plan-run.ts';
import type { Json, JsonObject } from '../src/protocol/json.ts';
import type { TestSpec } from '../src/run/test-spec.ts';
import { scenarioText } from '../src/scenario/scenario.ts';
import type { Coursed } from '../src/shrink/course-edits.ts';
import { lookAt, trialOf } from '../src/shrink/one-trial.ts';
import { shrink } from '../src/shrink/shrink.ts';
import { openRun } from '../src/store/open-run.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { Random } from '../src/world/random.ts';

const own = fileURLToPath(new URL('../examples/own/', import.meta.url));
const examples = fileURLToPath(new URL('../examples/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-yours-'));
const store = join(folder, 'store');
afterAll(() => rmSync(folder, { recursive: true }));

const SETTINGS: Partial<RunTestOptions> = {
  world: 'simulated',
  store,
  report: false,
  seed: '1',
  rate: 20,
  timeLimitSeconds: 10,
  latency: { distribution: 'constant', meanMs: 10 },
};

const LOCK = { ...SETTINGS, workload: `${own}lock.ts`, bin: `${own}lock-node.ts` };
const BROKEN_LOCK = { ...LOCK, bin: `${own}broken/lock-node.ts`, timeLimitSeconds: 20 };

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Writes a workload with one operation, with parts of it replaced. */
const workload = (name: string, parts: { next?: string; result?: string; checker?: string } = {}): string =>
  written(
    name,
    `import { defineWorkload, linearizable, onOps } from 'maelstrom';
void linearizable;
export default defineWorkload({
  operations: { acquire: { reply: { token: 1 }, result: ${parts.result ?? '({ token }) => token'} } },
  next: ${parts.next ?? "() => ({ f: 'acquire' })"},
  checker: ${parts.checker ?? 'onOps(() => [])'},
});
`,
  );

describe('the workloads of examples/own', () => {
  test('a lock with fencing tokens has at most 40 lines, accepts the correct node and names the write of the broken one', async () => {
    expect(readFileSync(`${own}lock.ts`, 'utf8').split('\n').length).toBeLessThanOrEqual(40);
    const right = await runTest({
      ...LOCK,
      nemesis: ['partition', `${own}slow-answers.ts`, `${own}rolling-restart.ts`],
      nemesisIntervalSeconds: 2,
    });
    expect(right.results['valid?']).toBe(true);
    const begun = [...openRun(right.folder).history().ops].filter(({ process }) => process === 'nemesis');
    expect(new Set(begun.map(({ f }) => f))).toEqual(
      new Set([
        'start-partition',
        'stop-partition',
        'start-slow-answers',
        'stop-slow-answers',
        'start-rolling-restart',
        'stop-rolling-restart',
      ]),
    );
    const { results, sentence } = await runTest(BROKEN_LOCK);
    expect(results['valid?']).toBe(false);
    expect(sentence).toMatch(
      /^Operation \d+, write \d+ by process \d+ on n\d, cannot have happened: after write \d+ .* the state could have been \{"granted"/,
    );
  });

  test('a bounded queue accepts the correct node and not one that overwrites', async () => {
    const queue = { ...SETTINGS, workload: `${own}queue.ts`, rate: 50, timeLimitSeconds: 4 };
    expect((await runTest({ ...queue, bin: `${own}queue-node.ts` })).results['valid?']).toBe(true);
    const { results } = await runTest({ ...queue, bin: `${own}broken/queue-node.ts` });
    expect(results.workload?.['valid?']).toBe(false);
  });

  test('a leader lease accepts the node that counts, and not the one that uses the time of day', async () => {
    const lease = {
      ...SETTINGS,
      workload: `${own}lease.ts`,
      nemesis: ['skew'],
      nemesisIntervalSeconds: 2,
      seed: '3',
      rate: 40,
      timeLimitSeconds: 12,
      latency: { distribution: 'constant', meanMs: 5 },
    } as const;
    expect((await runTest({ ...lease, bin: `${own}lease-node.ts` })).results['valid?']).toBe(true);
    const { results, sentence } = await runTest({ ...lease, bin: `${own}broken/lease-node.ts` });
    expect(results.workload?.['valid?']).toBe(false);
    expect(sentence).toMatch(
      /^n\d acted in term \d+ after n\d had acted in term \d+ \(operations \d+, \d+\)\./,
    );
  });

  test('give the same bytes for the same seed, in one process and in the next run of it', async () => {
    const file = workload('counts.ts', {
      next: '((n) => () => ({ f: "acquire", value: n++ }))(0)',
    });
    const settings = { ...LOCK, workload: file, timeLimitSeconds: 2 };
    const [one, other] = [await runTest(settings), await runTest(settings)];
    expect(one.digest).toBeDefined();
    expect(other.digest).toBe(one.digest);
  });
});

describe('a custom topology', () => {
  const broadcast = {
    ...SETTINGS,
    workload: 'broadcast',
    bin: `${examples}broadcast.ts`,
    timeLimitSeconds: 2,
  };

  test('is offered to the nodes, as JSON and as a function of them', async () => {
    const star = await runTest({ ...broadcast, topology: `${own}star.json`, logNetSend: true });
    expect(star.results['valid?']).toBe(true);
    const log = readFileSync(join(star.folder, 'jepsen.log'), 'utf8');
    expect(log).toContain('{"n1":["n2","n3","n4","n5"],"n2":["n1"],"n3":["n1"],"n4":["n1"],"n5":["n1"]}');
    const ring = await runTest({
      ...broadcast,
      topology: `${own}ring.ts`,
      nodes: ['a', 'b', 'c'],
      logNetSend: true,
    });
    expect(readFileSync(join(ring.folder, 'jepsen.log'), 'utf8')).toContain(
      '{"a":["c","b"],"b":["a","c"],"c":["b","a"]}',
    );
  });

  test.each([
    ['{"n1": ["n2"]}', /has nothing for n2; expected a list of its neighbours/],
    ['{"n1": ["n7"]}', /among the neighbours of n1 is "n7", which is not a node of this test/],
    ['{"n1": ["n1"]}', /n1 is its own neighbour/],
    ['{"x": []}', /names "x", which is not a node of this test/],
    ['[', /is not JSON/],
    ['7', /is 7; expected a map/],
  ])('is refused if it is %s', async (text, message) => {
    await expect(runTest({ ...broadcast, topology: written('map.json', text) })).rejects.toThrow(message);
  });
});

test('a topology that is a Map is refused with advice to use an object', async () => {
  const topology = written(
    'a-map.ts',
    'export default (nodes: string[]) => new Map(nodes.map((n) => [n, []]));',
  );
  await expect(
    runTest({ ...SETTINGS, workload: 'broadcast', bin: `${examples}broadcast.ts`, topology }),
  ).rejects.toThrow(/a-map\.ts is a Map; expected an object/);
});

describe('a custom service', () => {
  test('answers under the name of its file', async () => {
    const { results } = await runTest({
      ...SETTINGS,
      workload: 'unique-ids',
      bin: `${own}ids-in-blocks.ts`,
      services: [`${own}id-blocks.ts`],
      timeLimitSeconds: 3,
    });
    expect(results['valid?']).toBe(true);
    expect(results.stats?.['ok-count']).toBeGreaterThan(40);
  });

  const readsAndAdds = {
    init: 0,
    step: (state: Json, { type }: JsonObject): [Json, JsonObject] =>
      type === 'add' ? [Number(state) + 1, {}] : [state, { value: state }],
  };
  const machine = (definition: Parameters<typeof defineService>[0]) => {
    const started = defineService(definition).started('mine', {
      random: Random.fromSeed('1'),
      onThrown: (_, error) => {
        throw error as Error;
      },
    });
    return (type: string, client: string): number => {
      const answer = started.handle(type, {}, client);
      return answer.kind === 'ok' ? Number(answer.fields['value']) : NaN;
    };
  };

  test('that is sequential shows old states, and never goes back for a client', () => {
    const ask = machine({ ...readsAndAdds, consistency: 'sequential' });
    const seen: number[] = [];
    for (let n = 0; n < 100; n++) {
      ask('add', 'n1');
      seen.push(ask('read', 'n2'));
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.some((value, at) => value < at + 1)).toBe(true);
    expect(ask('read', 'n1')).toBe(100);
  });

  test('that is eventual shows what has reached a replica, and everything in the end', () => {
    const ask = machine({
      ...readsAndAdds,
      consistency: 'eventual',
      merge: (a, b) => Math.max(Number(a), Number(b)),
    });
    ask('add', 'n1');
    const seen = Array.from({ length: 200 }, () => ask('read', 'n2'));
    expect(seen.slice(0, 10)).toContain(0);
    expect(new Set(seen.slice(-50))).toEqual(new Set([1]));
  });

  test.each([
    ['a reply', [0, { value: () => 1 }], 'step, as `value` of its reply to read, returned a function'],
    ['a reply', [0, { value: { at: [1n] } }], 'returned a value whose at[0] is a BigInt'],
    ['a state', [{ seen: new Map() }, {}], 'step returned a state with a Map in it for read'],
    ['a state', [{ seen: 1n }, {}], 'step returned a state with a BigInt in it for read'],
  ])('whose step returns %s that JSON cannot hold is refused', (_, returned, said) => {
    expect(() => machine({ init: 0, step: () => returned as never })('read', 'n1')).toThrow(said);
  });

  test.each([
    [{ init: 0 }, /step is missing; expected a function/],
    [{ step: () => [] }, /init is missing/],
    [
      { init: 0, step: () => [], consistency: 'strong' },
      /consistency is "strong"; expected one of linearizable/,
    ],
    [{ init: 0, step: () => [], consistency: 'eventual' }, /merge is missing/],
    [{ init: 0, stepp: () => [] }, /no field "stepp". Did you mean step\?/],
  ])('is refused as %j', (definition, message) => {
    expect(() => defineService(definition as never)).toThrow(message);
  });
});

describe('a file that cannot be used is refused before anything runs:', () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    [
      'one without a default',
      'export const x = 1;',
      /has nothing as its default export; expected a workload/,
    ],
    [
      'one that is a fault',
      "import { defineFault } from 'maelstrom'; export default defineFault({ message: () => 'pass' });",
      /has a fault as its default export; expected a workload/,
    ],
    [
      'one that throws',
      'const a = undefined as unknown as { b: number }; export default a.b;',
      /could not be loaded: TypeError: .* \(case\.ts:1:\d+\)/,
    ],
    ['one that does not compile', 'export default {{', /^The workload does not compile[^]*case\.ts:1:17/],
    [
      'one with a misspelt import',
      "import { defineWorklaod } from 'maelstrom'; export default defineWorklaod({});",
      /exports no defineWorklaod. Did you mean defineWorkload\?/,
    ],
    [
      'one with a misspelt field',
      "import { defineWorkload } from 'maelstrom'; export default defineWorkload({ operatoins: {} } as never);",
      /has a field "operatoins". Did you mean operations\?/,
    ],
    [
      'one whose checker is none',
      "import { defineWorkload } from 'maelstrom'; export default defineWorkload({ operations: { a: {} }, next: () => ({ f: 'a' }), checker: 7 as never });",
      /checker is 7; expected onOps/,
    ],
    [
      'one whose example is none',
      "import { defineWorkload, onOps } from 'maelstrom'; export default defineWorkload({ operations: { a: { reply: { x: () => 1 } as never } }, next: () => ({ f: 'a' }), checker: onOps(() => []) });",
      /operations\.a\.reply\.x is a function, which is not an example of a JSON value/,
    ],
  ];
  test.each(refused)('%s', async (_, text, message) => {
    const path = written('case.ts', text);
    await expect(runTest({ ...LOCK, workload: path })).rejects.toThrow(message);
  });

  test('a missing file, one with a built-in name, or one named twice', async () => {
    await expect(runTest({ ...LOCK, workload: join(folder, 'nothing.ts') })).rejects.toThrow(
      /^The workload .*nothing\.ts does not exist or is not a file/,
    );
    await expect(runTest({ ...LOCK, workload: './broadcast.ts' })).rejects.toThrow(
      /gives its workload the name broadcast, which is taken by a built-in workload/,
    );
    await expect(runTest({ ...LOCK, workload: './latest.ts' })).rejects.toThrow(
      /taken by a folder or link of the store/,
    );
    await expect(runTest({ ...LOCK, nemesis: ['./a/x.ts', './b/x.ts'] })).rejects.toThrow(
      /names two files with the name x/,
    );
    await expect(runTest({ ...LOCK, services: ['./lin-kv.ts'] })).rejects.toThrow(
      /the name lin-kv, which is taken/,
    );
    await expect(runTest({ ...LOCK, nemesis: [`${own}lock.ts`] })).rejects.toThrow(
      /has a workload as its default export; expected a fault/,
    );
  });
});

/** A generator of clients' operations that is wrong from the third on. */
const late = (wrong: string): string => `({ count }) => (count < 2 ? { f: 'acquire' } : ${wrong}) as never`;

test('a workload whose clients never get an operation says so', async () => {
  const { sentence } = await runTest({
    ...LOCK,
    workload: workload('idle.ts', { next: '({ count }) => void count as undefined' }),
  });
  expect(sentence).toContain(
    'Not one operation was carried out, so the run proved nothing. No client was given one: `next` returned undefined each time, or the `generator` ended at once.',
  );
});

describe("an exception of a user's file during a run ends it with its text, and is not a verdict about the nodes:", () => {
  const thrown: readonly (readonly [string, () => Partial<RunTestOptions>, RegExp])[] = [
    [
      'what clients do next',
      () => ({
        workload: workload('t1.ts', {
          next: '({ count }) => { if (count === 9) throw new Error("tired"); return { f: "acquire" }; }',
        }),
      }),
      /^One of your own files failed: t1: what clients do next threw Error: tired \(t1\.ts:5:\d+\)/,
    ],
    [
      'a client',
      () => ({ workload: workload('t2.ts', { result: '(reply) => reply.x.y' }) }),
      /^One of your own files failed: t2: a client threw TypeError: .* \(t2\.ts:4:\d+\)/,
    ],
    [
      'an operation that does not exist',
      () => ({ workload: workload('t3.ts', { next: "() => ({ f: 'aquire' }) as never" }) }),
      /no operation "aquire" in this workload. Did you mean acquire\?/,
    ],
    [
      'a fault',
      () => ({
        nemesis: [
          written(
            't4.ts',
            "import { defineFault } from 'maelstrom'; export default defineFault({ begin({ kill }) { kill('n77'); } });",
          ),
        ],
        nemesisIntervalSeconds: 1,
      }),
      /t4: begin threw TypeError: there is no node "n77"/,
    ],
    ...(
      [
        ['p1', 'begin: async () => {}', 'p1: begin: `begin` returned a promise.* \\(p1\\.ts:1:\\d+\\)'],
        ['p2', 'begin: () => async () => {}', 'what undoes `begin` returned a promise'],
        ['p3', 'begin: () => 7', '`begin` returned 7; expected nothing, or a function that undoes'],
        ['p4', "message: async () => 'drop'", '`message` returned a promise'],
      ] as const
    ).map(
      ([name, part, said]) =>
        [
          `a fault of ${part}`,
          () => ({
            nemesis: [
              written(
                `${name}.ts`,
                `import { defineFault } from 'maelstrom'; export default defineFault({ ${part} } as never);`,
              ),
            ],
            nemesisIntervalSeconds: 1,
          }),
          new RegExp(said),
        ] as const,
    ),
    ...(
      [
        ['q1', { next: late("(async () => ({ f: 'acquire' }))()") }, '`next` returned a promise'],
        ['q2', { next: late('{}') }, '`next` returned an object whose f is missing.* \\(q2\\.ts:5:\\d+\\)'],
        [
          'q7',
          { next: late("{ f: 'acquire', value: new Map() }") },
          'returned a Map, which JSON writes as {}',
        ],
        [
          'q8',
          { next: late("{ f: 'acquire', value: { n: [1, 2n] } }") },
          'a value whose n\\[1\\] is a BigInt',
        ],
        [
          'q9',
          { next: late("((o) => ({ f: 'acquire', value: (o.o = o) }))({} as { o: unknown })") },
          'a value whose o is an object that contains itself',
        ],
        [
          'qa',
          { next: late('process.exit(0)') },
          'process.exit would end Maelstrom itself.* \\(qa\\.ts:5:\\d+\\)',
        ],
        [
          'qb',
          { next: late("(void Promise.reject(new Error('unheard')), { f: 'acquire' })") },
          'a promise that nothing awaits threw Error: unheard \\(qb\\.ts:5:\\d+\\)',
        ],
        ['q3', { next: late('7') }, '`next` returned 7; expected { f:'],
        ['q4', { result: '(async () => 1) as never' }, '`result` of acquire returned a promise'],
        ['q5', { result: '(() => 1n) as never' }, '`result` of acquire returned a BigInt'],
        [
          'q6',
          {
            next: `undefined, generator: ((n) => {
              const own = {
                next: (c) =>
                  c.nextProcess() === undefined
                    ? { kind: 'pending', untilNanos: Infinity, rest: own }
                    : {
                        kind: 'op',
                        op: { f: 'acquire', value: null, process: c.nextProcess(), timeNanos: c.timeNanos },
                        rest: n++ < 2 ? own : 7,
                      },
                update: () => own,
              };
              return own;
            })(0) as never`,
          },
          'the rest of a generator is 7; expected a generator',
        ],
      ] as const
    ).map(
      ([name, parts, said]) =>
        [
          `a workload of ${Object.values(parts).join().slice(0, 40)}`,
          () => ({ workload: workload(`${name}.ts`, parts) }),
          new RegExp(said),
        ] as const,
    ),
    [
      'what a fault does to messages',
      () => ({
        nemesis: [
          written(
            't5.ts',
            "import { defineFault } from 'maelstrom'; export default defineFault({ message: () => 'drp' as never });",
          ),
        ],
        nemesisIntervalSeconds: 1,
      }),
      /t5: message: `message` returned "drp"; expected 'pass', 'drop'.* \(t5\.ts:1:\d+\)/,
    ],
    [
      'a service that changes its state',
      () => ({
        workload: 'unique-ids',
        bin: `${own}ids-in-blocks.ts`,
        services: [
          written(
            'id-blocks.ts',
            "import { defineService } from 'maelstrom'; export default defineService({ init: { next: 0 }, step(state) { (state as { next: number }).next += 1; return [state, { from: 0 }]; } });",
          ),
        ],
      }),
      /id-blocks: step threw TypeError: Cannot assign to read only property/,
    ],
  ];
  test.each(thrown)('%s', async (_, settings, message) => {
    const { results, sentence, folder: run } = await runTest({ ...LOCK, timeLimitSeconds: 5, ...settings() });
    expect(sentence).toMatch(message);
    expect(results['valid?']).toBe('unknown');
    expect([...openRun(run).history().ops].length).toBeGreaterThan(0);
  });

  test.each([
    [
      'onOps((ops) => (ops[0] as never as { x: { y: [] } }).x.y)',
      /^One of your own files failed: t6: the checker failed: TypeError: .* \(t6\.ts:6:\d+\)\. So there is no verdict\./,
    ],
    [
      'onOps(() => 77 as never)',
      /the function of onOps returned 77; expected a list of findings.* \(t6\.ts:6:\d+\)/,
    ],
    ['onOps((async () => []) as never)', /the function of onOps returned a promise/],
    [
      'linearizable({ init: 0, step: async () => 0 } as never)',
      /`step` of linearizable returned a promise, which is not awaited/,
    ],
    [
      '{ checker: () => ({ observe() {}, result: () => ({ valid: true }) }) } as never',
      /`result` of the checker returned an object whose 'valid\?' is missing/,
    ],
    ['onOps(() => [{ text: 7 as never }])', /is an object with text 7/],
    [
      '{ checker: () => undefined } as never',
      /`checker` returned nothing; expected an object with the functions observe\(op\) and result\(\) \(t6\.ts:6:\d+\)/,
    ],
    [
      '{ checker: () => ({ result: () => ({ "valid?": true }) }) } as never',
      /an object without the function `observe`/,
    ],
    [
      '{ checker: () => ({ observe(op) { if (op.index === 3) throw new Error("third"); }, result: () => ({ "valid?": true }) }) } as never',
      /Error: third \(t6\.ts:6:\d+\), at the entry of the history with index 3\. So there is no verdict/,
    ],
    [
      '{ checker: () => ({ observe() {}, result: () => ({ "valid?": false }) }), explain() { throw new Error("mute"); } } as never',
      /explain of t6\.ts threw: Error: mute \(t6\.ts:6:\d+\)/,
    ],
  ])('a checker: %s', async (checker, message) => {
    const { sentence } = await runTest({
      ...LOCK,
      workload: workload('t6.ts', { checker }),
      timeLimitSeconds: 2,
    });
    expect(sentence).toMatch(message);
  });
});

describe('a stored run', () => {
  const moved = join(folder, 'lock.ts');
  const check = async (...words: readonly string[]): Promise<string> => {
    let text = '';
    const console = new Console({ write: (more: string) => void (text += more) }, {});
    const session = { console, errors: console, async *stdin() {}, env: {}, program: 'maelstrom' };
    await runCli(['check', ...words], session).catch((error: Error) => (text += error.message));
    return text;
  };

  test('is checked again by its file, which may have changed, or moved', async () => {
    copyFileSync(`${own}lock.ts`, moved);
    const { folder: run, sentence } = await runTest({ ...BROKEN_LOCK, workload: moved });
    const file = openRun(run).test.spec.workloadFile;
    expect(file).toMatchObject({
      name: 'lock',
      path: moved,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });

    const [first = ''] = sentence.split('\n');
    const same = await check(run);
    expect(same).toContain(first);
    expect(same).not.toContain('has changed since');
    writeFileSync(moved, `${readFileSync(moved, 'utf8')}// changed\n`);
    expect(await check(run)).toContain('has changed since the run');
    renameSync(moved, join(folder, 'elsewhere.ts'));
    expect(await check(run)).toMatch(/has the workload lock, whose file .*lock\.ts no longer exists/);
    expect(await check(run, '--workload', join(folder, 'elsewhere.ts'))).toContain(first);
    expect(await check(run, '--workload', 'lock')).toContain('must be the file of your own workload');
    copyFileSync(`${own}lock.ts`, moved);
  });

  test('becomes a scenario with paths from its folder, which reports that a file has changed', async () => {
    copyFileSync(`${own}lock.ts`, moved);
    const slow = join(folder, 'slow-answers.ts');
    copyFileSync(`${own}slow-answers.ts`, slow);
    const { folder: run } = await runTest({
      ...BROKEN_LOCK,
      workload: moved,
      nemesis: [slow],
      nemesisIntervalSeconds: 3,
    });
    const path = join(folder, 'scenario.json');
    const { scenario, isExact } = await scenarioOfRun(run, path);
    expect(isExact).toBe(true);
    expect(scenario.settings.workloadFile?.path).toBe('lock.ts');
    expect(scenario.expect?.signature).toEqual(['not linearizable']);
    const text = scenarioText(scenario);
    const opened = await openScenario(path, text, {});
    expect(opened.spec.workloadFile?.path).toBe(moved);
    expect(opened.spec.faultFiles?.map((file) => file.path)).toEqual([slow]);
    expect(opened.remarks).toEqual([]);
    writeFileSync(slow, `${readFileSync(slow, 'utf8')}// changed\n`);
    expect((await openScenario(path, text, {})).remarks).toEqual([
      expect.stringMatching(/slow-answers\.ts has changed since the scenario was created/),
    ]);
  });
});

describe('a custom fault in a fault script', () => {
  const cut = (): string =>
    written(
      'cut-off.ts',
      `import { defineFault } from 'maelstrom';
       export default defineFault({ message: ({ src }, { hits }) => (hits(src) ? 'drop' : 'pass') });`,
    );
  const idle = (): string =>
    written(
      'idle.ts',
      "import { defineFault } from 'maelstrom'; export default defineFault({ begin() {} });",
    );
  const cutOff = { at: 0.5, fault: 'cut-off', target: ['n1'], for: 1 } as const;
  const settings = (): RunTestOptions => ({
    ...SETTINGS,
    workload: 'broadcast',
    bin: `${examples}broken/trusts-delivery.ts`,
    nodes: ['n1', 'n2', 'n3'],
    rate: 10,
    timeLimitSeconds: 2,
    recoverySeconds: 1,
    nemesis: [cut(), idle()],
    faultScript: [
      cutOff,
      { at: 1, fault: 'pause', target: ['n3'], for: 0.5 },
      { at: 1.2, fault: 'idle', target: 'one' },
    ],
  });
  const nemesisOf = (run: string): readonly Json[] =>
    [...openRun(run).history().ops]
      .filter(({ process }) => process === 'nemesis')
      .map(({ f, value }) => [f, value]);

  test('begins and ends as the script says, replays exactly, and is shrunk to what the failure needs', async () => {
    const { folder: run, results, digest } = await runTest(settings());
    expect(results['valid?']).toBe(false);
    const ops = [...openRun(run).history().ops].filter(({ process }) => process === 'nemesis');
    const timesOf = (name: string): readonly number[] =>
      ops.flatMap(({ f, time }, at) => (f === name && at % 2 === 0 ? [time / 1e9] : []));
    expect([timesOf('start-cut-off'), timesOf('stop-cut-off')]).toEqual([[0.5], [1.5]]);
    expect(nemesisOf(run)).toContainEqual(['start-cut-off', ['cut-off', ['n1']]]);
    const path = join(folder, 'scripted.json');
    const { scenario, spec, isExact } = await scenarioOfRun(run, path);
    expect(isExact).toBe(true);
    const text = scenarioText(scenario);
    const opened = await openScenario(path, text, {});
    expect(opened.spec.faultFiles?.map(({ name }) => name)).toEqual(['cut-off', 'idle']);
    expect(opened.remarks).toEqual([]);
    const again = await runTest({
      ...settings(),
      faultScript: opened.spec.faultScript ?? [],
      ...(opened.spec.course === undefined ? {} : { course: opened.spec.course }),
    });
    expect(again.digest).toBe(digest);
    const edited = text.replace('"fault":"cut-off"', '"fault":"cutoff"');
    expect(edited).not.toBe(text);
    await expect(openScenario(path, edited, {})).rejects.toThrow(
      /entry 1 has `fault` "cutoff"; expected one of partition, .*, cut-off, idle\. Did you mean cut-off\?/,
    );

    const signature = scenario.expect?.signature ?? [];
    const simulator = openSimulator();
    const { bin } = await bundleNode(spec.bin, 'simulated', folder);
    const small = await shrink({ ...spec, bin } as Coursed, {
      signature,
      runner: {
        width: 1,
        run: async (one) => trialOf(await simulator.run(one, await loadWorkload(one), one.seed)),
        look: lookAt,
      },
    });
    simulator.close();
    expect(small?.spec.nemesis).toEqual(['cut-off']);
    expect(small?.spec.faultFiles?.map(({ name }) => name)).toEqual(['cut-off']);
  });

  test('works in the real world as well', async () => {
    const { folder: run } = await runTest({
      ...settings(),
      world: 'real',
      workload: 'echo',
      bin: `${examples}echo.ts`,
      timeLimitSeconds: 1,
      faultScript: [{ ...cutOff, at: 0.1, for: 0.2 }],
    });
    expect(nemesisOf(run)).toEqual([
      ['start-cut-off', ['n1']],
      ['start-cut-off', ['cut-off', ['n1']]],
      ['stop-cut-off', ['n1']],
      ['stop-cut-off', 'cut-off ended'],
    ]);
  });

  test.each<[string, Partial<RunTestOptions>, RegExp]>([
    ['an unknown node', { faultScript: [{ ...cutOff, target: ['n9'] }] }, /entry 1 has `target` \["n9"\]/],
    [
      'a fault that no option provides',
      { nemesis: [] },
      /expected one of partition, .*membership\. Load your own fault with --nemesis \.\/my-fault\.ts/,
    ],
    [
      'a fault by its path',
      { faultScript: [{ ...cutOff, fault: './cut-off.ts' }] },
      /Name your own fault without its path: "cut-off"/,
    ],
    [
      'a built-in fault next to the script',
      { nemesis: ['kill'] },
      /faultScript and nemesis kill cannot be combined/,
    ],
  ])('is refused before anything runs: %s', async (_, others, message) => {
    await expect(runTest({ ...settings(), ...others })).rejects.toThrow(message);
  });
});

test('only a workload can be given directly instead of as a file, and its run says so when it is checked again', async () => {
  const echo = await loadWorkload({ workload: 'echo' });
  const settings = {
    ...SETTINGS,
    workload: { ...echo, name: 'mine' },
    bin: `${examples}echo.ts`,
    timeLimitSeconds: 1,
  };
  const { folder: run, results } = await runTest(settings);
  expect(results['valid?']).toBe(true);
  await expect(scenarioOfRun(run, join(folder, 'mine.json'))).rejects.toMatchObject({
    message: 'Unknown workload "mine".',
    hint: expect.stringContaining(
      'A workload that a program passed to runTest as an object is known to that program only.',
    ),
  });
  for (const [others, message] of [
    [
      { nemesis: ['kill', {}] },
      /^runTest: nemesis\[1\] is an object; expected a name, or the path of a file\.$/,
    ],
    [{ services: [{}] }, /^runTest: services\[0\] is an object/],
    [{ topology: { n1: [] } }, /^runTest: topology is an object/],
  ] as const)
    await expect(runTest({ ...settings, ...others } as never)).rejects.toThrow(message);
});

describe('a search of many runs', () => {
  const bin = `${examples}echo.ts`;
  const FAULT = (body: string): string =>
    `import { defineFault } from 'maelstrom'; export default defineFault(${body});`;
  const planOf = (base: TestSpec): HuntPlan => ({
    base,
    asked: [],
    kept: [],
    leastNodes: 1,
    readySeconds: 0,
    hasPrimary: false,
  });

  test('ends with the exception of a fault, and does not count its runs as valid', async () => {
    const { nemesis, faultFiles = [] } = readFaultWords(
      [written('trips.ts', FAULT("{ begin({ kill }) { kill('n77'); } }"))],
      '--nemesis',
    );
    const base = completeSpec({
      workload: 'echo',
      bin,
      nemesis,
      faultFiles,
      world: 'simulated',
      timeLimitSeconds: 5,
    });
    const plan = planOf(base);
    const seed = Array.from({ length: 50 }, (_, at) => `s${at}`).find(
      (one) => planRun(plan, one).nemesis.length > 0,
    );
    const { bin: bundle } = await bundleNode(bin, 'simulated', folder);
    const simulator = openSimulator();
    const runner = new JobRunner(plan, bundle, await loadWorkload(base), simulator, await loadParts(base));
    await expect(runner.run({ number: 1, seed: seed ?? '' })).rejects.toThrow(
      /One of your own files failed: trips: begin threw TypeError: there is no node "n77".* \(trips\.ts:1:\d+\)\./,
    );
    simulator.close();
  });

  test('aims at the primary of a custom workload that has one', async () => {
    const base = completeSpec({ workload: 'led', bin });
    const led = await loadWorkload({ workload: 'lin-kv' });
    expect(hasPrimary(base, { ...led, name: 'led' })).toBe(true);
    expect(hasPrimary(base, await loadWorkload({ workload: 'echo' }))).toBe(false);
  });
});

test('the command of a test names its files, and gives the same test again', () => {
  const words = [
    '-w',
    './lock.ts',
    '--bin',
    'n.ts',
    '--nemesis',
    'partition,./late.ts',
    '--service',
    './ids.ts',
    '--topology',
    'star.json',
    '--simulate',
  ];
  const read = (given: readonly string[]) => {
    const session = {
      console: new Console({ write() {} }, {}),
      errors: new Console({ write() {} }, {}),
      async *stdin() {},
      env: {},
      program: 'maelstrom',
    };
    const parsed = readWords(TEST_COMMAND, given, session) as TestWords;
    return readTestSpec(parsed, { resolveBin: (path) => path, freshSeed: () => 's' });
  };
  const spec = read(words);
  expect(spec).toMatchObject({ workload: 'lock', nemesis: ['partition', 'late'], topology: 'star' });
  const again = specWords(spec, 'n.ts');
  expect(again).toEqual(
    expect.arrayContaining([
      '--workload',
      './lock.ts',
      '--nemesis',
      'partition,./late.ts',
      '--service',
      './ids.ts',
      '--topology',
      './star.json',
    ]),
  );
  expect(read(again.slice(1))).toEqual(spec);
});

describe('the work of clients in a hand-written workload', () => {
  const idle = (untilNanos: number): Generator => {
    const generator: Generator = {
      next: () => ({ kind: 'pending', untilNanos, rest: generator }),
      update: () => generator,
    };
    return generator;
  };
  const SLEEPS = /nothing could ever wake it/;

  test.each([
    ['always waits', { generator: idle(Infinity) }, SLEEPS],
    ['always waits in the final phase', { finalGenerator: idle(Infinity) }, SLEEPS],
    ['never ends', { finalGenerator: idle(0) }, /does not end: it has run for 600 s with 0 operations/],
    [
      'always makes requests in the final phase',
      { finalGenerator: repeatedly(() => ({ f: 'echo', value: 1 })) },
      /does not end: it has run for \d+ s with \d{5} operations/,
    ],
  ])('is ended if it %s', async (_, parts, said) => {
    const made = defineWorkload({
      operations: { echo: { request: (echo: Json) => ({ echo }) } },
      next: ({ count }) => ({ f: 'echo', value: count }),
      checker: onOps(() => []),
    });
    const { results, sentence } = await runTest({
      ...SETTINGS,
      workload: { ...made, name: 'by-hand', prepare: (options) => ({ ...made.prepare(options), ...parts }) },
      bin: `${examples}echo.ts`,
      nodes: ['n1'],
      timeLimitSeconds: 1,
    });
    expect(results['valid?']).toBe('unknown');
    expect(sentence).toMatch(said);
  });
});

describe('an endless loop', () => {
  const before = process.env[SHORTER_YIELD_LIMIT];
  beforeAll(() => (process.env[SHORTER_YIELD_LIMIT] = '400'));
  afterAll(() => {
    if (before === undefined) delete process.env[SHORTER_YIELD_LIMIT];
    else process.env[SHORTER_YIELD_LIMIT] = before;
  });
  const ENDLESS = '() => { for (;;) { try { null.x; } catch {} } }';
  const NEVER = /did not return within [\d.]+ s of real time, and was ended/;

  test.each([
    ['what clients do next', 'What clients do next', { next: ENDLESS }],
    ['the result of a client', 'A client', { result: ENDLESS }],
    ['a checker', 'The checker', { checker: `onOps(${ENDLESS})` }],
    [
      'what a checker observes',
      '`observe` of the checker of',
      {
        checker: `{ checker: () => ({ observe: ${ENDLESS}, result: () => ({ 'valid?': true }) }) } as never`,
      },
    ],
  ] as const)('in %s is ended in both worlds, and its file is named', async (_, said, parts) => {
    const path = workload(`endless-${said.replaceAll(/\W+/g, '-').toLowerCase()}.ts`, parts);
    for (const world of ['simulated', 'real'] as const) {
      const run = runTest({
        ...LOCK,
        workload: path,
        world,
        nodes: ['n1'],
        timeLimitSeconds: 1,
      });
      const words = await run.then(
        ({ results, sentence }) => {
          expect(results['valid?']).toBe('unknown');
          return `${sentence} ${JSON.stringify(results.workload)}`;
        },
        (error: unknown) => (error as Error).message,
      );
      expect(words).toMatch(NEVER);
      expect(words).toContain(`${said} `);
      expect(words).toContain(path);
    }
  });

  test.each([
    ['`begin` of', 'defineFault({ begin() { for (;;); } })'],
    ['What undoes `begin` of', 'defineFault({ begin: () => () => { for (;;); } })'],
    ['`step` of', 'defineService({ init: 0, step() { for (;;); } })'],
  ])('in a fault or a service is ended in the real world: %s', async (said, made) => {
    const kind = made.startsWith('defineFault') ? 'defineFault' : 'defineService';
    const path = written(
      `endless-${said.replaceAll(/\W+/g, '-').toLowerCase()}.ts`,
      `import { ${kind} } from 'maelstrom'; export default ${made};`,
    );
    const name = basename(path, '.ts');
    const asks = kind === 'defineFault' ? '' : `await node.rpc('${name}', { type: 'ask' });`;
    const bin = written(
      `asks-${name}.ts`,
      `import { Node } from 'maelstrom/node';
       const node = new Node();
       node.on('echo', async ({ echo }) => { ${asks} return { echo }; });`,
    );
    const { results, sentence } = await runTest({
      ...SETTINGS,
      workload: 'echo',
      bin,
      world: 'real',
      nodes: ['n1'],
      timeLimitSeconds: 1,
      nemesisIntervalSeconds: 0.3,
      ...(kind === 'defineFault' ? { nemesis: [path] } : { services: [path] }),
    });
    expect(sentence).toMatch(NEVER);
    // The place is only known if there was time to look: loop-place.test.ts.
    expect(sentence).toMatch(
      /was ended(: it was in (\w+ \(\S+:\d+:\d+\)|\S+:\d+:\d+))?\. Only the part before/,
    );
    expect(sentence).toContain(`${said} ${path}`);
    expect(results['valid?']).toBe('unknown');
  });

  test("in a fault's message rule is waited for once, however many messages follow", async () => {
    const calls = join(folder, 'calls-of-message');
    const fault = written(
      'endless-message.ts',
      `import { appendFileSync } from 'node:fs';
       import { defineFault } from 'maelstrom';
       export default defineFault({
         message() { appendFileSync(${JSON.stringify(calls)}, 'x'); for (;;); },
       });`,
    );
    const { sentence } = await runTest({
      ...SETTINGS,
      workload: 'broadcast',
      bin: `${examples}broadcast.ts`,
      world: 'real',
      nodes: ['n1', 'n2', 'n3'],
      timeLimitSeconds: 2,
      nemesisIntervalSeconds: 0.3,
      nemesis: [fault],
    });
    expect(sentence).toContain('`message` of');
    expect(readFileSync(calls, 'utf8')).toBe('x');
  });

  test('outside functions is ended before anything runs', async () => {
    const path = written('endless-module.ts', 'for (;;);\nexport default {};\n');
    await expect(runTest({ ...LOCK, workload: path })).rejects.toThrow(NEVER);
  });
});
