/** Invariants over the states of all nodes: those of the Raft example hold when it is correct, and detect planted bugs. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { loadInvariants } from '../src/harness/own/load-invariants.ts';
import { runTest } from '../src/harness/one-test/run-test.ts';
import { simulateOnce, type SimulatedRun } from '../src/harness/simulations/simulate-once.ts';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import { FAULT_KINDS } from '../src/nemesis/fault-registry.ts';
import type { FaultScriptEntry } from '../src/nemesis/fault-script.ts';
import type { TestSpec } from '../src/run/test-spec.ts';
import type { ClusterView } from '../src/run/cluster/cluster-view.ts';
import { verdictSentence } from '../src/run/words/verdict-sentence.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { echo } from '../src/workloads/echo.ts';
import { linKv } from '../src/workloads/lin-kv/lin-kv.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-invariants-'));
afterAll(() => rmSync(folder, { recursive: true }));
const RAFT = fileURLToPath(new URL('../examples/raft', import.meta.url));
const RAFT_INVARIANTS = join(RAFT, 'invariants.ts');

let programs = 0;
/** Compiles the example with one of its lines replaced. */
async function changedRaft(file: string, line: string, other: string): Promise<string> {
  const copy = join(folder, `raft${programs++}`);
  cpSync(RAFT, copy, { recursive: true });
  const source = readFileSync(join(copy, file), 'utf8');
  expect(source.split(line)).toHaveLength(2);
  writeFileSync(
    join(copy, file),
    source.replace(line, () => other),
  );
  return (await bundleNode(copy, 'simulated', folder)).bin;
}

async function run(bin: string, seed: string, settings: Partial<TestSpec>): Promise<SimulatedRun> {
  const spec = completeSpec({
    workload: 'lin-kv',
    bin,
    world: 'simulated',
    invariants: [RAFT_INVARIANTS],
    rate: 30,
    timeLimitSeconds: 20,
    nemesisIntervalSeconds: 1,
    latency: { distribution: 'exponential', meanMs: 10 },
    ...settings,
  });
  return simulateOnce(spec, linKv, seed);
}

describe('of the Raft example', () => {
  const faults = FAULT_KINDS.map(({ name }) => name);

  test('hold under all faults', { timeout: 120_000 }, async () => {
    const { bin } = await bundleNode(RAFT, 'simulated', folder);
    let checks = 0;
    for (const nemesis of [...faults.map((name) => [name]), faults, ['kill', 'partition', 'loss']]) {
      const { results } = await run(bin, 'right', { nemesis, timeLimitSeconds: 3 });
      expect({ nemesis, invariants: results.invariants }).toMatchObject({
        nemesis,
        invariants: { 'valid?': true, failures: [], problems: [] },
      });
      checks += results.invariants?.checks ?? 0;
    }
    expect(checks).toBeGreaterThan(5000);
  });

  test('find two leaders in one term if a restart forgets a vote', { timeout: 120_000 }, async () => {
    const twin = fileURLToPath(new URL('../examples/broken/raft-votes-twice.ts', import.meta.url));
    const { bin } = await bundleNode(twin, 'simulated', folder);
    const found: string[] = [];
    // Candidates that do not hear each other, and a voter that is briefly down, repeatedly.
    const faultScript = JSON.parse(
      readFileSync(join(RAFT, 'two-votes.json'), 'utf8'),
    ) as readonly FaultScriptEntry[]; // a file of the project
    // The two before it show nothing.
    for (let seed = 3; seed <= 40 && found.length === 0; seed++) {
      const { results, signature } = await run(bin, `w-${seed}`, {
        nodes: ['n1', 'n2', 'n3'],
        concurrency: 1,
        rate: 5,
        timeLimitSeconds: 3.9,
        faultScript,
        latency: { distribution: 'constant', meanMs: 15 },
      });
      const [failure] = results.invariants?.failures ?? [];
      if (failure === undefined) continue;
      found.push(failure.message);
      expect(signature).toContain('invariant: two leaders in term #: n# and n#');
      const spec = completeSpec({ workload: 'lin-kv', bin });
      expect(verdictSentence(spec, results)).toMatch(
        /invariants\.ts: two leaders in term \d+: n\d and n\d\n {2}This was at /,
      );
      const leaders = Object.values(failure.states).filter((state) => Object(state).role === 'leader');
      expect(leaders.length).toBeGreaterThan(0);
    }
    expect(found[0]).toMatch(/^two leaders in term/);
  });

  test('find diverging logs if contradictory entries are kept', { timeout: 60_000 }, async () => {
    const bin = await changedRaft(
      'log.ts',
      '({ index, term }) => !this.matches(index, term)',
      '({ index }) => index > this.lastIndex',
    );
    const messages: string[] = [];
    // The one before it shows nothing.
    for (let seed = 2; seed <= 30 && messages.length === 0; seed++) {
      const { results } = await run(bin, `log ${seed}`, {
        concurrency: 10,
        rate: 100,
        timeLimitSeconds: 5,
        nemesis: ['partition'],
        nemesisTargets: ['primary'],
        nemesisIntervalSeconds: 0.5,
      });
      messages.push(...(results.invariants?.failures ?? []).map(({ message }) => message));
    }
    expect(messages[0]).toMatch(/^the logs of n\d and n\d differ at index \d+, /);
  });
});

