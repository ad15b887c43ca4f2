/** Selects the evidence shown first: the simplest anomaly, and the key that became invalid first. */
import type { Anomaly, ImpossibleOperation, JudgedKey } from '../../checkers/evidence.ts';

export interface WrongKey {
  readonly key: string;
  readonly isAll: boolean;
  readonly impossible: ImpossibleOperation;
}

export const simplestFirst = (anomalies: readonly Anomaly[]): readonly Anomaly[] =>
  anomalies.toSorted((a, b) => difficulty(a) - difficulty(b));

/** Sorts anomalies that name operations first, and shorter cycles before longer ones. */
function difficulty({ simplest: { cycle, operations } }: Anomaly): number {
  if (operations.length === 0) return 1000;
  // A single operation does not show which other operation it contradicts.
  if (cycle === undefined) return operations.length === 1 ? 4 : 1;
  return cycle.transactions.length;
}

export const wrongKeys = (keys: readonly JudgedKey[]): readonly WrongKey[] =>
  keys
    .flatMap(({ key, isAll = false, impossible }): WrongKey[] =>
      impossible === undefined ? [] : [{ key, isAll, impossible }],
    )
    .toSorted((a, b) => a.impossible.op.index - b.impossible.op.index);
