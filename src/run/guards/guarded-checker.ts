/** A checker whose errors are no verdict: the result says what it threw. */
import type { Budget, Checker, CheckerFailure, CheckResult, NoVerdict } from '../../checkers/checker.ts';
import type { Op } from '../../history/op.ts';

/** A checker that has thrown has no verdict, and is not called again. */
export class GuardedChecker<Result extends CheckResult> {
  private failure: NoVerdict | undefined;

  constructor(private readonly checker: Checker<Result>) {}

  observe(op: Op): void {
    if (this.failure !== undefined) return;
    try {
      this.checker.observe(op);
    } catch (error) {
      this.failure = failureOf(error, ` at operation ${op.index}`);
    }
  }

  result(budget?: Budget): Result | NoVerdict {
    if (this.failure !== undefined) return this.failure;
    try {
      return this.checker.result(budget);
    } catch (error) {
      return failureOf(error, '');
    }
  }
}

/** Returns the result of a checker that threw; `where` follows `failed`. */
export function failureOf(error: unknown, where: string): CheckerFailure {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { 'valid?': 'unknown', error: `the checker failed${where}: ${text}`, 'checker-failed?': true };
}
