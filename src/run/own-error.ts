/**
 * Runs that have no verdict since a file of the user's was at fault. In one run its results say so; a search of many runs would
 * count them as runs in which nothing was wrong, and ends instead.
 */
import { UserError } from '../protocol/user-error.ts';
import type { Workload } from '../workloads/workload.ts';
import { isOwnWorkload } from './guarded-workload.ts';
import type { TestResults } from './test-results.ts';

/** How the words of a checker that threw begin. */
export const CHECKER_FAILED = 'the checker failed';

/** Throws a UserError with what was thrown, where nothing was proved wrong before. */
export function refuseOwnError(results: TestResults, workload: Workload): void {
  if (results['valid?'] === false) return;
  const thrown = results.interrupted?.error ?? thrownByChecker(results, workload);
  if (thrown === undefined) return;
  throw new UserError(
    `A file of yours is at fault: ${thrown.replace(/\.$/, '')}${thrown.endsWith('?') ? '' : '.'}`,
    'Such runs prove nothing about the program, so the search has ended. Mend the file, and begin anew.',
  );
}

function thrownByChecker({ workload: judged }: TestResults, workload: Workload): string | undefined {
  const { error }: { readonly error?: unknown } = Object(judged);
  return isOwnWorkload(workload) && typeof error === 'string' && error.startsWith(CHECKER_FAILED)
    ? `${workload.name}: ${error}`
    : undefined;
}
