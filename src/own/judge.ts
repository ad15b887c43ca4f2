/** How a user's workload is judged: a checker, and the meaning of its result. */
import type { CheckResult, Checker, NodeOf, NoVerdict, Validity } from '../checkers/checker.ts';
import type { Evidence } from '../checkers/evidence.ts';
import type { WorkloadOptions } from '../workloads/workload.ts';

/** `onOps`, `linearizable`, or a hand-written one: `{ checker: () => new SetFullChecker() }`. */
export interface Judge<Result extends CheckResult = CheckResult> {
  /** Makes a new checker for each run, and each time its history is judged again. */
  checker(options: WorkloadOptions): Checker<Result>;
  /** Returns what is wrong, in a sentence or two. */
  explain?(result: Result, nodeOf?: NodeOf): string | undefined;
  /** Returns the result in a few words, for the line of its check. */
  figure?(result: Result): string | undefined;
  /** Returns the operations that show what is wrong. */
  evidence?(result: Result, nodeOf?: NodeOf): Evidence | undefined;
  /**
   * Returns what the result proves about a run that ended before the final operations; by default `unknown` if the
   * workload has final operations, else what the result says.
   */
  verdictWithoutFinalReads?(result: Result | NoVerdict): Validity;
}
