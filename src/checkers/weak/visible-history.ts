/**
 * The part of a history that matters for the weak levels: transactions that took effect, the keys that each wrote, what
 * each read before its own first write of a key, and from which writer.
 *
 * Left out are reads whose writer is uncertain, and reads that are wrong by themselves (of failed, overwritten or never
 * written values): other anomalies cover them.
 */
import type { Json } from '../../protocol/json.ts';
import { present } from '../../columns/present.ts';
import { Int32Column } from '../../columns/column.ts';
import type { StepEvidence } from '../elle/graph/dependency-graph.ts';
import { OUTCOME, type TransactionLog } from '../elle/transactions/transaction-log.ts';

/** Stands for the initial state instead of a writer. */
export const INITIAL = -1;

export interface VisibleHistory {
  readonly log: TransactionLog;
  readonly keys: number;
  /** Indexed by transaction: 1 if it took effect. */
  readonly counts: Uint8Array;
  /** The reads of transaction t are those from `readStarts[t]` to `readStarts[t + 1]`, in its order. */
  readonly readStarts: Int32Array;
  readonly readKeys: Int32Column;
  readonly readFrom: Int32Column;
  /** The row of the micro-operation. */
  readonly readRows: Int32Column;
  /** The written keys of t, without duplicates, from `writeStarts[t]` to `writeStarts[t + 1]`. */
  readonly writeStarts: Int32Array;
  readonly writeKeys: Int32Column;
  /**
   * Pairs of transactions, the first of which wrote a version before the second's; by the second. Undefined if no
   * version order is known.
   */
  readonly before: EdgesByTarget | undefined;
  /**
   * Pairs of transactions, the second of which read what the first wrote, after having written the key itself; by the second,
   * with the row of the read. It shows nothing but that the first committed before: no level says which version such a read
   * must not miss. Undefined if there are none.
   */
  readonly readAfterWriting: EdgesByTarget | undefined;
  /**
   * Reads of a key that do not show their own transaction's last write of it: the micro-operation, and the expected
   * value.
   */
  readonly missedOwnWrites: readonly MissedOwnWrite[];
  /** Returns evidence for a read: `wr` from its writer, or `rw` to a writer of the key that it missed. */
  explainRead(read: number): StepEvidence;
  explainMissed(read: number, writer: number): StepEvidence;
  explainReadAfterWriting(row: number, writer: number): StepEvidence;
  /** Returns `ww` evidence for a key, from one of its writers to another. */
  explainWrites(key: number, from: number, to: number): StepEvidence;
}

export interface MissedOwnWrite {
  readonly row: number;
  readonly expected: Json;
}

/** The sources of the edges into t are those from `starts[t]` to `starts[t + 1]`. */
export interface EdgesByTarget {
  readonly starts: Int32Array;
  readonly sources: Int32Array;
  /** The label of each edge: a key, or a row of another table. */
  readonly abouts: Int32Array;
}

/** A growing list of edges, which can be sorted by target once complete. */
export class Edges {
  readonly sources = new Int32Column();
  readonly targets = new Int32Column();
  readonly abouts = new Int32Column();

  add(source: number, target: number, about: number): void {
    this.sources.push(source);
    this.targets.push(target);
    this.abouts.push(about);
  }

  get length(): number {
    return this.sources.length;
  }

  byTarget(transactions: number): EdgesByTarget {
    const { length } = this;
    const starts = new Int32Array(transactions + 1);
    const targets = this.targets.values;
    for (let edge = 0; edge < length; edge++) {
      const next = present(targets[edge]) + 1;
      starts[next] = present(starts[next]) + 1;
    }
    for (let t = 0; t < transactions; t++) starts[t + 1] = present(starts[t + 1]) + present(starts[t]);
    const places = starts.slice();
    const sources = new Int32Array(length);
    const abouts = new Int32Array(length);
    for (let edge = 0; edge < length; edge++) {
      const target = present(targets[edge]);
      const place = present(places[target]);
      places[target] = place + 1;
      sources[place] = present(this.sources.values[edge]);
      abouts[place] = present(this.abouts.values[edge]);
    }
    return { starts, sources, abouts };
  }
}

/**
 * Returns each transaction's predecessor in its session, or -1. Crashed transactions follow others, but nothing follows
 * them.
 */
export function previousInSession({ log, counts }: Pick<VisibleHistory, 'log' | 'counts'>): Int32Array {
  const previous = new Int32Array(log.count).fill(-1);
  const last = new Map<number, number>();
  for (let t = 0; t < log.count; t++) {
    if (counts[t] !== 1) continue;
    const process = present(log.processes.values[t]);
    previous[t] = last.get(process) ?? -1;
    if (log.outcomes.values[t] === OUTCOME.ok) last.set(process, t);
  }
  return previous;
}