describe('situations of the Raft example', () => {
  const SITUATIONS = [
    'a leader is cut off with an uncommitted entry',
    'two nodes lead, in different terms',
    'a leader has an uncommitted entry of an earlier term',
  ];
  const came = ({ results }: SimulatedRun): readonly string[] =>
    (results.assertions?.assertions ?? [])
      .filter(({ kind, count }) => kind === 'sometimes' && count > 0)
      .map(({ name }) => name);

  test(
    'never occur without faults, which is a warning next to the verdict',
    { timeout: 60_000 },
    async () => {
      const { bin } = await bundleNode(RAFT, 'simulated', folder);
      const calm = await run(bin, 'calm', { timeLimitSeconds: 3 });
      expect(came(calm)).toEqual([]);
      expect(calm.results['valid?']).toBe(true);
      const sentence = verdictSentence(completeSpec({ workload: 'lin-kv', bin }), calm.results);
      expect(sentence).toContain(
        `Warning: these never came in this run: sometimes "${SITUATIONS[0]}", sometimes "${SITUATIONS[1]}", sometimes "${SITUATIONS[2]}".`,
      );
    },
  );

  test('occur if the leader is cut off while requests are in flight', { timeout: 60_000 }, async () => {
    const { bin } = await bundleNode(RAFT, 'simulated', folder);
    const seen = new Set<string>();
    for (let seed = 1; seed <= 20 && seen.size < SITUATIONS.length; seed++) {
      const cut = await run(bin, `cut ${seed}`, {
        concurrency: 10,
        rate: 100,
        timeLimitSeconds: 6,
        nemesis: ['partition'],
        nemesisTargets: ['primary'],
      });
      expect(cut.results['valid?']).toBe(true);
      for (const name of came(cut)) seen.add(name);
    }
    expect([...seen].toSorted()).toEqual(SITUATIONS.toSorted());
  });

  test('do not change a run when they are checked', { timeout: 60_000 }, async () => {
    const { bin } = await bundleNode(RAFT, 'simulated', folder);
    const settings = { timeLimitSeconds: 4, nemesis: ['partition', 'flap', 'kill', 'pause'] };
    const asked = await run(bin, 'looked at', settings);
    const left = await run(bin, 'looked at', { ...settings, invariants: [] });
    expect(asked.results.assertions?.assertions.length).toBeGreaterThan(0);
    expect(asked.history).toEqual(left.history);
    expect(asked.messages).toBe(left.messages);
  });
});

const NO_STATES = new Map<string, never>();
const NO_CLUSTER: ClusterView = { nodes: [], condition: () => 'running', isCut: () => false };

