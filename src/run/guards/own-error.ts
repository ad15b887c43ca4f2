/**
 * Runs without a verdict because a file of the user's is at fault. The results of a single run say so; a search over
 * many runs would count them as runs in which nothing was wrong, so it ends instead.
 */
import type { CheckerFailure } from '../../checkers/checker.ts';
import { UserError } from '../../protocol/user-error.ts';
import { WHEN_INTERRUPTED } from '../../world/own-work.ts';
import type { Workload } from '../../workloads/workload.ts';
import { isOwnWorkload } from './guarded-workload.ts';
import type { TestResults } from '../verdict/test-results.ts';

/** Throws a UserError with the user's error, unless the run was already proved invalid. */
export function refuseOwnError(results: TestResults, workload: Workload): void {
  const thrown = ownErrorOf(results, workload);
  if (thrown === undefined) return;
  throw new UserError(
    `${failureWords(thrown).replace(/\.$/, '')}${thrown.endsWith('?') ? '' : '.'}`,
    'Such runs prove nothing about the program, so the search has ended. Fix the file and start again.',
  );
}

/** A slow checker is not reported as a mistake in the user's file. */
export const failureWords = (failure: string): string =>
  failure.includes(WHEN_INTERRUPTED)
    ? failure.replace(/^.*?the checker failed: /, '')
    : `One of your own files failed: ${failure}`;

/** Returns the user's error; undefined if there was none or the run was already proved invalid. */
export function ownErrorOf(results: TestResults, workload: Workload): string | undefined {
  if (results['valid?'] === false) return undefined;
  return (
    results.interrupted?.error ??
    (isOwnWorkload(workload) ? failureOfChecker(results.workload, workload.name) : undefined)
  );
}

/** Returns the error in words if that workload's checker threw or was terminated. */
export function failureOfChecker(judged: unknown, workload: string): string | undefined {
  const { error, 'checker-failed?': failed }: Partial<CheckerFailure> = Object(judged);
  return failed === true && typeof error === 'string' ? `${workload}: ${error}` : undefined;
}
