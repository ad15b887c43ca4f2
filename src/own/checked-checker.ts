/** Validates what a function of the user's returned as a checker, possibly without type checking. */
import type { Checker, CheckResult } from '../checkers/checker.ts';
import { WrongReturn } from '../protocol/wrong-return.ts';
import { refusePromise, seenReturned } from './returned.ts';

/** Throws a WrongReturn if the value is not a checker. `by` is the function that returned it. */
export function checkedChecker<Result extends CheckResult>(
  checker: Checker<Result>,
  by: unknown,
): Checker<Result> {
  refusePromise('`checker`', checker, by);
  const { observe, result }: { readonly observe?: unknown; readonly result?: unknown } = Object(checker);
  if (typeof observe === 'function' && typeof result === 'function') return checker;
  const missing = typeof observe === 'function' ? 'result' : 'observe';
  throw new WrongReturn(
    `\`checker\` returned ${typeof checker === 'object' && checker !== null ? `an object without the function \`${missing}\`` : seenReturned(checker)}; expected an object with the functions observe(op) and result()`,
    by,
  );
}
