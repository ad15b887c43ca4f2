/**
 * The results of a run: one for each part, under upstream's keys, and `valid?`, the worst of them. A run of an older
 * version may lack some.
 */
import { withoutNote } from '../../checkers/bounded-result.ts';
import type { AvailabilityResult } from '../../checkers/outcomes/availability.ts';
import type { CheckResult, NoVerdict, OrNoVerdict } from '../../checkers/checker.ts';
import type { StatsResult } from '../../checkers/outcomes/stats.ts';
import type { NetResults } from '../../network/stats.ts';
import type { AssertionsResult, FailedAssertion } from '../records/assertion-record.ts';
import type { UnreadInput } from '../cluster/cluster-node.ts';
import type { NodeProblem } from '../cluster/cluster.ts';
import type { CutShortResult } from './cut-short.ts';
import type { HintsResult } from '../hints/run-hints.ts';
import type { InvariantsResult } from '../invariants/invariant-watch.ts';
import type { LivenessResult } from './liveness.ts';
import type { ErrorsResult } from '../records/outcome-tally.ts';
import type { ProtocolResult } from '../records/protocol-record.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

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
  readonly assertions: AssertionsResult;
  readonly liveness: LivenessResult;
  readonly invariants: InvariantsResult;
  readonly hints: HintsResult;
  readonly interrupted: CutShortResult;
};

export type NetResult = { readonly 'valid?': true } & NetResults;

export type NodesResult = {
  readonly 'valid?': boolean;
  readonly problems: readonly ShownProblem[];
  readonly unread?: readonly UnreadInput[];
  readonly 'crash-lines'?: Readonly<Record<string, readonly string[]>>;
  readonly 'last-service'?: Readonly<Record<string, string>>;
  readonly 'refused-cas'?: Readonly<Record<string, number>>;
};

/** A problem with the exit of its process if it crashed, or with the failed assertion. */
export type ShownProblem = Omit<NodeProblem, 'exit' | 'kind'> & {
  readonly kind: NodeProblem['kind'] | FailedAssertion['kind'];
  readonly code?: number | null;
  readonly signal?: string | null;
  readonly cause?: readonly string[];
  readonly 'last-stderr'?: readonly string[];
  readonly 'by-watchdog?'?: true;
  readonly 'not-simulated?'?: true;
} & Partial<Pick<FailedAssertion, 'name' | 'count' | 'details'>>;

/** Whether a node ended because it needed something that the simulation lacks. */
export const isBeyondSimulation = (nodes: Partial<NodesResult> | undefined): boolean =>
  withoutNote(nodes?.problems ?? []).some((problem) => problem['not-simulated?'] === true);

export const PART_MEANINGS = {
  workload: 'the result of the workload’s checker: see the workload',
  stats: 'how many operations succeeded',
  availability: 'whether enough requests succeeded for `--availability`',
  net: 'how many messages were sent',
  protocol: 'violations of the [protocol](../protocol.md#what-counts-as-wrong) by nodes',
  nodes: 'nodes that crashed, did not start, or reported a failed assertion',
  errors: 'outcomes of requests that did not succeed; does not change the verdict',
  assertions: '[assertions](../protocol.md#what-must-hold) reported by nodes, if any',
  liveness: 'whether a majority made [progress](../faults.md#liveness), if `--liveness` requires it',
  invariants: 'whether the invariants of `--invariant` held',
  hints: 'possible causes of the workload checker’s findings; does not change the verdict',
  interrupted: 'present if the run was ended early: what ended it',
} as const satisfies Meanings<TestParts>;

export const NODES_MEANINGS = {
  problems: 'problems of nodes, ordered by time',
  unread: 'nodes that had stopped reading their stdin when the run ended',
  'crash-lines':
    'for each node that left a request unanswered although it was running: lines of its stderr that look like the cause of a crash, perhaps of a thread',
  'last-service':
    'for each node, the service that it last called, if reads of that service may be stale; only in a run with a missed effect',
  'refused-cas':
    'in the counter workloads, for each node: how often it acknowledged a request right after a service had refused its `cas`, if it did so for most of the refusals',
} as const satisfies Meanings<NodesResult>;

export const PROBLEM_MEANINGS = {
  node: 'the node',
  kind: 'what happened: `crashed`, `not-initialised`, `not-restarted`, `set-up-failed`, or `assertion`',
  message: 'what happened, as a sentence',
  time: { unit: 'ns', meaning: 'when it happened, in run time' },
  code: 'the exit code of its process; null if a signal ended it',
  signal: 'the signal that ended its process; null if it exited by itself',
  cause: 'the lines of its log that show the cause',
  'last-stderr': 'the last lines of its log',
  'by-watchdog?': 'true if the simulation ended it because it used too much real time or memory',
  'not-simulated?':
    'true if the node ended because the simulation lacks something it needs. That proves nothing about the program, so the run is `unknown`',
  name: 'for an assertion: what must hold',
  count: 'for an assertion: how often it did not hold, over all nodes',
  details: 'for an assertion: the details that the node reported',
} as const satisfies Meanings<ShownProblem>;

/** Returns stored results as typed; their shapes are trusted. Entries without a verdict are dropped. */
export function resultsReadBack(results: object): TestResults {
  const parts = Object.entries<unknown>({ 'valid?': 'unknown', ...results }).filter(
    ([name, part]) => name === 'valid?' || (typeof part === 'object' && part !== null && 'valid?' in part),
  );
  return Object.fromEntries(parts) as unknown as TestResults;
}
