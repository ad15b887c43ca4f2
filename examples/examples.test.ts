/**
 * Tests the examples in the simulated world: the good ones pass under partitions and slow links, and the broken ones
 * are caught without any fault, for every seed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ListAppendChecker } from '../src/checkers/elle/list-append/list-append.ts';
import type { SetFullResult } from '../src/checkers/sets/set-full.ts';
import { runTest } from '../src/harness/one-test/run-test.ts';
import { simulateOnce } from '../src/harness/simulations/simulate-once.ts';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import type { Op } from '../src/history/op.ts';
import type { Journal } from '../src/network/journal/journal.ts';
import type { TestResults } from '../src/run/verdict/analysis.ts';
import { TestRun } from '../src/run/test-run.ts';
import type { TestSpec } from '../src/run/test-spec.ts';
import type { FaultScriptEntry } from '../src/nemesis/fault-script.ts';
import { WORKLOADS } from '../src/workloads/index.ts';
import { linKv } from '../src/workloads/lin-kv/lin-kv.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import type { Packet } from '../src/world/world.ts';
import { SimulatedWorld } from '../src/world/simulated/simulated-world.ts';

const NOWHERE = {
  journal: {
    sent: () => {},
    received: () => {},
    dropped: () => {},
    duplicated: () => {},
    flush: () => {},
    close: () => {},
  },
  log: () => {},
  nodeLogFile: () => undefined,
};

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

const programs = new Map<string, Promise<string>>();

/** Bundles an example, given by its path below this folder, once for all seeds. */
function bundled(program: string): Promise<string> {
  const known = programs.get(program);
  if (known !== undefined) return known;
  const out = mkdtempSync(join(folder, 'program-'));
  const made = bundleNode(fileURLToPath(new URL(program, import.meta.url)), 'simulated', out);
  const bin = made.then((bundle) => bundle.bin);
  programs.set(program, bin);
  return bin;
}

/** Runs an example in virtual time. */
async function run(
  program: string,
  settings: Partial<TestSpec> & { workload: string },
  observe: (op: Op) => void = () => {},
  journal: Journal = NOWHERE.journal,
): Promise<TestResults> {
  const workload = WORKLOADS.get(settings.workload);
  if (workload === undefined) throw new Error(`there is no workload ${settings.workload}`);
  const spec = completeSpec({ ...settings, bin: await bundled(program), world: 'simulated' });
  const world = new SimulatedWorld({ seed: spec.seed });
  try {
    const test = new TestRun(spec, workload, world, { ...NOWHERE, journal, history: { append: observe } });
    return await test.run();
  } finally {
    await world.close();
  }
}

const SEEDS = ['1', '2', '3'];

describe.each([
  ['echo', 'echo.ts'],
  ['unique-ids', 'unique-ids.ts'],
  ['unique-ids', 'javascript/unique-ids.js'],
  ['broadcast', 'broadcast.ts'],
  ['g-set', 'g-set.ts'],
  ['g-counter', 'g-counter.ts'],
  ['g-counter', 'g-counter-seq-kv.ts'],
  ['pn-counter', 'pn-counter.ts'],
])('%s: %s', (workload, program) => {
  it.each(SEEDS)('passes under partitions and slow links, seed %s', async (seed) => {
    const results = await run(program, {
      workload,
      seed,
      timeLimitSeconds: 20,
      rate: 20,
      nemesis: ['partition'],
      nemesisIntervalSeconds: 3,
      latency: { distribution: 'exponential', meanMs: 50 },
    });
    expect(results).toMatchObject({ 'valid?': true, protocol: { violations: [], warnings: [] } });
  });
});

it.each(['random', 'stored', 'snowflake'])(
  'unique-ids-%s.ts is available under any partition',
  async (how) => {
    const results = await run(`unique-ids-${how}.ts`, {
      workload: 'unique-ids',
      seed: '1',
      timeLimitSeconds: 10,
      rate: 100,
      nemesis: ['partition'],
      nemesisIntervalSeconds: 1,
      availability: 1,
    });
    expect(results).toMatchObject({ 'valid?': true, availability: { 'valid?': true } });
  },
);

