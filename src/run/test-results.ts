/**
 * The results of a run: one for each part, under upstream's keys, and `valid?`, the worst of them. A run of an older
 * version may lack some.
 */
import { withoutNote } from '../checkers/bounded-result.ts';
import type { AvailabilityResult } from '../checkers/availability.ts';
import type { CheckResult, NoVerdict, OrNoVerdict } from '../checkers/checker.ts';
import type { StatsResult } from '../checkers/stats.ts';
import type { NetResults } from '../network/stats.ts';
import type { AssertionsResult, FailedAssertion } from './records/assertion-record.ts';
import type { UnreadInput } from './cluster/cluster-node.ts';
import type { NodeProblem } from './cluster/cluster.ts';
import type { CutShortResult } from './cut-short.ts';
import type { HintsResult } from './hints/run-hints.ts';
import type { InvariantsResult } from './invariant-watch.ts';
import type { LivenessResult } from './liveness.ts';
import type { ErrorsResult } from './records/outcome-tally.ts';
import type { ProtocolResult } from './records/protocol-record.ts';
import type { Meanings } from '../protocol/key-meaning.ts';

/** `Result` is the type of the workload checker's result. */
export type TestResults<Result extends CheckResult = CheckResult> = CheckResult & Partial<TestParts<Result>>;

export type TestParts<Result extends CheckResult = CheckResult> = {
  /** No verdict if the checker failed. */
  readonly workload: Result | NoVerdict;
  readonly stats: OrNoVerdict<StatsResult>;
  readonly availability: OrNoVerdict<AvailabilityResult>;
  readonly net: NetResult;
  readonly protocol: ProtocolResult;
  readonly nodes: NodesResult;
  readonly errors: ErrorsResult;
  /** Present if nodes make assertions. */
  readonly assertions: AssertionsResult;
  /** Present if progress of a majority was demanded. */
  readonly liveness: LivenessResult;
  /** Present if there are invariants. */
  readonly invariants: InvariantsResult;
  /** Present if the workload's checker found something and a possible cause is known. */
  readonly hints: HintsResult;
  /** Present if the run was interrupted. */
  readonly interrupted: CutShortResult;
};

export type NetResult = { readonly 'valid?': true } & NetResults;

export type NodesResult = {
  readonly 'valid?': boolean;
  readonly problems: readonly ShownProblem[];
  readonly unread?: readonly UnreadInput[];
  /**
   * Indexed by node that was running but left a request unanswered: the stderr lines that look like the cause of a
   * crash.
   */
  readonly 'crash-lines'?: Readonly<Record<string, readonly string[]>>;
  /** Indexed by node: the service it used last, if that service may return stale reads; see `stale-service.ts`. */
  readonly 'last-service'?: Readonly<Record<string, string>>;
  /**
   * Indexed by node: how often it acknowledged a request right after a refused compare-and-set; see `refused-swaps.ts`.
   */
  readonly 'refused-cas'?: Readonly<Record<string, number>>;
};

/** A problem with the exit of its process if it crashed, or with the failed assertion. */
export type ShownProblem = Omit<NodeProblem, 'exit' | 'kind'> & {
  readonly kind: NodeProblem['kind'] | FailedAssertion['kind'];
  readonly code?: number | null;
  readonly signal?: string | null;
  readonly cause?: readonly string[];
  readonly 'last-stderr'?: readonly string[];
  /** Set if the simulation ended the node for its use of real time or memory, which the seed does not determine. */
  readonly 'by-watchdog?'?: true;
  /** Set if the node ended for want of something that the simulation lacks: it says nothing about the program. */
  readonly 'not-simulated?'?: true;
} & Partial<Pick<FailedAssertion, 'name' | 'count' | 'details'>>;

/** Whether a node ended for want of something that the simulation lacks. */
export const isBeyondSimulation = (nodes: Partial<NodesResult> | undefined): boolean =>
  withoutNote(nodes?.problems ?? []).some((problem) => problem['not-simulated?'] === true);

/** The meaning of each part of a run's results. */
export const PART_MEANINGS = {
  workload: 'what the checker of the workload found: see the workload',
  stats: 'how many operations succeeded',
  availability: 'whether as many requests succeeded as `--availability` asks for',
  net: 'how many messages were sent',
  protocol: 'what nodes did that the [protocol](../protocol.md#what-counts-as-wrong) does not allow',
  nodes: 'nodes that crashed, did not start, or say that something does not hold',
  errors: 'how requests ended that did not succeed; changes no verdict',
  assertions: 'what nodes say [must hold](../protocol.md#what-must-hold), where they say it',
  liveness: 'whether a majority made [progress](../faults.md#liveness), where `--liveness` demands it',
  invariants: 'whether the invariants of `--invariant` held',
  hints: 'what may be the cause of what the workload’s checker found; changes no verdict',
  interrupted: 'that the run was ended before its time, and by what',
} as const satisfies Meanings<TestParts>;

export const NODES_MEANINGS = {
  problems: 'what is wrong with nodes, in order of time',
  unread: 'nodes that had stopped reading their stdin when the run ended',
  'crash-lines':
    'by node that left a request unanswered although it ran, the lines of its stderr that look like the cause of a crash: that of a thread, perhaps',
  'last-service':
    'by node the service that it asked last, where that is one whose reads may be old; of a run in which something was missed',
  'refused-cas':
    'in the counter workloads, by node how often it acknowledged a request right after a service had refused its `cas`, where that is most of its refusals',
} as const satisfies Meanings<NodesResult>;

export const PROBLEM_MEANINGS = {
  node: 'the node',
  kind: 'what happened: `crashed`, `not-initialised`, `not-restarted`, `set-up-failed`, or `assertion`',
  message: 'what happened, in a sentence',
  time: { unit: 'ns', meaning: 'when, in time of the run' },
  code: 'the exit code of its process; null where a signal ended it',
  signal: 'the signal that ended its process; null where it ended by itself',
  cause: 'the lines of its log that name the cause',
  'last-stderr': 'the last lines of its log',
  'by-watchdog?': 'true where the simulation ended it for the real time or the memory that it took',
  'not-simulated?':
    'true where the node ended for want of something that the simulation lacks, which says nothing about the program: the run is `unknown`',
  name: 'of an assertion: what must hold',
  count: 'of an assertion: how often it did not hold, over all nodes',
  details: 'of an assertion: what the node gave with it',
} as const satisfies Meanings<ShownProblem>;

/** Returns stored results as typed; their shapes are trusted. Entries without a verdict are dropped. */
export function resultsReadBack(results: object): TestResults {
  const parts = Object.entries<unknown>({ 'valid?': 'unknown', ...results }).filter(
    ([name, part]) => name === 'valid?' || (typeof part === 'object' && part !== null && 'valid?' in part),
  );
  return Object.fromEntries(parts) as unknown as TestResults;
}
