import type { Budget, ResultValue } from '../checker.ts';
import type { KafkaOperations } from './operations.ts';
import type { KeyOrder, Reads } from './version-orders.ts';

export function findCycles(
  operations: KafkaOperations,
  orders: readonly KeyOrder[],
  reads: Reads,
  wwDeps: boolean,
  budget: Budget | undefined,
): ReadonlyMap<string, true | readonly ResultValue[]> {
  void [operations, orders, reads, wwDeps, budget];
  return new Map();
}