it('broadcast-tree.ts meets the limits of 3d and 3e of Gossip Glomers', async () => {
  const { workload, net } = await run('broadcast-tree.ts', {
    workload: 'broadcast',
    seed: '1',
    nodes: Array.from({ length: 25 }, (_, at) => `n${at}`),
    concurrency: 25,
    rate: 100,
    timeLimitSeconds: 20,
    latency: { distribution: 'constant', meanMs: 100 },
  });
  const latencies = (workload as Partial<SetFullResult> | undefined)?.['stable-latencies'];
  expect(workload?.['valid?']).toBe(true);
  expect(latencies?.['0.5']).toBeLessThan(400);
  expect(latencies?.['1']).toBeLessThan(600);
  expect(net?.servers['msgs-per-op']).toBeLessThan(20);
});

describe('txn-rw-register: broken/txn-rw-write-skew.ts', () => {
  const judged = async (model: string, decide: boolean): Promise<unknown> => {
    const { workload } = await run('broken/txn-rw-write-skew.ts', {
      workload: 'txn-rw-register',
      nodes: ['n0'],
      concurrency: 6,
      rate: 60,
      timeLimitSeconds: 1,
      consistencyModels: [model],
      decide,
      seed: '2',
    });
    return workload;
  };

  it('is refuted by deciding alone: what registers show does not say which write came first', async () => {
    expect(await judged('serializable', true)).toMatchObject({
      'valid?': false,
      'anomaly-types': ['no-serial-order'],
    });
    expect(await judged('serializable', false)).toMatchObject({ 'valid?': true });
    expect(await judged('snapshot-isolation', true)).toMatchObject({ 'valid?': true });
  });
});

describe('appends to logs by many nodes at once', () => {
  /** Returns how many compare-and-sets on logs failed for each acknowledged message. */
  async function failuresPerSend(program: string): Promise<number> {
    let failures = 0;
    let sends = 0;
    /** The compare-and-sets on logs that have no answer yet, by node and `msg_id`. */
    const asked = new Set<string>();
    const sent = (_timeNanos: number, { src, dest, body }: Packet): void => {
      const message = JSON.parse(body.toString('utf8')) as { readonly [field: string]: unknown };
      const { type, key, code, msg_id: number, in_reply_to: answered } = message;
      if (dest === 'lin-kv' && type === 'cas' && !String(key).includes('committed'))
        asked.add(`${src} ${String(number)}`);
      if (src === 'lin-kv') failures += asked.delete(`${dest} ${String(answered)}`) && code === 22 ? 1 : 0;
      sends += type === 'send_ok' ? 1 : 0;
    };
    const results = await run(
      program,
      {
        workload: 'kafka',
        seed: '1',
        concurrency: 20,
        rate: 200,
        timeLimitSeconds: 5,
        latency: { distribution: 'constant', meanMs: 10 },
      },
      undefined,
      { ...NOWHERE.journal, sent },
    );
    expect(results['valid?']).toBe(true);
    expect(sends).toBeGreaterThan(100);
    return failures / sends;
  }

  it('fail at least half of the time if each node writes for itself', async () => {
    expect(await failuresPerSend('kafka-lin-kv.ts')).toBeGreaterThan(0.5);
  });

  it('hardly ever fail if each log has an owner', async () => {
    expect(await failuresPerSend('kafka-owners.ts')).toBeLessThan(0.05);
  });
});

