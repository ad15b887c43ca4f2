/** Realtime order among some transactions, reduced: a -> c is left out if some b lies between. */
import { present } from '../../../columns/present.ts';
import { OUTCOME, type TransactionLog } from '../transactions/transaction-log.ts';

/**
 * Returns for each of the given transactions the positions of its direct successors. Requires `vertices` in ascending
 * order.
 *
 * x directly precedes y exactly when it ended before y began, and not before the latest beginning among those that
 * ended before y began. Only transactions that ended `ok` precede others.
 */
export function realtimeSuccessors(log: TransactionLog, vertices: ArrayLike<number>): number[][] {
  const begins: number[] = [];
  const ended: { readonly position: number; readonly end: number }[] = [];
  const successors: number[][] = [];
  for (let position = 0; position < vertices.length; position++) {
    const vertex = present(vertices[position]);
    begins.push(log.beginEpoch(vertex));
    successors.push([]);
    if (log.outcomes.values[vertex] === OUTCOME.ok)
      ended.push({ position, end: present(log.endEpochs.values[vertex]) });
  }
  ended.sort((left, right) => left.end - right.end);
  const latestBegin: number[] = [];
  for (const { position } of ended) {
    latestBegin.push(Math.max(latestBegin.at(-1) ?? -1, present(begins[position])));
  }
  let before = 0;
  for (let position = 0; position < begins.length; position++) {
    const begin = present(begins[position]); // ascending, since transactions are in order of invocation
    while (before < ended.length && (ended[before]?.end ?? 0) < begin) before++;
    if (before === 0) continue;
    const earliest = present(latestBegin[before - 1]);
    for (let other = before - 1; other >= 0; other--) {
      const { position: from, end } = ended[other] ?? { position: 0, end: -1 };
      if (end < earliest) break;
      successors[from]?.push(position);
    }
  }
  return successors;
}
