/** What the columns of both kinds of transactions share: converting operations to transactions and back. */
import type { Int32Column } from '../../../columns/column.ts';
import { FIRST_INTERNED, Interner } from '../../../columns/interner.ts';
import { jsonEquals, type Json } from '../../../protocol/json.ts';
import {
  TransactionLog,
  asksTheSame,
  describeBadMicroOps,
  microOpsOf,
  withNames,
  type MicroOp,
  type TransactionOp,
} from './transaction-log.ts';

export abstract class TransactionColumns {
  readonly log = new TransactionLog();
  readonly values = new Interner(FIRST_INTERNED);

  /** Indexed by row: the transaction of the micro-operation. */
  abstract readonly mopVertices: Int32Column;

  /** Names of the micro-operations. */
  protected abstract readonly names: readonly string[];

  /** Adds the micro-operations of a transaction, or records in the log why they are malformed. */
  abstract add(vertex: number, mops: readonly MicroOp[], op: TransactionOp): void;

  /** Returns the micro-operation of a row as it appeared in the history. */
  abstract microOp(row: number): MicroOp;

  observe(given: TransactionOp): void {
    const { log } = this;
    if (log.malformed !== undefined) return;
    const op = withNames(given);
    const vertex = log.observe(op);
    if (vertex < 0) return;
    const { invocation } = log;
    const value = microOpsOf(op, invocation);
    if (!Array.isArray(value)) {
      this.refuse(op, value);
      return;
    }
    const mops = value as readonly MicroOp[]; // `add` validates each
    if (invocation !== undefined && !asksTheSame(invocation.value, mops)) {
      log.keepInvokedValue(vertex, invocation.value);
    }
    this.add(vertex, mops, op);
  }

  /** Returns the operation that represents a transaction. */
  operation(vertex: number): TransactionOp {
    return this.log.operation(vertex, this.microOpsOf(vertex));
  }

  /** Returns a read with its operation, as records of anomalies have it. */
  readAt(row: number): { readonly op: TransactionOp; readonly mop: MicroOp } {
    return { op: this.operation(this.mopVertices.at(row)), mop: this.microOp(row) };
  }

  invocation(vertex: number): TransactionOp {
    return this.log.invocationOf(vertex, this.microOpsOf(vertex));
  }

  microOpsOf(vertex: number): readonly MicroOp[] {
    const start = this.log.mopStarts.at(vertex);
    return Array.from({ length: this.log.mopCounts.at(vertex) }, (_, index) => this.microOp(start + index));
  }

  /** Returns the index of a transaction's first read or last write of a key; -1 for none. */
  mopIndex(
    vertex: number,
    { isRead, keyName }: { readonly isRead: boolean; readonly keyName: Json },
  ): number {
    const isThat = ([f, key]: MicroOp): boolean => (f === 'r') === isRead && jsonEquals(key, keyName);
    const mops = this.microOpsOf(vertex);
    return isRead ? mops.findIndex(isThat) : mops.findLastIndex(isThat);
  }

  protected refuse(op: TransactionOp, value: Json): void {
    this.log.malformed ??= describeBadMicroOps(op, value, this.names);
  }
}
