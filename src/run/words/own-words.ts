/**
 * What a workload of the user's says of its result, kept in the result: its page and the list of runs are made where only the
 * name of the workload is known.
 */
import type { OperationNames } from '../../history/operation-names.ts';
import type { Workload } from '../../workloads/workload.ts';
import { isOwnWorkload } from '../guarded-workload.ts';
import { namedByInvocation } from './named-by-invocation.ts';
import type { TestResults } from '../test-results.ts';

/** The same results for a workload of ours. */
export function withOwnWords(
  workload: Workload,
  results: TestResults,
  { nodeOf, numberOf }: OperationNames,
): TestResults {
  const { workload: result } = results;
  if (result === undefined || typeof result['error'] === 'string' || !isOwnWorkload(workload)) return results;
  const explanation = workload.explain?.(namedByInvocation(result, numberOf), nodeOf);
  const figure = workload.figure?.(result);
  return {
    ...results,
    workload: {
      ...result,
      ...(explanation === undefined ? {} : { explanation }),
      ...(figure === undefined ? {} : { figure }),
    },
  };
}

/** Reads them from there. */
export const KEPT_WORDS: Pick<Workload, 'explain' | 'figure' | 'remark' | 'evidence'> = {
  explain: ({ explanation }) => (typeof explanation === 'string' ? explanation : undefined),
  figure: ({ figure }) => (typeof figure === 'string' ? figure : undefined),
};
