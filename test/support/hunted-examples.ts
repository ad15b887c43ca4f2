/** The examples that hunts are tested on: those in which something must be found, and those in which nothing may be. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadParts } from '../../src/harness/own/load-own.ts';
import { completeSpec } from '../../src/harness/settings/spec-defaults.ts';
import { openSimulator } from '../../src/harness/simulations/simulator.ts';
import { VARIED, type HuntPlan, type VariedSetting } from '../../src/hunt/plan/hunt-plan.ts';
import { Hunt, type HuntState, type JobHands } from '../../src/hunt/hunt.ts';
import { JobRunner } from '../../src/hunt/job.ts';
import { USUAL_FAULTS } from '../../src/hunt/plan/usual-faults.ts';
import type { FaultScriptEntry } from '../../src/nemesis/fault-script.ts';
import type { TestSpec } from '../../src/run/test-spec.ts';
import { bundleNode } from '../../src/world/bundling/bundle.ts';
import { WORKLOADS } from '../../src/workloads/index.ts';
import { BROKEN_EXAMPLES } from './broken-examples.ts';

export interface HuntedExample {
  readonly workload: string;
  readonly program: string;
  /** Faults in addition to the usual ones. */
  readonly also?: readonly string[];
  /** The faults allowed, instead of the usual ones. */
  readonly faults?: readonly string[];
  readonly settings?: Partial<TestSpec>;
  /** The settings that do not vary between runs. */
  readonly kept?: readonly VariedSetting[];
}

const ALONE: Partial<TestSpec> = { nodes: ['n1'] };

/** Faults that a bug needs in addition to the usual ones. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  'broken/forgets-on-restart.ts': ['kill'],
  'broken/txn-saved-late.ts': ['kill'],
  'lin-kv.ts': ['duplicate'],
};

export const BROKEN: readonly HuntedExample[] = BROKEN_EXAMPLES.map(
  ({ workload, program, settings, isAlone }) => {
    const also = ALSO[program];
    return {
      workload,
      program,
      ...(also === undefined ? {} : { also }),
      settings: { ...(isAlone === true ? ALONE : {}), ...settings },
    };
  },
);

const exampleFile = (path: string): string =>
  fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));
/** Reads a file of the project, as the command does. */
const scriptOf = (name: string): readonly FaultScriptEntry[] =>
  JSON.parse(readFileSync(exampleFile(`raft/${name}.json`), 'utf8')) as readonly FaultScriptEntry[];
const FIGURE_8 = scriptOf('figure-8');
const TWO_VOTES = scriptOf('two-votes');
const INVARIANTS = [exampleFile('raft/invariants.ts')];

/** Bugs that few runs show, or that clients notice late if at all: too expensive for the test suite. */
export const RARE: readonly HuntedExample[] = [
  {
    workload: 'lin-kv',
    program: 'broken/raft-truncates.ts',
    faults: ['reorder', 'pause'],
    settings: {
      nodes: ['n1', 'n2', 'n3'],
      rate: 100,
      concurrency: 6,
      nemesisIntervalSeconds: 0.2,
      nemesisTargets: ['primary'],
      faultStrengths: { reorder: 0.3 },
      invariants: INVARIANTS,
    },
    kept: ['nodes', 'nemesisIntervalSeconds', 'rate', 'concurrency'],
  },
  {
    workload: 'lin-kv',
    program: 'broken/raft-votes-twice.ts',
    faults: [],
    settings: {
      nodes: ['n1', 'n2', 'n3'],
      latency: { distribution: 'constant', meanMs: 15 },
      rate: 5,
      timeLimitSeconds: 3.9,
      concurrency: 1,
      faultScript: TWO_VOTES,
      invariants: INVARIANTS,
    },
    kept: ['nodes', 'rate', 'timeLimitSeconds', 'concurrency', 'latency'],
  },
  {
    workload: 'lin-kv',
    program: 'broken/raft-commits-by-count.ts',
    faults: [],
    settings: {
      nodes: ['n1', 'n2', 'n3'],
      latency: { distribution: 'exponential', meanMs: 1 },
      rate: 15,
      timeLimitSeconds: 8,
      concurrency: 3,
      faultScript: FIGURE_8,
      invariants: INVARIANTS,
    },
    kept: ['nodes', 'rate', 'timeLimitSeconds', 'concurrency', 'latency'],
  },
];

