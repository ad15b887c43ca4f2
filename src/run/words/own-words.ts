/**
 * Keeps in the result what a user's workload says about it: pages and the list of runs know only the name of the
 * workload.
 */
import type { OperationNames } from '../../history/operation-names.ts';
import type { Workload } from '../../workloads/workload.ts';
import { isOwnWorkload } from '../guards/guarded-workload.ts';
import { namedByInvocation } from './named-by-invocation.ts';
import type { TestResults } from '../verdict/test-results.ts';

/** Adds these texts to the results; returns those of a built-in workload unchanged. */
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

/** Reads these texts from the result. */
export const KEPT_WORDS: Pick<Workload, 'explain' | 'figure' | 'remark' | 'evidence'> = {
  explain: ({ explanation }) => (typeof explanation === 'string' ? explanation : undefined),
  figure: ({ figure }) => (typeof figure === 'string' ? figure : undefined),
};
