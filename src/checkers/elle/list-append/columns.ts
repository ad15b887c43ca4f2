/**
 * A list-append history as columns, built while it streams in.
 *
 * Every element of every list is a row (its key, its value, the micro-operation that appended it). Each key keeps one
 * list, the longest seen so far. A read that agrees with it, as nearly all do, is stored as its last element only.
 * Reads that do not fit (another order, an element twice) are kept in full, for the slow exact path.
 *
 * Anomalies inside one transaction (own-reads.ts) are found during streaming, while the lists are at hand.
 */
import { present } from '../../../columns/present.ts';
import type { Json } from '../../../protocol/json.ts';
import { FIRST_INTERNED } from '../../../columns/interner.ts';
import { KeyTable } from '../transactions/key-table.ts';
import { OwnReads } from './own-reads.ts';
import { Int32Column, Uint8Column } from '../../../columns/column.ts';
import { TransactionColumns } from '../transactions/transaction-columns.ts';
import { OUTCOME, type MicroOp, type TransactionOp } from '../transactions/transaction-log.ts';
import { ValueRows } from '../../../columns/value-rows.ts';

/** Values of `mopArgs` for reads that show no element. */
export const READ_EMPTY = -1;
export const READ_NULL = -2;
/** A read kept in full has the argument `FIRST_ODD_READ - n`, where n is its index in `oddReads`. */
export const FIRST_ODD_READ = -3;

export const MOP = {
  append: 1,
  /** A later append of the same transaction to the same key follows. */
  intermediate: 2,
  /** The first read of a key that the same transaction writes afterwards. */
  beforeWrite: 4,
} as const;

/** A read that does not fit its key's longest list. */
export interface OddRead {
  readonly mop: number;
  readonly key: KeyColumn;
  /** Interned values. */
  readonly list: readonly number[];
  readonly last: number;
}

/** A key, with the rows of its elements by interned value. */
export class KeyColumn extends ValueRows {
  readonly id: number;
  /** The interned values of the longest list so far, without duplicates. */
  readonly chain: number[] = [];
  firstElement = -1;
  lastElement = -1;
  /** True when every value of the chain is its own interned number, so that lists can be compared directly. */
  plain = true;
  /** True when some read does not fit the chain. */
  odd = false;

  /** The last transaction that touched this key, and the rows of its first read and last append. */
  stamp = -1;
  firstRead = -1;
  lastAppend = -1;
  /** Index of the micro-operation in that transaction that last read the key. */
  lastReadInTransaction = -1;

  constructor(id: number) {
    super();
    this.id = id;
  }
}

export class ListAppendColumns extends TransactionColumns {
  protected readonly names = ['r', 'append'];
  readonly #keyTable = new KeyTable((id) => new KeyColumn(id));
  readonly keys: readonly KeyColumn[] = this.#keyTable.keys;
  readonly keyNames: readonly Json[] = this.#keyTable.names;

  readonly mopKeys = new Int32Column();
  readonly mopArgs = new Int32Column();
  readonly mopFlags = new Uint8Column(256);
  readonly mopVertices = new Int32Column();

  readonly elementKeys = new Int32Column();
  readonly elementValues = new Int32Column();
  /** The micro-operation that appended each element, or -1. */
  readonly elementMops = new Int32Column();
  /** Position of each element in its key's longest list, or -1. */
  readonly elementPositions = new Int32Column();
  /** The next element in that list, or -1. */
  readonly elementNexts = new Int32Column();

