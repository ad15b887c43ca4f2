/**
 * What `maelstrom demo` runs: every example in the real world, for a few seconds, then again in the simulated one for
 * longer, and there the broken ones too. Right ones are to pass, broken ones to be caught.
 */
import type { TestSpec } from '../run/test-spec.ts';

export interface DemoCase {
  readonly workload: string;
  /** Path below examples/. */
  readonly program: string;
  readonly world: TestSpec['world'];
  /** What the verdict is to be. */
  readonly expected: boolean;
  /** A command without which the example cannot run. */
  readonly needs?: string;
  readonly settings: Partial<TestSpec>;
}

/** A short run with a partition or two, where faults are survived. */
const CUT: Partial<TestSpec> = {
  timeLimitSeconds: 5,
  rate: 20,
  recoverySeconds: 2,
  nemesis: ['partition'],
  nemesisIntervalSeconds: 2,
};

const CALM: Partial<TestSpec> = { timeLimitSeconds: 3, rate: 50 };

/** A minute and a half of the cluster's time; about a second of ours. */
const LONG: Partial<TestSpec> = {
  ...CUT,
  timeLimitSeconds: 60,
  recoverySeconds: 10,
  nemesisIntervalSeconds: 10,
};

/** Enough for the mistakes to show, whatever the seed. */
const BROKEN: Partial<TestSpec> = { timeLimitSeconds: 20, rate: 20 };

interface Example {
  readonly workload: string;
  readonly program: string;
  readonly needs?: string;
  readonly calm?: boolean;
}

const EXAMPLES: readonly Example[] = [
  { workload: 'echo', program: 'echo.ts', calm: true },
  { workload: 'echo', program: 'python/echo.py', calm: true, needs: 'python3' },
  { workload: 'unique-ids', program: 'unique-ids.ts' },
  { workload: 'unique-ids', program: 'javascript/unique-ids.js' },
  { workload: 'g-set', program: 'g-set.ts' },
  { workload: 'g-set', program: 'python/g-set.py', needs: 'python3' },
  { workload: 'broadcast', program: 'broadcast.ts' },
  { workload: 'g-counter', program: 'g-counter.ts' },
  { workload: 'g-counter', program: 'g-counter-seq-kv.ts' },
  { workload: 'pn-counter', program: 'pn-counter.ts' },
];

const BROKEN_WORKLOADS = ['echo', 'unique-ids', 'broadcast', 'g-set', 'g-counter', 'pn-counter'];

export const DEMO_CASES: readonly DemoCase[] = [
  ...EXAMPLES.map(({ calm, ...example }): DemoCase => ({
    ...example,
    world: 'real',
    expected: true,
    settings: calm === true ? CALM : CUT,
  })),
  ...EXAMPLES.filter(({ needs }) => needs === undefined).map(({ calm, ...example }): DemoCase => ({
    ...example,
    world: 'simulated',
    expected: true,
    settings: calm === true ? { ...CALM, timeLimitSeconds: 60 } : LONG,
  })),
  ...BROKEN_WORKLOADS.map((workload): DemoCase => ({
    workload,
    program: `broken/${workload}.ts`,
    world: 'simulated',
    expected: false,
    settings: BROKEN,
  })),
];
