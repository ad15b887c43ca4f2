/**
 * Runs that have no verdict since a file of the user's was at fault. In one run its results say so; a search of many runs would
 * count them as runs in which nothing was wrong, and ends instead.
 */
import type { CheckerFailure } from '../checkers/checker.ts';
import { UserError } from '../protocol/user-error.ts';
import { WHEN_INTERRUPTED } from '../world/own-work.ts';
import type { Workload } from '../workloads/workload.ts';
import { isOwnWorkload } from './guarded-workload.ts';
import type { TestResults } from './test-results.ts';

/** Throws a UserError with what was thrown, where nothing was proved wrong before. */
export function refuseOwnError(results: TestResults, workload: Workload): void {
  const thrown = ownErrorOf(results, workload);
  if (thrown === undefined) return;
  throw new UserError(
    `${failureWords(thrown).replace(/\.$/, '')}${thrown.endsWith('?') ? '' : '.'}`,
    'Such runs prove nothing about the program, so the search has ended. Mend the file, and begin anew.',
  );
}

/** That a checker is slow is no mistake of it. */
export const failureWords = (failure: string): string =>
  failure.includes(WHEN_INTERRUPTED)
    ? failure.replace(/^.*?the checker failed: /, '')
    : `A file of yours is at fault: ${failure}`;

/** What was thrown; undefined where nothing was, or something was proved wrong before. */
export function ownErrorOf(results: TestResults, workload: Workload): string | undefined {
  if (results['valid?'] === false) return undefined;
  return (
    results.interrupted?.error ??
    (isOwnWorkload(workload) ? failureOfChecker(results.workload, workload.name) : undefined)
  );
}

/** In words, where the checker of that workload has thrown or was ended. */
export function failureOfChecker(judged: unknown, workload: string): string | undefined {
  const { error, 'checker-failed?': failed }: Partial<CheckerFailure> = Object(judged);
  return failed === true && typeof error === 'string' ? `${workload}: ${error}` : undefined;
}