describe('a file', () => {
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const load = (file: string, world: TestSpec['world'] = 'simulated') =>
    loadInvariants({ invariants: [file], world });

  test('may be TypeScript, import others, and be a sloppy script', async () => {
    write('limit.ts', 'export const LIMIT: number = 3;');
    const file = write(
      'sum.ts',
      `import { stringify } from 'maelstrom/node';\nimport { LIMIT } from './limit.ts';\n` +
        `export default (states: ReadonlyMap<string, number>): string | undefined =>\n  states.size > LIMIT ? stringify([...states.keys()]) : undefined;`,
    );
    const [invariant] = await load(file);
    expect(invariant?.name).toBe('sum.ts');
    expect(invariant?.check?.(NO_STATES, NO_CLUSTER)).toBeUndefined();
    expect(
      invariant?.check?.(
        new Map<string, never>(['a', 'b', 'c', 'd'].map((name) => [name, 0 as never])),
        NO_CLUSTER,
      ),
    ).toBe('["a","b","c","d"]');
    const [old] = await load(write('old.cjs', 'module.exports = () => "old";'));
    expect(old?.check?.(NO_STATES, NO_CLUSTER)).toBe('old');
  });

  test.each([
    ['none.ts', undefined, /^The invariant .*none\.ts does not exist\.$/],
    ['syntax.ts', 'export default (', /^The invariant does not compile\.\n.*syntax\.ts:1:17/],
    ['nothing.ts', 'export const x = 1;', /must be a function, but is missing\.$/],
    ['text.ts', 'export default "x";', /must be a function, but is string\.$/],
    [
      'list.ts',
      'export const sometimes = [() => true];',
      /The export `sometimes` of .*list\.ts is a list; expected an object of up to 100 functions/,
    ],
    [
      'kinds.ts',
      'export const sometimes = { fine: () => true, other: 7 };',
      /has "other", which is a number; expected/,
    ],
    [
      'long.ts',
      'export const sometimes = { ["x".repeat(201)]: () => true };',
      /which is a name of 201 characters; expected/,
    ],
    [
      'many.ts',
      'export const sometimes = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`s${n}`, () => true]));',
      /has 101 entries; expected/,
    ],
    [
      'throws.ts',
      'throw new Error("at once"); export default () => undefined;',
      /could not be loaded: Error: at once \(throws\.ts:1:\d+\)$/,
    ],
  ])('%s that cannot be used is reported clearly', async (name, text, message) => {
    const file = text === undefined ? join(folder, name) : write(name, text);
    await expect(load(file)).rejects.toThrow(message);
  });

  test.each([
    [
      'deep.ts',
      'export default (states) => {\n  return states.missing.length;\n};',
      /^The invariant deep\.ts threw at turn 1, of n\d: TypeError: .* \(deep\.ts:2:\d+\)\.$/,
    ],
    [
      'later.ts',
      'export default async () => undefined;',
      /^The invariant later\.ts returned a promise at turn 1; expected a string that says what is wrong, or undefined \(later\.ts:1:\d+\)\.$/,
    ],
  ])('an error in %s during a run is reported with its place', async (name, text, problem) => {
    const { bin } = await bundleNode(
      write('shows.cjs', 'globalThis.maelstromInspect = () => 1; process.stdin.on("data", () => undefined);'),
      'simulated',
      folder,
    );
    const { results } = await run(bin, 's', { invariants: [write(name, text)], timeLimitSeconds: 1 });
    expect(results.invariants?.problems).toEqual([expect.stringMatching(problem)]);
  });

  test('may have only situations', async () => {
    const [file] = await load(
      write(
        'only.ts',
        'export const sometimes = { never: () => false, at once: () => true };'.replace(
          'at once',
          "'at once'",
        ),
      ),
    );
    expect(file?.check).toBeUndefined();
    expect([...(file?.situations?.keys() ?? [])]).toEqual(['never', 'at once']);
  });

  test('is refused in the real world', async () => {
    await expect(load(RAFT_INVARIANTS, 'real')).rejects.toThrow('Invariants need the simulated world');
  });
});

describe('functions given to runTest', () => {
  const bin = join(folder, 'counting.ts');
  writeFileSync(
    bin,
    `import { Node } from 'maelstrom/node';\nconst node = new Node();\nlet count = 0;\nnode.inspect(() => ({ count }));\n` +
      `node.on('echo', ({ echo }: { echo: string }) => { count++; return { echo }; });`,
  );
  const settings = {
    bin,
    world: 'simulated',
    nodes: ['n1', 'n2'],
    timeLimitSeconds: 1,
    rate: 20,
    seed: 'a',
    report: false,
  } as const;
  const store = join(folder, 'store');

  test('are checked like files, and together with them', { timeout: 60_000 }, async () => {
    const file = join(folder, 'even.ts');
    writeFileSync(
      file,
      `export default (states: Map<string, { count: number }>) => (states.get('n1')?.count === 3 ? 'three' : undefined);`,
    );
    const together = (states: ReadonlyMap<string, { count: number }>): string | undefined => {
      const sum = [...states.values()].reduce((total, { count }) => total + count, 0);
      return sum > 5 ? `counted to ${sum}` : undefined;
    };
    const { results, sentence } = await runTest({
      ...settings,
      workload: echo,
      store,
      invariants: [together, file],
    });
    expect(results.invariants?.failures.map(({ invariant, message }) => [invariant, message])).toEqual(
      expect.arrayContaining([
        ['together', 'counted to 6'],
        ['even.ts', 'three'],
      ]),
    );
    expect(results['valid?']).toBe(false);
    expect(sentence).toContain('together: counted to 6');
  });

  test(
    'that do not return end the run with their name; other values are refused',
    { timeout: 60_000 },
    async () => {
      await expect(
        runTest({ ...settings, workload: echo, store, invariants: [7 as unknown as string] }),
      ).rejects.toThrow('runTest: invariants[0] must be a path or a function, but is number.');
    },
  );
});
