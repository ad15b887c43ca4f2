/**
 * What counts of a history for the levels here: transactions that took effect, the keys that each wrote, what each read before
 * it wrote that key itself, and from whom.
 *
 * Left out are reads of which it is not certain whose write they show, and those that are wrong by themselves (of what failed,
 * was written over, or was never written): other anomalies say so.
 */
import type { Json } from '../../protocol/json.ts';
import { present } from '../../columns/present.ts';
import { Int32Column } from '../../columns/column.ts';
import type { StepEvidence } from '../elle/dependency-graph.ts';
import { OUTCOME, type TransactionLog } from '../elle/transaction-log.ts';

/** In place of a writer: the initial state. */
export const INITIAL = -1;

export interface VisibleHistory {
  readonly log: TransactionLog;
  readonly keys: number;
  /** By transaction: 1 where it took effect. */
  readonly counts: Uint8Array;
  /** Reads of transaction t are those from `readStarts[t]` to `readStarts[t + 1]`, in its order. */
  readonly readStarts: Int32Array;
  readonly readKeys: Int32Column;
  readonly readFrom: Int32Column;
  /** The micro-operation. */
  readonly readRows: Int32Column;
  /** Written keys of t, each once, from `writeStarts[t]` to `writeStarts[t + 1]`. */
  readonly writeStarts: Int32Array;
  readonly writeKeys: Int32Column;
  /** Pairs of transactions of which the first wrote a version before that of the second; by the second. Undefined where no order shows. */
  readonly before: EdgesByTarget | undefined;
  /** Reads of a key that do not show what their own transaction wrote to it last: the micro-operation, and what was expected. */
  readonly missedOwnWrites: readonly MissedOwnWrite[];
  /** Evidence for a read: `wr` from its writer, `rw` to a writer of the key that it missed. */
  explainRead(read: number): StepEvidence;
  explainMissed(read: number, writer: number): StepEvidence;
  /** `ww` of that key, from one writer of it to another. */
  explainWrites(key: number, from: number, to: number): StepEvidence;
}

export interface MissedOwnWrite {
  readonly transaction: number;
  readonly row: number;
  readonly expected: Json;
}

/** The sources of the edges into t are those from `starts[t]` to `starts[t + 1]`. */
export interface EdgesByTarget {
  readonly starts: Int32Array;
  readonly sources: Int32Array;
  /** What each edge is about: a key, or a row of another table. */
  readonly abouts: Int32Array;
}

/** Edges as they come, sorted by target once all are there. */
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

/** By transaction: the one before it in its session, or -1. Crashed ones come after others, and none comes after them. */
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
