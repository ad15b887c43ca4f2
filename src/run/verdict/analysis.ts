/**
 * The verdict of a run: checkers observe the history as it grows, and their results are merged under upstream's keys.
 *
 * A checker that throws is a bug of ours, not of the node: its part becomes `unknown` with the error, and the other
 * parts stand.
 */
import { boundedResult } from '../../checkers/bounded-result.ts';
import { AvailabilityChecker, type AvailabilityResult } from '../../checkers/outcomes/availability.ts';
import {
  mergeValidity,
  type Budget,
  type CheckResult,
  type Checker,
  type OrNoVerdict,
} from '../../checkers/checker.ts';
import { StatsChecker, type StatsResult } from '../../checkers/outcomes/stats.ts';
import type { Op } from '../../history/op.ts';
import type { NetResults } from '../../network/stats.ts';
import type { PreparedWorkload } from '../../workloads/workload.ts';
import type { AssertionsResult, FailedAssertion } from '../records/assertion-record.ts';
import type { UnreadInput } from '../cluster/cluster-node.ts';
import type { NodeProblem } from '../cluster/cluster.ts';
import {
  cutShortResult,
  openIfThrown,
  UnfinishedRequests,
  resultWhenCutShort,
  type CutShort,
} from './cut-short.ts';
import { GuardedChecker } from '../guards/guarded-checker.ts';
import type { InvariantsResult } from '../invariants/invariant-watch.ts';
import type { LivenessResult } from './liveness.ts';
import type { ErrorsResult } from '../records/outcome-tally.ts';
import type { ProtocolResult } from '../records/protocol-record.ts';
import {
  isBeyondSimulation,
  type NodesResult,
  type ShownProblem,
  type TestParts,
  type TestResults,
} from './test-results.ts';
import type { TestSpec } from '../test-spec.ts';

export type { TestResults } from './test-results.ts';

/** Findings from the parts of the run other than the history. */
export interface RunFindings {
  readonly net: NetResults;
  readonly protocol: ProtocolResult;
  readonly problems: readonly NodeProblem[];
  /** Assertions that nodes made, and the ones that failed; undefined if no node made any. */
  readonly assertions?: AssertionsResult | undefined;
  readonly failedAssertions?: readonly FailedAssertion[];
  /** Undefined if liveness was not requested, or the run ended before that phase. */
  readonly liveness?: LivenessResult | undefined;
  /** Undefined if there are no invariants. */
  readonly invariants?: InvariantsResult | undefined;
  /** How unsuccessful requests ended; see OutcomeTally. */
  readonly errors: ErrorsResult;
  /** Set if the run was interrupted. */
  readonly cutShort?: CutShort | undefined;
  /** Indexed by node: the service it used last, if that service may return stale reads. */
  readonly lastServices: ReadonlyMap<string, string>;
  /**
   * Indexed by node: how often it acknowledged a request right after a refused compare-and-set; see `refused-swaps.ts`.
   */
  readonly refusedSwaps?: ReadonlyMap<string, number>;
  /**
   * Indexed by node that was running but left a request unanswered: the stderr lines that look like the cause of a
   * crash.
   */
  readonly crashLines?: ReadonlyMap<string, readonly string[]>;
  /**
   * Returns possible causes if the workload's checker found something, and remarks on what it could not see; see
   * `hints/run-hints.ts`.
   */
  readonly hints?: (workload: CheckResult) => readonly string[];
  /**
   * Nodes that were no longer reading their stdin when the run ended, with the run's time in nanoseconds at which that
   * began.
   */
  readonly unread: readonly UnreadInput[];
}

export class Analysis {
  private readonly stats: GuardedChecker<StatsResult>;
  private readonly availability: GuardedChecker<AvailabilityResult>;
  private readonly workload: GuardedChecker<CheckResult>;
  private readonly checkers: readonly GuardedChecker<CheckResult>[];
  private readonly unfinished = new UnfinishedRequests();

  constructor(
    private readonly spec: TestSpec,
    private readonly prepared: PreparedWorkload,
    workload: Checker = prepared.checker(),
  ) {
    const { availability } = spec;
    this.stats = new GuardedChecker(new StatsChecker());
    this.availability = new GuardedChecker(
      new AvailabilityChecker(availability === undefined ? {} : { availability }),
    );
    this.workload = new GuardedChecker(workload);
    this.checkers = [this.stats, this.availability, this.workload];
  }

