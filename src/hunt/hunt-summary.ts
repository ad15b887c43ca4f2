/** What a hunt has come to, as it stands in its summary.json: written now and then while it goes on, and at its end. */
import { expectationSentences } from './expectations.ts';
import { fateSentences } from './fate-sentences.ts';
import type { FailureGroup, FoundFailure } from './failure-groups.ts';
import type { HuntEnd, HuntState } from './hunt.ts';
import type { HuntPlan } from './hunt-plan.ts';
import type { Doubt } from './job.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Tally } from './tally.ts';

const HUNT_SUMMARY_VERSION = 1;

export interface HuntSummary {
  readonly version: typeof HUNT_SUMMARY_VERSION;
  readonly workload: string;
  /** Where its runs took place; of real clusters the processor time is not measured. */
  readonly world: TestSpec['world'];
  /** As it was given. */
  readonly program: string;
  readonly seed: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Of a hunt that goes on `running`. */
  readonly end: HuntEnd | 'running';
  /** How long it has gone on since it was begun or resumed, in real time. */
  readonly seconds: number;
  /** Of all processes; 0 for real clusters. */
  readonly cpuSeconds: number;
  readonly workers: number;
  /** The faults that were allowed. */
  readonly faults: readonly string[];
  readonly tally: Tally;
  /** What became of messages between servers, in words. */
  readonly fates: readonly string[];
  /** What should come at least once, and in how many runs it came, in words: what never came first. */
  readonly expected: readonly string[];
  /** How many runs were repeated and compared. */
  readonly compared: number;
  readonly doubts: readonly SummarizedDoubt[];
  readonly failures: readonly SummarizedGroup[];
  /** Failures of further kinds, which were counted only. */
  readonly otherFailures: number;
}

export interface SummarizedDoubt {
  readonly run: number;
  readonly doubt: Doubt;
  /** The same in a sentence, where that says more. */
  readonly why?: string;
  /** The command line that runs it again. */
  readonly command: string;
}

export interface SummarizedGroup extends Omit<FailureGroup, 'first' | 'smallest'> {
  /** The number of the first run that failed so. */
  readonly firstRun: number;
  readonly smallest: SummarizedFailure;
}

export interface SummarizedFailure extends FoundFailure {
  /** The command line that shows it again. */
  readonly command: string;
}

export interface SummaryFacts {
  readonly plan: HuntPlan;
  readonly program: string;
  readonly seed: string;
  readonly startedAt: string;
  readonly end: HuntSummary['end'];
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly workers: number;
  /** The command line that runs that test. */
  readonly commandOf: (spec: FoundFailure['spec']) => string;
}

export function summaryOf(
  { tally, groups, compared, doubts }: HuntState,
  { plan, commandOf, ...facts }: SummaryFacts,
): HuntSummary {
  return {
    version: HUNT_SUMMARY_VERSION,
    workload: plan.base.workload,
    world: plan.base.world,
    ...facts,
    faults: plan.base.nemesis,
    tally,
    fates: fateSentences(tally.fates, plan.base.nemesis),
    expected: expectationSentences(tally.expected),
    compared,
    doubts: doubts.map(({ number, spec, ...doubt }) => ({ run: number, ...doubt, command: commandOf(spec) })),
    failures: groups.all().map(({ first, smallest, ...group }) => ({
      ...group,
      firstRun: first.number,
      smallest: { ...smallest, command: commandOf(smallest.spec) },
    })),
    otherFailures: groups.notKept,
  };
}

/** The same, where a failure has become a run of the store, or a small one. */
export function withKept(
  summary: HuntSummary,
  { number }: Pick<FoundFailure, 'number'>,
  runs: Pick<FoundFailure, 'kept' | 'shrunk'>,
): HuntSummary {
  const failures = summary.failures.map((group) =>
    group.smallest.number === number ? { ...group, smallest: { ...group.smallest, ...runs } } : group,
  );
  return { ...summary, failures };
}
