/** The results of a hunt, as in its summary.json, which is written from time to time and at the end. */
import { expectationSentences } from './coverage/expectations.ts';
import { fateSentences } from './coverage/fate-sentences.ts';
import type { FailureGroup, FoundFailure } from './failure-groups.ts';
import type { HuntEnd, HuntState } from './hunt.ts';
import type { HuntPlan } from './plan/hunt-plan.ts';
import type { Doubt } from './job.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Tally } from './tally.ts';

const HUNT_SUMMARY_VERSION = 1;

export interface HuntSummary {
  readonly version: typeof HUNT_SUMMARY_VERSION;
  readonly workload: string;
  /** Where its runs took place; CPU time is not measured for real clusters. */
  readonly world: TestSpec['world'];
  /** As given by the user. */
  readonly program: string;
  readonly seed: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** `running` while the hunt goes on. */
  readonly end: HuntEnd | 'running';
  /** Real time since it was begun or resumed. */
  readonly seconds: number;
  /** CPU time of all processes; 0 for real clusters. */
  readonly cpuSeconds: number;
  readonly workers: number;
  /** The faults that were allowed. */
  readonly faults: readonly string[];
  readonly tally: Tally;
  /** The fates of messages between servers, in words. */
  readonly fates: readonly string[];
  /** Expected events and the number of runs in which each occurred, in words; those that never occurred first. */
  readonly expected: readonly string[];
  /** Number of runs that were repeated and compared. */
  readonly compared: number;
  readonly doubts: readonly SummarizedDoubt[];
  /** A run that had taken long when the hunt was stopped. */
  readonly unfinished?: UnfinishedRun;
  readonly failures: readonly SummarizedGroup[];
  /** Number of failures of further kinds, which are only counted. */
  readonly otherFailures: number;
}

export interface SummarizedDoubt {
  readonly run: number;
  readonly doubt: Doubt;
  /** An explanatory sentence, where it adds something. */
  readonly why?: string;
  /** The command line that runs it again. */
  readonly command: string;
}

export interface UnfinishedRun {
  readonly run: number;
  /** Real time for which it had been in progress. */
  readonly seconds: number;
  readonly command: string;
}

export interface SummarizedGroup extends Omit<FailureGroup, 'first' | 'smallest'> {
  /** Number of the first run that failed this way. */
  readonly firstRun: number;
  readonly smallest: SummarizedFailure;
}

export interface SummarizedFailure extends FoundFailure {
  /** The command line that reproduces it. */
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
  readonly unfinished?: UnfinishedRun;
  /** Returns the command line that runs this test. */
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

/** Returns the summary with the stored or shrunk run added to a failure. */
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