export const RIGHT: readonly HuntedExample[] = [
  { workload: 'echo', program: 'echo.ts' },
  { workload: 'unique-ids', program: 'unique-ids.ts' },
  { workload: 'broadcast', program: 'broadcast.ts', also: ['duplicate'] },
  { workload: 'g-set', program: 'g-set.ts', also: ['duplicate'] },
  { workload: 'g-set', program: 'g-set-membership.ts', also: ['duplicate', 'kill', 'membership'] },
  { workload: 'g-counter', program: 'g-counter.ts', also: ['duplicate'] },
  { workload: 'g-counter', program: 'g-counter-seq-kv.ts', also: ['kill'] },
  { workload: 'pn-counter', program: 'pn-counter.ts', also: ['duplicate'] },
  { workload: 'lin-kv', program: 'lin-kv.ts', also: ['kill'] },
  { workload: 'lin-kv', program: 'raft', also: ['duplicate', 'kill', 'membership'] },
  { workload: 'kafka', program: 'kafka.ts', also: ['kill'], settings: ALONE },
  { workload: 'kafka', program: 'kafka-lin-kv.ts', also: ['duplicate', 'kill'] },
  { workload: 'txn-list-append', program: 'txn-list-append.ts', also: ['kill'], settings: ALONE },
  { workload: 'txn-list-append', program: 'txn-list-append-lin-kv.ts', also: ['duplicate', 'kill'] },
  {
    workload: 'txn-rw-register',
    program: 'txn-rw-register.ts',
    also: ['duplicate', 'kill'],
    settings: { consistencyModels: ['read-committed'] },
  },
  {
    workload: 'txn-rw-register',
    program: 'txn-rw-register-uncommitted.ts',
    also: ['duplicate', 'kill'],
    settings: { consistencyModels: ['read-uncommitted'] },
  },
];

export interface HuntInProcess {
  /** The folder examples/. */
  readonly examples: string;
  /** For the bundled program. */
  readonly folder: string;
  readonly seed: string;
  readonly runs: number;
  readonly collect: boolean;
}

/** Hunts in this process, one run after another. */
export async function huntIn(
  example: HuntedExample,
  { examples, folder, seed, runs, collect }: HuntInProcess,
): Promise<HuntState & { readonly plan: HuntPlan }> {
  const workload = WORKLOADS.get(example.workload);
  if (workload === undefined) throw new Error(`no workload ${example.workload}`);
  const source = `${examples}/${example.program}`;
  const { bin } = await bundleNode(source, 'simulated', folder);
  const first = planOf(example, source);
  const simulator = openSimulator();
  const parts = await loadParts(first.base);
  const { readySeconds = 0, failoverSeconds } = await new JobRunner(
    first,
    bin,
    workload,
    simulator,
    parts,
  ).run({
    number: 0,
    seed,
  });
  const plan = { ...first, readySeconds, ...(failoverSeconds === undefined ? {} : { failoverSeconds }) };
  const hands = handsHere(new JobRunner(plan, bin, workload, simulator, parts));
  const { signal } = new AbortController();
  const hunt = new Hunt({ plan, seed, hands, collect, mostRuns: runs, signal });
  await hunt.run();
  simulator.close();
  return { ...hunt.state, plan };
}

export function planOf(
  { workload, also = [], faults = USUAL_FAULTS, settings = {}, kept = [] }: HuntedExample,
  bin: string,
): HuntPlan {
  return {
    base: completeSpec({
      ...settings,
      workload,
      bin,
      world: 'simulated',
      nemesis: [...faults, ...also],
    }),
    asked: VARIED.filter((setting) => setting in settings),
    kept,
    leastNodes: 1,
    readySeconds: 0,
    hasPrimary: ['lin-kv', 'kafka', 'txn-list-append', 'txn-rw-register'].includes(workload),
  };
}

/** Carries out runs in this process, one after another; a run cannot be ended early. */
function handsHere(runner: JobRunner): JobHands {
  let isClosed = false;
  return {
    capacity: 1,
    async run(job) {
      if (isClosed) return undefined;
      const ran = await runner.run(job);
      return isClosed ? undefined : ran;
    },
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
}
