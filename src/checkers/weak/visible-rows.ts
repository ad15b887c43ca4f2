/**
 * Collects the visible part of a history, transaction by transaction: the same for lists and registers, which only
 * differ in what their rows of micro-operations mean.
 */
import type { Json } from '../../protocol/json.ts';
import { present } from '../../columns/present.ts';
import { Int32Column } from '../../columns/column.ts';
import type { StepEvidence } from '../elle/graph/dependency-graph.ts';
import type { TransactionColumns } from '../elle/transactions/transaction-columns.ts';
import { OUTCOME } from '../elle/transactions/transaction-log.ts';
import type { Meter } from '../budget/meter.ts';
import { Edges, type EdgesByTarget, type MissedOwnWrite, type VisibleHistory } from './visible-history.ts';

type Columns = TransactionColumns & {
  readonly keys: { readonly length: number };
  readonly keyNames: readonly Json[];
};

/** The meaning of rows, for evidence. */
export interface RowMeanings {
  readonly keyAt: (row: number) => number;
  /** Returns the row of a transaction's first or last write of a key. */
  readonly writeRow: (key: number, writer: number, which: 'first' | 'last') => number;
  /** Returns the row that wrote what a read shows. */
  readonly sourceRow: (read: number) => number;
  readonly writtenValue: (row: number) => Json;
  readonly readValue: (read: number) => Json;
}

export class VisibleRows {
  /** Indexed by transaction: 1 if it took effect. */
  readonly counts: Uint8Array;
  readonly readKeys = new Int32Column();
  readonly readFrom = new Int32Column();
  readonly readRows = new Int32Column();
  readonly writeKeys = new Int32Column();
  readonly readStarts: Int32Array;
  readonly writeStarts: Int32Array;
  readonly missedOwnWrites: MissedOwnWrite[] = [];
  readonly readAfterWriting = new Edges();

  /** `tookEffect` has 1 for each crashed transaction that certainly took effect. */
  constructor(
    private readonly columns: Columns,
    tookEffect: Uint8Array,
  ) {
    const { log } = columns;
    this.counts = Uint8Array.from(tookEffect.subarray(0, log.count), (took, t) =>
      took === 1 || log.outcomes.values[t] === OUTCOME.ok ? 1 : 0,
    );
    this.readStarts = new Int32Array(log.count + 1);
    this.writeStarts = new Int32Array(log.count + 1);
  }

  /** Calls `note` for each micro-operation of the transactions that took effect, in order. */
  collect(meter: Meter, note: (transaction: number, row: number, isOk: boolean) => void): void {
    const { log } = this.columns;
    for (let t = 0; t < log.count; t++) {
      this.readStarts[t] = this.readKeys.length;
      this.writeStarts[t] = this.writeKeys.length;
      if (this.counts[t] !== 1) continue;
      const isOk = log.outcomes.values[t] === OUTCOME.ok;
      const start = present(log.mopStarts.values[t]);
      const end = start + present(log.mopCounts.values[t]);
      meter.step(end - start);
      for (let row = start; row < end; row++) note(t, row, isOk);
    }
    this.readStarts[log.count] = this.readKeys.length;
    this.writeStarts[log.count] = this.writeKeys.length;
  }

  addRead(key: number, from: number, row: number): void {
    this.readKeys.push(key);
    this.readFrom.push(from);
    this.readRows.push(row);
  }

  history(before: EdgesByTarget | undefined, meanings: RowMeanings): VisibleHistory {
    const { log, keys, keyNames, mopVertices } = this.columns;
    const {
      counts,
      readKeys,
      readFrom,
      readRows,
      writeKeys,
      readStarts,
      writeStarts,
      missedOwnWrites,
      readAfterWriting,
    } = this;
    const { keyAt, writeRow, sourceRow, writtenValue, readValue } = meanings;
    const indexOf = (row: number): number => row - log.mopStarts.at(mopVertices.at(row));
    return {
      log,
      keys: keys.length,
      counts,
      readStarts,
      readKeys,
      readFrom,
      readRows,
      writeStarts,
      writeKeys,
      before,
      readAfterWriting: readAfterWriting.length === 0 ? undefined : readAfterWriting.byTarget(log.count),
      missedOwnWrites,
      explainRead: (read): StepEvidence => ({
        type: 'wr',
        key: keyNames[readKeys.at(read)] ?? null,
        value: readValue(read),
        'a-mop-index': indexOf(sourceRow(read)),
        'b-mop-index': indexOf(readRows.at(read)),
      }),
      explainMissed(read, writer): StepEvidence {
        const key = readKeys.at(read);
        const written = writeRow(key, writer, 'first');
        return {
          type: 'rw',
          key: keyNames[key] ?? null,
          value: readValue(read),
          "value'": writtenValue(written),
          'a-mop-index': indexOf(readRows.at(read)),
          'b-mop-index': indexOf(written),
        };
      },
      explainReadAfterWriting(row, writer): StepEvidence {
        const source = writeRow(keyAt(row), writer, 'last');
        return {
          type: 'wr',
          key: keyNames[keyAt(row)] ?? null,
          value: writtenValue(source),
          'a-mop-index': indexOf(source),
          'b-mop-index': indexOf(row),
        };
      },
      explainWrites(key, from, to): StepEvidence {
        const [earlier, later] = [writeRow(key, from, 'last'), writeRow(key, to, 'first')];
        return {
          type: 'ww',
          key: keyNames[key] ?? null,
          value: writtenValue(earlier),
          "value'": writtenValue(later),
          'a-mop-index': indexOf(earlier),
          'b-mop-index': indexOf(later),
        };
      },
    };
  }
}