describe('g-set: g-set-membership.ts', () => {
  const changing: Partial<TestSpec> & { readonly workload: string } = {
    workload: 'g-set',
    rate: 50,
    nemesis: ['membership', 'partition'],
    recoverySeconds: 2,
  };

  /** Returns how many members have left, and how many have joined. */
  const changes = (ops: readonly Pick<Op, 'f' | 'process' | 'value'>[]): readonly number[] =>
    ['removed', 'added'].map(
      (result) => ops.filter((op) => JSON.stringify(op.value ?? null).includes(`:"${result}"`)).length,
    );

  it.each(SEEDS)('loses nothing during membership changes and partitions, seed %s', async (seed) => {
    const history: Op[] = [];
    const results = await run(
      'g-set-membership.ts',
      {
        ...changing,
        seed,
        timeLimitSeconds: 30,
        nemesisIntervalSeconds: 1,
        latency: { distribution: 'exponential', meanMs: 20 },
      },
      (op) => history.push(op),
    );
    expect(Math.min(...changes(history))).toBeGreaterThan(3);
    expect(results).toMatchObject({ 'valid?': true, protocol: { violations: [], warnings: [] } });
  });

  it('does so as a cluster of processes', { timeout: 30_000 }, async () => {
    const { results, folder: stored } = await runTest({
      ...changing,
      bin: fileURLToPath(new URL('g-set-membership.ts', import.meta.url)),
      world: 'real',
      seed: '1',
      timeLimitSeconds: 5,
      nemesisIntervalSeconds: 0.4,
      store: folder,
      report: false,
    });
    const lines = readFileSync(join(stored, 'history.jsonl'), 'utf8').trimEnd().split('\n');
    expect(Math.min(...changes(lines.map((line) => JSON.parse(line) as Op)))).toBeGreaterThan(0);
    expect(results).toMatchObject({ 'valid?': true });
  });
});

const EXPONENTIAL = (meanMs: number): TestSpec['latency'] => ({ distribution: 'exponential', meanMs });
const scriptOf = (name: string): readonly FaultScriptEntry[] =>
  // A file of the project, which the test reads as the command does.
  JSON.parse(
    readFileSync(new URL(`raft/${name}.json`, import.meta.url), 'utf8'),
  ) as readonly FaultScriptEntry[];
/** Settings under which some nodes lag behind the snapshots of others, and leaders change. */
const LAGGING: Partial<TestSpec> = {
  concurrency: 6,
  rate: 60,
  timeLimitSeconds: 5,
  nemesisIntervalSeconds: 0.3,
  latency: EXPONENTIAL(5),
};

/**
 * Mistakes in Raft that few runs show, and clients hardly ever see, but the invariants do. Each with a seed that shows
 * it.
 */
const RAFT_TWINS: readonly {
  readonly twin: string;
  readonly seed: string;
  readonly found: RegExp;
  readonly settings: Partial<TestSpec>;
}[] = [
  {
    twin: 'truncates',
    seed: 'tr-1',
    found: /leads in term \d+ without the entry at index/,
    settings: {
      concurrency: 6,
      rate: 100,
      timeLimitSeconds: 2,
      nemesis: ['reorder', 'pause'],
      nemesisIntervalSeconds: 0.2,
      nemesisTargets: ['primary'],
      faultStrengths: { reorder: 0.3 },
    },
  },
  {
    twin: 'votes-twice',
    seed: 'w-3',
    found: /^two leaders in term 3: n2 and n1$/,
    settings: {
      concurrency: 1,
      rate: 5,
      timeLimitSeconds: 3.9,
      latency: { distribution: 'constant', meanMs: 15 },
      faultScript: scriptOf('two-votes'),
    },
  },
  {
    twin: 'snapshot-without-term',
    seed: 's-1',
    found: /^the logs of n1 and n3 differ at index 7/,
    settings: { ...LAGGING, nemesis: ['partition'] },
  },
  {
    twin: 'cuts-log-first',
    seed: 's-2',
    found: /leads in term \d+ without the entry at index/,
    settings: { ...LAGGING, nemesis: ['kill', 'partition'] },
  },
  {
    twin: 'merges-snapshot',
    seed: 's-1',
    found: /has a snapshot up to index \d+ that holds something else/,
    settings: { ...LAGGING, nemesis: ['partition'] },
  },
  {
    twin: 'snapshot-without-sessions',
    seed: 's-10',
    found: /has a snapshot up to index \d+ that holds something else/,
    settings: {
      ...LAGGING,
      concurrency: 12,
      rate: 100,
      timeLimitSeconds: 4,
      nemesis: ['kill', 'duplicate'],
      nemesisIntervalSeconds: 0.4,
      nemesisTargets: ['one'],
      faultStrengths: { duplicate: 0.5 },
    },
  },
  {
    twin: 'configuration-late',
    seed: 'o-2',
    found: /leads in term \d+ without the entry at index/,
    settings: {
      concurrency: 6,
      rate: 40,
      timeLimitSeconds: 4,
      latency: EXPONENTIAL(2),
      faultScript: scriptOf('old-majority'),
    },
  },
  {
    twin: 'two-changes',
    seed: 'two-9',
    found: /changes the configuration at index \d+, while that at index \d+ is not committed/,
    settings: {
      nodes: ['n1', 'n2', 'n3', 'n4', 'n5'],
      concurrency: 10,
      rate: 40,
      timeLimitSeconds: 8,
      latency: EXPONENTIAL(5),
      nemesis: ['partition', 'membership'],
      nemesisTargets: ['primary'],
      nemesisIntervalSeconds: 0.5,
    },
  },
  {
    twin: 'changes-too-soon',
    seed: 'o-34',
    found: /leads in term \d+ without the entry at index/,
    settings: {
      nodes: ['n1', 'n2', 'n3', 'n4'],
      concurrency: 8,
      rate: 12,
      timeLimitSeconds: 4,
      latency: EXPONENTIAL(2),
      faultScript: scriptOf('single-server'),
    },
  },
];

