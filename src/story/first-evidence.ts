/** Which of the evidence is told first: what is read most easily of anomalies, and the key that went wrong first. */
import type { Anomaly, ImpossibleOperation, JudgedKey } from '../checkers/evidence.ts';

export interface WrongKey {
  readonly key: string;
  readonly isAll: boolean;
  readonly impossible: ImpossibleOperation;
}

export const simplestFirst = (anomalies: readonly Anomaly[]): readonly Anomaly[] =>
  anomalies.toSorted((a, b) => difficulty(a) - difficulty(b));

/** Those that name operations first, and the shorter cycles. */
function difficulty({ simplest: { cycle, operations } }: Anomaly): number {
  if (operations.length === 0) return 1000;
  // One operation by itself does not say whose work it contradicts.
  if (cycle === undefined) return operations.length === 1 ? 10 : 1;
  return cycle.transactions.length;
}

export const wrongKeys = (keys: readonly JudgedKey[]): readonly WrongKey[] =>
  keys
    .flatMap(({ key, isAll = false, impossible }): WrongKey[] =>
      impossible === undefined ? [] : [{ key, isAll, impossible }],
    )
    .toSorted((a, b) => a.impossible.op.index - b.impossible.op.index);
