/** How a workload of the user's is judged: a checker, and what its result means. */
import type { CheckResult, Checker, NodeOf, NoVerdict, Validity } from '../checkers/checker.ts';
import type { Evidence } from '../checkers/evidence.ts';
import type { WorkloadOptions } from '../workloads/workload.ts';

/** `onOps`, `linearizable`, or one that is written by hand: `{ checker: () => new SetFullChecker() }`. */
export interface Judge<Result extends CheckResult = CheckResult> {
  /** Made anew for each run, and each time that its history is judged again. */
  checker(options: WorkloadOptions): Checker<Result>;
  /** What is wrong, in a sentence or two. */
  explain?(result: Result, nodeOf?: NodeOf): string | undefined;
  /** The result in few words, for the line of its check. */
  figure?(result: Result): string | undefined;
  /** Which operations show it. */
  evidence?(result: Result, nodeOf?: NodeOf): Evidence | undefined;
  /** What the result proves of a run that was ended before the final operations; what it says when left out. */
  verdictWithoutFinalReads?(result: Result | NoVerdict): Validity;
}