describe.each(RAFT_TWINS)('broken Raft, $twin', ({ twin, seed, found, settings }) => {
  const resultsOf = async (program: string): Promise<TestResults> => {
    const spec = completeSpec({
      nodes: ['n1', 'n2', 'n3'],
      ...settings,
      bin: await bundled(program),
      workload: 'lin-kv',
      world: 'simulated',
      invariants: [fileURLToPath(new URL('raft/invariants.ts', import.meta.url))],
    });
    return (await simulateOnce(spec, linKv, seed)).results;
  };

  it('violates the invariants', async () => {
    const { invariants } = await resultsOf(`broken/raft-${twin}.ts`);
    expect(invariants?.failures.map(({ message }) => message)).toEqual([expect.stringMatching(found)]);
  });

  it('while raft satisfies them', async () => {
    const { invariants, workload } = await resultsOf('raft');
    expect(invariants).toMatchObject({ 'valid?': true, failures: [] });
    expect(workload?.['valid?']).not.toBe(false);
  });
});

describe.each(SEEDS)('broken/txn-saved-late.ts, killed just before the end of requests (seed %s)', (seed) => {
  it('passes without the final reads, and fails with them', async () => {
    const before = new ListAppendChecker();
    const finalReaders = new Set<number>();
    let finalReads = 0;
    const results = await run(
      'broken/txn-saved-late.ts',
      {
        workload: 'txn-list-append',
        nodes: ['n1'],
        concurrency: 4,
        rate: 100,
        timeLimitSeconds: 5,
        faultScript: [{ at: 4.95, fault: 'kill', target: null }],
        seed,
      },
      (op) => {
        if (op.process === 'nemesis') return;
        if (op.final === true) finalReaders.add(op.process);
        if (finalReaders.has(op.process)) finalReads++;
        else before.observe(op);
      },
    );
    expect(finalReads).toBeGreaterThan(10);
    expect(before.result()['valid?']).toBe(true);
    expect(results).toMatchObject({
      'valid?': false,
      workload: {
        'valid?': false,
        'anomaly-types': expect.arrayContaining(['G-single-item-realtime']) as unknown,
      },
    });
  });
});

describe.each(['echo', 'unique-ids', 'broadcast', 'g-set', 'g-counter', 'pn-counter'])(
  '%s: broken/%s.ts',
  (workload) => {
    it.each(SEEDS)('is found in ten seconds without a fault, seed %s', async (seed) => {
      const results = await run(`broken/${workload}.ts`, { workload, seed, timeLimitSeconds: 10, rate: 10 });
      // The result must be its mistake, not a protocol violation.
      expect(results).toMatchObject({
        workload: { 'valid?': false },
        stats: { 'valid?': true },
        protocol: { violations: [] },
      });
    });
  },
);