  /** Whether some transaction appended to a key more than once. */
  appendsAgain = false;
  readonly oddReads: OddRead[] = [];
  /** Anomalies within single transactions. */
  readonly own = new OwnReads((name) => this.#keyTable.get(name), this.values);

  add(vertex: number, mops: readonly MicroOp[], op: TransactionOp): void {
    const { log, mopFlags } = this;
    const keyTable = this.#keyTable;
    const outcome = present(log.outcomes.values[vertex]);
    log.mopStarts.values[vertex] = this.mopKeys.length;
    log.mopCounts.values[vertex] = mops.length;
    let consistent = outcome === OUTCOME.ok;
    let noFutureRead = outcome === OUTCOME.ok;
    for (let index = 0; index < mops.length; index++) {
      const mop = mops[index];
      const f = Array.isArray(mop) ? mop[0] : undefined;
      if (mop === undefined || (f !== 'r' && f !== 'append') || mop.length < 2) {
        this.refuse(op, mops);
        log.mopCounts.values[vertex] = index;
        return;
      }
      const key = keyTable.get(mop[1]);
      const touched = key.stamp === vertex;
      if (!touched) {
        key.stamp = vertex;
        key.firstRead = key.lastAppend = key.lastReadInTransaction = -1;
      }
      if (f === 'append') {
        const element = this.#append(key, mop[2] ?? null, op);
        if (element < 0) {
          log.mopCounts.values[vertex] = index;
          return;
        }
        const row = this.#push(key, element, MOP.append, vertex);
        if (touched) {
          if (key.lastAppend >= 0) {
            this.appendsAgain = true;
            mopFlags.values[key.lastAppend] = present(mopFlags.values[key.lastAppend]) | MOP.intermediate;
          }
          if (key.firstRead >= 0) {
            mopFlags.values[key.firstRead] = present(mopFlags.values[key.firstRead]) | MOP.beforeWrite;
            if (noFutureRead) noFutureRead = !this.own.noteFutureRead(vertex, mops, index);
          }
        }
        key.lastAppend = row;
        continue;
      }
      const list = mop[2] ?? null;
      if (touched && consistent) consistent = !this.own.noteInternal(key, vertex, mops, index);
      const row = this.#read(key, list, outcome, vertex, op);
      if (row < 0) {
        log.mopCounts.values[vertex] = index;
        return;
      }
      if (key.firstRead < 0) key.firstRead = row;
      key.lastReadInTransaction = index;
    }
  }

  #push(key: KeyColumn, arg: number, flags: number, vertex: number): number {
    this.mopKeys.push(key.id);
    this.mopFlags.push(flags);
    this.mopVertices.push(vertex);
    return this.mopArgs.push(arg);
  }

  /** Returns the row of an element, creating it on first use. */
  element(key: KeyColumn, value: number): number {
    const known = key.find(value);
    if (known >= 0) return known;
    const element = this.elementKeys.push(key.id);
    this.elementValues.push(value);
    this.elementMops.push(-1);
    this.elementPositions.push(-1);
    this.elementNexts.push(-1);
    key.set(value, element);
    return element;
  }

  /** Returns the row of an element, or -1. */
  findElement(keyName: Json, value: Json): number {
    return this.#keyTable.get(keyName).find(this.values.idOf(value));
  }

  /** Whether an element was read from a key, but no completed operation appended it. */
  isReadOnly(keyName: Json, value: Json): boolean {
    const element = this.findElement(keyName, value);
    return element >= 0 && this.elementMops.values[element] === -1;
  }

  /** Whether a completed operation appended a value to a key. */
  isAppended(keyName: Json, value: Json): boolean {
    const element = this.findElement(keyName, value);
    return element >= 0 && this.elementMops.values[element] !== -1;
  }

  refuseDuplicate(op: TransactionOp, key: Json, value: Json): void {
    this.log.malformed ??= {
      type: 'duplicate-appends',
      message:
        `Operation ${op.index} appends a value to a key that another micro-operation appends too; ` +
        `appended values must be unique, or a read does not show whose append it has seen.`,
      index: op.index,
      details: { key, value },
    };
  }

