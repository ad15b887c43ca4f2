/** Realtime order among some transactions, reduced: a -> c is left out when some b lies between. */
import { OUTCOME, type TransactionLog } from './transaction-log.ts';

/**
 * For each of the given transactions, which must be in the order of their numbers, the positions of those directly after it.
 *
 * x is directly before y exactly when it ended before y began, and not before the latest beginning among those that ended
 * before y began. Only transactions that ended `ok` come before others.
 */
export function realtimeSuccessors(log: TransactionLog, vertices: ArrayLike<number>): number[][] {
  const begins: number[] = [];
  const ended: { readonly position: number; readonly end: number }[] = [];
  const successors: number[][] = [];
  for (let position = 0; position < vertices.length; position++) {
    const vertex = vertices[position] ?? 0;
    begins.push(log.beginEpoch(vertex));
    successors.push([]);
    if (log.outcomes[vertex] === OUTCOME.ok) ended.push({ position, end: log.endEpochs[vertex] ?? 0 });
  }
  ended.sort((left, right) => left.end - right.end);
  const latestBegin: number[] = [];
  for (const { position } of ended) {
    latestBegin.push(Math.max(latestBegin.at(-1) ?? -1, begins[position] ?? 0));
  }
  let before = 0;
  for (let position = 0; position < begins.length; position++) {
    const begin = begins[position] ?? 0; // ascending, as the transactions are in order of invocation
    while (before < ended.length && (ended[before]?.end ?? 0) < begin) before++;
    const earliest = latestBegin[before - 1] ?? 0;
    for (let other = before - 1; other >= 0; other--) {
      const { position: from, end } = ended[other] ?? { position: 0, end: -1 };
      if (end < earliest) break;
      successors[from]?.push(position);
    }
  }
  return successors;
}
