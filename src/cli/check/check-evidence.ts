/** The evidence that an external history is invalid, by the model it was checked against: see checkers/evidence.ts. */
import type { CheckResult } from '../../checkers/checker.ts';
import type { Evidence, JudgedKey } from '../../checkers/evidence.ts';
import type { LastReadSetResult } from '../../checkers/sets/last-read-set.ts';
import { impossibleOperation } from '../../checkers/linearizable/explain-cas-register.ts';
import type { LinearizableResult } from '../../checkers/linearizable/linearizable.ts';
import { WORKLOADS } from '../../workloads/index.ts';

/** Models whose results have the form of a workload's results, so that the workload provides the evidence. */
const WORKLOADS_OF_MODELS = new Map([
  ['list-append', 'txn-list-append'],
  ['rw-register', 'txn-rw-register'],
  ['set-full', 'g-set'],
  ['pn-counter', 'pn-counter'],
  ['g-counter', 'pn-counter'],
  ['unique-ids', 'unique-ids'],
  ['kafka', 'kafka'],
]);

const ELEMENTS_SHOWN = 20;

/** Returns undefined if the history is valid, or the model has no evidence. Operations are indexed by their numbers. */
export function evidenceOfModel(model: string, result: CheckResult): Evidence | undefined {
  if (typeof result['error'] === 'string' || result['valid?'] !== false) return undefined;
  switch (model) {
    // The name of the model determines the type of the result.
    case 'register':
    case 'cas-register':
    case 'kv':
    case 'mutex':
    case 'fifo-queue':
    case 'unordered-queue':
    case 'linearizable-set':
      return objectsEvidence(result as LinearizableResult);
    case 'set':
      return lastReadEvidence(result as LastReadSetResult);
    default:
      return WORKLOADS.get(WORKLOADS_OF_MODELS.get(model) ?? '')?.evidence?.(result);
  }
}

function objectsEvidence(result: LinearizableResult): Evidence {
  const keys =
    result.results === undefined
      ? [{ key: '', isAll: true as const, result, impossible: impossibleOperation(result) }]
      : Object.entries(result.results).map(([key, one]): JudgedKey => ({
          key,
          result: one,
          impossible: impossibleOperation(one),
        }));
  return { kind: 'keys', keys };
}

function lastReadEvidence(result: LastReadSetResult): Evidence | undefined {
  if (result.error !== undefined) return undefined;
  const operations = [result['last-read'].index];
  const elements = [
    ...result.lost.map((element) => ({ element, fate: 'lost' as const, operations })),
    ...result.unexpected.map((element) => ({ element, fate: 'phantom' as const, operations })),
  ];
  return { kind: 'elements', elements: elements.slice(0, ELEMENTS_SHOWN), total: elements.length };
}