  observe(op: Op): void {
    for (const checker of this.checkers) checker.observe(op);
    this.unfinished.observe(op);
  }

  /** Returns the parts that follow from the history alone. Called exactly once, directly or by `results`. */
  judgeHistory(budget?: Budget, cutShort?: CutShort): Parts & Pick<TestParts, 'workload'> {
    const stats = this.statsResult();
    const availability = this.availability.result(budget);
    const workload = this.workload.result(budget);
    const parts = { perf: PERF, timeline: VALID, exceptions: VALID };
    if (cutShort === undefined) return { ...parts, stats, availability, workload };
    return {
      ...parts,
      stats: openIfThrown(this.unfinished.stats(stats), cutShort),
      availability: openIfThrown(
        this.unfinished.availability(availability, this.spec.availability, stats.count),
        cutShort,
      ),
      interrupted: cutShortResult(cutShort),
      workload: resultWhenCutShort(workload, this.prepared, cutShort),
    };
  }

  /** Returns all results. Called exactly once. */
  results(findings: RunFindings): TestResults {
    const { workload, ...others } = this.judgeHistory(undefined, findings.cutShort);
    const hints = findings.hints?.(workload) ?? [];
    return mergeParts({
      ...others,
      net: { ...findings.net, 'valid?': true },
      protocol: findings.protocol,
      nodes: nodesResult(findings),
      errors: findings.errors,
      ...(findings.liveness === undefined ? {} : { liveness: findings.liveness }),
      ...(findings.invariants === undefined ? {} : { invariants: findings.invariants }),
      ...(findings.assertions === undefined ? {} : { assertions: findings.assertions }),
      ...(hints.length === 0 ? {} : { hints: { 'valid?': true, hints } }),
      workload,
    });
  }

  private statsResult(): OrNoVerdict<StatsResult> {
    const stats: OrNoVerdict<StatsResult> = this.stats.result();
    // Upstream calls a run without requests valid; that is only right if no requests were configured.
    const proved = stats.count !== 0 || this.spec.rate === 0;
    return proved || stats['valid?'] !== true ? stats : { ...stats, 'valid?': 'unknown' };
  }
}

/**
 * Merges the parts; `valid?` is the worst of their verdicts. A run in which a node ended because it needed something
 * that the simulation lacks proves nothing about the program, whatever else was wrong.
 */
export function mergeParts(parts: Parts): TestResults {
  const verdicts = Object.values<CheckResult>(parts).map((part) => part['valid?']);
  const merged = mergeValidity(verdicts);
  const valid = merged === false && isBeyondSimulation(parts.nodes) ? 'unknown' : merged;
  return boundedResult<TestResults>({ ...parts, 'valid?': valid });
}

type Parts = { readonly [part: string]: CheckResult } & Partial<TestParts>;

const VALID: CheckResult = { 'valid?': true };
/** Upstream's checkers of performance draw a plot each, and are always content. */
const PERF = { 'latency-graph': VALID, 'rate-graph': VALID, ...VALID };

function nodesResult(findings: RunFindings): NodesResult {
  const { failedAssertions = [], lastServices, unread } = findings;
  const { refusedSwaps = new Map<string, number>(), crashLines = new Map<string, readonly string[]>() } =
    findings;
  // Failed assertions are listed among the problems by time, so that causes come before consequences.
  const problems = [...failedAssertions, ...findings.problems.map(shownProblem)].toSorted(
    (a, b) => a.time - b.time,
  );
  return {
    'valid?': problems.length === 0,
    problems,
    ...(unread.length === 0 ? {} : { unread }),
    ...(crashLines.size === 0 ? {} : { 'crash-lines': Object.fromEntries(crashLines) }),
    ...(lastServices.size === 0 ? {} : { 'last-service': Object.fromEntries(lastServices) }),
    ...(refusedSwaps.size === 0 ? {} : { 'refused-cas': Object.fromEntries(refusedSwaps) }),
  };
}

function shownProblem({ node, kind, message, time, exit }: NodeProblem): ShownProblem {
  if (exit === undefined) return { node, kind, message, time };
  const { code, signal, lastStderr, cause = [], byWatchdog, notSimulated } = exit;
  return {
    node,
    kind,
    message,
    time,
    code,
    signal,
    cause,
    'last-stderr': lastStderr,
    ...(byWatchdog === true ? { 'by-watchdog?': true } : {}),
    ...(notSimulated === true ? { 'not-simulated?': true } : {}),
  };
}
