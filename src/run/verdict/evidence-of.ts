/** The evidence that a run is wrong, as its workload provides it. */
import type { Evidence } from '../../checkers/evidence.ts';
import type { OperationNames } from '../../history/operation-names.ts';
import type { Workload } from '../../workloads/workload.ts';
import { namedByInvocation } from '../words/named-by-invocation.ts';
import type { TestResults } from './test-results.ts';

/** Returns undefined if the checker reached no verdict or there is nothing to show. */
export function evidenceOf(
  workload: Workload | undefined,
  { workload: result }: Pick<TestResults, 'workload'>,
  { nodeOf, numberOf }: Partial<OperationNames>,
): Evidence | undefined {
  if (result === undefined || typeof result['error'] === 'string') return undefined;
  return workload?.evidence?.(namedByInvocation(result, numberOf), nodeOf);
}