  #append(key: KeyColumn, value: Json, op: TransactionOp): number {
    const element = this.element(key, this.values.idOf(value));
    // In a history of completions only, the last append counts: uniqueness is required of invocations.
    if (this.elementMops.values[element] !== -1 && this.log.invocation !== undefined) {
      this.refuseDuplicate(op, this.keyNames[key.id] ?? null, value);
      return -1;
    }
    this.elementMops.values[element] = this.mopArgs.length;
    return element;
  }

  #read(key: KeyColumn, list: Json, outcome: number, vertex: number, op: TransactionOp): number {
    if (list === null) return this.#push(key, READ_NULL, 0, vertex);
    if (!Array.isArray(list)) {
      this.log.malformed ??= {
        type: 'bad-value',
        message: `Operation ${op.index} reads something that is not a list; expected a list or null.`,
        index: op.index,
        details: { key: this.keyNames[key.id] ?? null, value: list },
      };
      return -1;
    }
    const elements = list as readonly Json[];
    if (elements.length === 0) return this.#push(key, READ_EMPTY, 0, vertex);
    if (outcome !== OUTCOME.fail && this.#fits(key, elements)) {
      return this.#push(key, this.element(key, this.values.idOf(elements.at(-1) ?? null)), 0, vertex);
    }
    const values = elements.map((element) => this.values.idOf(element));
    const row = this.#push(key, FIRST_ODD_READ - this.oddReads.length, 0, vertex);
    // Reads of failed transactions prove nothing. They are kept only for evidence.
    if (outcome !== OUTCOME.fail) {
      key.odd = true;
      for (const value of values) this.element(key, value);
    }
    const last = outcome === OUTCOME.fail ? -1 : this.element(key, values.at(-1) ?? 0);
    this.oddReads.push({ mop: row, key, list: values, last });
    return row;
  }

  /** Whether a list agrees with the key's longest list. Extends the latter if the list is longer. */
  #fits(key: KeyColumn, list: readonly Json[]): boolean {
    const { chain } = key;
    const shared = Math.min(chain.length, list.length);
    if (key.plain) {
      for (let index = 0; index < shared; index++) if (list[index] !== chain[index]) return false;
    } else {
      for (let index = 0; index < shared; index++) {
        if (this.values.idOf(list[index] ?? null) !== chain[index]) return false;
      }
    }
    if (list.length === shared) return true;
    return this.#extend(key, list, shared);
  }

  #extend(key: KeyColumn, list: readonly Json[], from: number): boolean {
    const { chain } = key;
    const positions = this.elementPositions;
    const lastBefore = key.lastElement;
    for (let index = from; index < list.length; index++) {
      const value = this.values.idOf(list[index] ?? null);
      const element = this.element(key, value);
      if (positions.values[element] !== -1) {
        this.#shorten(key, from, lastBefore);
        return false;
      }
      positions.values[element] = index;
      if (key.lastElement >= 0) this.elementNexts.values[key.lastElement] = element;
      else key.firstElement = element;
      key.lastElement = element;
      chain.push(value);
      if (value >= FIRST_INTERNED) key.plain = false;
    }
    return true;
  }

  /** Undoes an extension by a list that turned out to hold an element twice. */
  #shorten(key: KeyColumn, length: number, lastElement: number): void {
    for (const value of key.chain.slice(length)) this.elementPositions.values[key.find(value)] = -1;
    key.chain.length = length;
    key.lastElement = lastElement;
    if (lastElement < 0) key.firstElement = -1;
    else this.elementNexts.values[lastElement] = -1;
  }

  microOp(row: number): MicroOp {
    const key = this.keyNames[this.mopKeys.at(row)] ?? null;
    const arg = this.mopArgs.at(row);
    if ((this.mopFlags.at(row) & MOP.append) !== 0) return ['append', key, this.elementValue(arg)];
    if (arg === READ_NULL) return ['r', key, null];
    if (arg === READ_EMPTY) return ['r', key, []];
    return ['r', key, this.listOf(row).map((value) => this.values.valueOf(value))];
  }

  /** Returns the interned values of the list that a row read; empty for null. */
  listOf(row: number): readonly number[] {
    const arg = this.mopArgs.at(row);
    if (arg === READ_NULL || arg === READ_EMPTY) return [];
    if (arg <= FIRST_ODD_READ) return present(this.oddReads[FIRST_ODD_READ - arg]).list;
    const { chain } = present(this.keys[this.mopKeys.at(row)]);
    return chain.slice(0, chain.indexOf(this.elementValues.at(arg)) + 1);
  }

  elementValue(element: number): Json {
    return this.values.valueOf(this.elementValues.at(element));
  }
}
