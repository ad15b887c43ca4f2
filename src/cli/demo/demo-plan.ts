/**
 * What `maelstrom demo` runs: the examples as real clusters for a few seconds, then again in the simulated world for a
 * minute of virtual time, and there the broken ones too. Correct examples are expected to pass, broken ones to be
 * caught.
 */
import type { TestSpec } from '../../run/test-spec.ts';

export interface DemoCase {
  readonly workload: string;
  /** Path below examples/. */
  readonly program: string;
  readonly world: TestSpec['world'];
  readonly expected: boolean;
  /** A command without which the example cannot run. */
  readonly needs?: string;
  readonly settings: Partial<TestSpec>;
}

/** A short run with a partition or two, which a correct node survives. */
const REAL: Partial<TestSpec> = {
  timeLimitSeconds: 5,
  rate: 20,
  recoverySeconds: 2,
  nemesis: ['partition'],
  nemesisIntervalSeconds: 2,
};

/** The same for longer: a minute of virtual time takes less than a second. */
const SIMULATED: Partial<TestSpec> = {
  ...REAL,
  timeLimitSeconds: 60,
  recoverySeconds: 10,
  nemesisIntervalSeconds: 10,
  latency: { distribution: 'exponential', meanMs: 10 },
};

/** Long enough for a bug to show with any seed. */
const BROKEN: Partial<TestSpec> = { timeLimitSeconds: 20, rate: 20 };
const BROKEN_WHEN_CUT: Partial<TestSpec> = { ...SIMULATED, nemesisIntervalSeconds: 5 };
const BROKEN_IN_A_HURRY: Partial<TestSpec> = {
  ...BROKEN,
  rate: 100,
  latency: { distribution: 'exponential', meanMs: 10 },
};

interface Example {
  readonly workload: string;
  readonly program: string;
  readonly needs?: string;
  /** What differs from the settings above. */
  readonly settings?: Partial<TestSpec>;
}

const ONE_NODE: Partial<TestSpec> = { nodes: ['n1'], concurrency: 5, nemesis: [] };
const READ_COMMITTED: Partial<TestSpec> = { consistencyModels: ['read-committed'] };
const ATOMIC_VIEW: Partial<TestSpec> = { consistencyModels: ['monotonic-atomic-view'] };
const WRONG_CLOCKS: Partial<TestSpec> = { nemesis: ['partition', 'skew'] };
const CHANGING: Partial<TestSpec> = { nemesis: ['membership', 'partition'], nemesisIntervalSeconds: 3 };
const SHORT: Partial<TestSpec> = { timeLimitSeconds: 3, rate: 50, nemesis: [] };

const IN_BOTH_WORLDS: readonly Example[] = [
  { workload: 'echo', program: 'echo.ts', settings: SHORT },
  { workload: 'unique-ids', program: 'unique-ids.ts' },
  { workload: 'unique-ids', program: 'javascript/unique-ids.js' },
  { workload: 'g-set', program: 'g-set.ts' },
  { workload: 'broadcast', program: 'broadcast.ts' },
  { workload: 'g-counter', program: 'g-counter.ts' },
  { workload: 'g-counter', program: 'g-counter-seq-kv.ts' },
  { workload: 'pn-counter', program: 'pn-counter.ts' },
  { workload: 'lin-kv', program: 'raft' },
  { workload: 'kafka', program: 'kafka-lin-kv.ts' },
  { workload: 'txn-list-append', program: 'txn-list-append-lin-kv.ts' },
  { workload: 'txn-rw-register', program: 'txn-rw-register.ts', settings: READ_COMMITTED },
];

const REAL_ONLY: readonly Example[] = [
  { workload: 'echo', program: 'python/echo.py', needs: 'python3', settings: SHORT },
  { workload: 'g-set', program: 'python/g-set.py', needs: 'python3' },
];

const SIMULATED_ONLY: readonly Example[] = [
  { workload: 'unique-ids', program: 'unique-ids-snowflake.ts', settings: WRONG_CLOCKS },
  { workload: 'broadcast', program: 'broadcast-tree.ts' },
  { workload: 'g-set', program: 'g-set-membership.ts', settings: CHANGING },
  { workload: 'lin-kv', program: 'lin-kv.ts' },
  { workload: 'kafka', program: 'kafka.ts', settings: ONE_NODE },
  { workload: 'kafka', program: 'kafka-owners.ts' },
  { workload: 'txn-list-append', program: 'txn-list-append.ts', settings: ONE_NODE },
  { workload: 'txn-list-append', program: 'txn-list-append-tree.ts' },
  { workload: 'txn-rw-register', program: 'txn-rw-register-atomic.ts', settings: ATOMIC_VIEW },
];

const BROKEN_ONES: readonly Required<Omit<Example, 'needs'>>[] = [
  { workload: 'echo', program: 'broken/echo.ts', settings: BROKEN },
  { workload: 'unique-ids', program: 'broken/unique-ids.ts', settings: BROKEN },
  { workload: 'unique-ids', program: 'broken/unique-ids-blocks.ts', settings: BROKEN_IN_A_HURRY },
  { workload: 'g-set', program: 'broken/g-set.ts', settings: BROKEN },
  { workload: 'broadcast', program: 'broken/broadcast.ts', settings: BROKEN },
  { workload: 'broadcast', program: 'broken/trusts-delivery.ts', settings: BROKEN_WHEN_CUT },
  { workload: 'broadcast', program: 'broken/broadcast-tree.ts', settings: BROKEN_IN_A_HURRY },
  { workload: 'g-counter', program: 'broken/g-counter.ts', settings: BROKEN },
  { workload: 'pn-counter', program: 'broken/pn-counter.ts', settings: BROKEN },
  { workload: 'kafka', program: 'broken/kafka-offsets-reused.ts', settings: BROKEN_IN_A_HURRY },
  {
    workload: 'txn-list-append',
    program: 'broken/txn-dirty-read.ts',
    settings: { ...BROKEN_IN_A_HURRY, ...READ_COMMITTED },
  },
  { workload: 'txn-list-append', program: 'broken/txn-lost-update.ts', settings: BROKEN_IN_A_HURRY },
  { workload: 'txn-list-append', program: 'broken/txn-thunk-missing.ts', settings: BROKEN_IN_A_HURRY },
  { workload: 'txn-list-append', program: 'broken/txn-write-skew.ts', settings: BROKEN_IN_A_HURRY },
];

export const DEMO_CASES: readonly DemoCase[] = [
  ...[...IN_BOTH_WORLDS, ...REAL_ONLY].map((example) => right(example, 'real', REAL)),
  ...[...IN_BOTH_WORLDS, ...SIMULATED_ONLY].map((example) => right(example, 'simulated', SIMULATED)),
  ...BROKEN_ONES.map((example): DemoCase => ({ ...example, world: 'simulated', expected: false })),
];

function right(example: Example, world: DemoCase['world'], settings: Partial<TestSpec>): DemoCase {
  return { ...example, world, expected: true, settings: { ...settings, ...example.settings } };
}
