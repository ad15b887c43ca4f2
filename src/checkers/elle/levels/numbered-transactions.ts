/** Transactions that took effect, numbered for deciding, and the session and realtime order between them. */
import { present } from '../../../columns/present.ts';
import type { VersionHistory } from '../../decide/version-history.ts';
import type { OrderRelation } from '../graph/dependency-graph.ts';
import { OUTCOME, type TransactionLog } from '../transactions/transaction-log.ts';

export class TransactionNumbers {
  readonly vertices: readonly number[];
  /** Indexed by vertex: its number, or -1. */
  readonly numbers: Int32Array;

  constructor(log: TransactionLog, tookEffect: Uint8Array) {
    const vertices: number[] = [];
    this.numbers = new Int32Array(log.count).fill(-1);
    for (let vertex = 0; vertex < log.count; vertex++)
      if (log.outcomes.values[vertex] === OUTCOME.ok || tookEffect[vertex] === 1)
        this.numbers[vertex] = vertices.push(vertex) - 1;
    this.vertices = vertices;
  }
}

/**
 * Returns the order between transactions. A crashed transaction follows what completed before it began, but precedes
 * nothing: it may have taken effect at any time.
 */
export function orderBetween(
  log: TransactionLog,
  { vertices }: TransactionNumbers,
  order: OrderRelation,
): Pick<VersionHistory, 'sessions' | 'realtime' | 'hints'> {
  const begins = vertices.map((vertex) => log.beginEpoch(vertex));
  const ends = vertices.map((vertex) =>
    log.outcomes.values[vertex] === OUTCOME.ok ? present(log.endEpochs.values[vertex]) : -1,
  );
  const sessions: (readonly [number, number])[] = [];
  if (order === 'process' || (order === 'realtime' && log.hasOnlyCompletions)) {
    const last = new Map<number, number>();
    for (const [number, vertex] of vertices.entries()) {
      const process = present(log.processes.values[vertex]);
      const before = last.get(process);
      if (before !== undefined) sessions.push([before, number]);
      if (log.outcomes.values[vertex] === OUTCOME.ok) last.set(process, number);
    }
  }
  return {
    sessions,
    realtime:
      order === 'realtime' && !log.hasOnlyCompletions
        ? { epochs: log.epochStarts.length, begins, ends }
        : undefined,
    hints: vertices.map((vertex, number) => {
      const end = present(ends[number]);
      return (end < 0 ? present(begins[number]) : end) + vertex / (log.count + 1);
    }),
  };
}
