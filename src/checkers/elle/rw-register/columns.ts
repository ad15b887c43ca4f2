/**
 * An rw-register history as columns, built while it streams in.
 *
 * Every (key, value) is a row, a "version"; null is the version of an unwritten key. For each key, other transactions
 * see only what a transaction read before its first write (the external read) and what it wrote last (the external
 * write).
 */
import { present } from '../../../columns/present.ts';
import type { Json } from '../../../protocol/json.ts';
import { Int32Column, Uint8Column } from '../../../columns/column.ts';
import { KeyTable } from '../transactions/key-table.ts';
import { TransactionColumns } from '../transactions/transaction-columns.ts';
import { OUTCOME, type MicroOp, type TransactionOp } from '../transactions/transaction-log.ts';
import { ValueRows } from '../../../columns/value-rows.ts';

export const MOP = {
  write: 1,
  /** A read that is the transaction's first operation on the key. */
  externalRead: 2,
  /** A write that the same transaction later overwrites. */
  intermediate: 4,
  /** The first read of a key that the same transaction writes afterwards. */
  beforeWrite: 8,
  /** A read of the transaction's own earlier write. */
  own: 16,
} as const;

/** A key, with the rows of its versions by interned value. */
export class RegisterKey extends ValueRows {
  readonly id: number;
  /** The row of null, or -1 if null was neither read nor written. */
  nullVersion = -1;
  /** The last transaction that touched this key, and what it did with it. */
  stamp = -1;
  firstRead = -1;
  lastWrite = -1;
  lastVersion = -1;

  constructor(id: number) {
    super();
    this.id = id;
  }
}

export interface InternalRead {
  readonly row: number;
  readonly expected: number;
}

export class RwRegisterColumns extends TransactionColumns {
  protected readonly names = ['r', 'w'];
  readonly #keyTable = new KeyTable((id) => new RegisterKey(id));
  readonly keys: readonly RegisterKey[] = this.#keyTable.keys;
  readonly keyNames: readonly Json[] = this.#keyTable.names;

  readonly mopVersions = new Int32Column();
  readonly mopFlags = new Uint8Column(256);
  readonly mopVertices = new Int32Column();

  readonly versionKeys = new Int32Column();
  readonly versionValues = new Int32Column();
  /** The transaction that last wrote each version, in history order, or -1. */
  readonly #lastWriters = new Int32Column();
  readonly internals: InternalRead[] = [];
  readonly #nullId = this.values.idOf(null);

  add(vertex: number, mops: readonly MicroOp[], op: TransactionOp): void {
    const { log, mopFlags } = this;
    const keyTable = this.#keyTable;
    const outcome = present(log.outcomes.values[vertex]);
    log.mopStarts.values[vertex] = this.mopVersions.length;
    log.mopCounts.values[vertex] = mops.length;
    let consistent = outcome === OUTCOME.ok;
    for (let index = 0; index < mops.length; index++) {
      const mop = mops[index];
      const f = Array.isArray(mop) ? mop[0] : undefined;
      if (mop === undefined || (f !== 'r' && f !== 'w') || mop.length < 2) {
        this.refuse(op, mops);
        log.mopCounts.values[vertex] = index;
        return;
      }
      const key = keyTable.get(mop[1]);
      const version = this.#version(key, this.values.idOf(mop[2] ?? null));
      const row = this.mopVersions.push(version);
      this.mopVertices.push(vertex);
      const touched = key.stamp === vertex;
      if (!touched) {
        key.stamp = vertex;
        key.firstRead = key.lastWrite = -1;
      }
      if (f === 'w') {
        mopFlags.push(MOP.write);
        if (key.lastWrite >= 0) {
          mopFlags.values[key.lastWrite] = present(mopFlags.values[key.lastWrite]) | MOP.intermediate;
        }
        if (key.firstRead >= 0) {
          mopFlags.values[key.firstRead] = present(mopFlags.values[key.firstRead]) | MOP.beforeWrite;
        }
        this.#lastWriters.values[version] = vertex;
        key.lastWrite = row;
      } else {
        const own = this.#lastWriters.values[version] === vertex ? MOP.own : 0;
        mopFlags.push(touched ? own : MOP.externalRead);
        if (touched && consistent && key.lastVersion !== version) {
          this.internals.push({ row, expected: key.lastVersion });
          consistent = false;
        }
        if (key.firstRead < 0) key.firstRead = row;
      }
      key.lastVersion = version;
    }
  }

  #version(key: RegisterKey, value: number): number {
    const known = key.find(value);
    if (known >= 0) return known;
    const version = this.#addVersion(key.id, value);
    key.set(value, version);
    // A transaction that never completed is added last, when another value may already be the initial one.
    if (value === this.#nullId && key.nullVersion < 0) key.nullVersion = version;
    return version;
  }

  #addVersion(key: number, value: number): number {
    this.versionValues.push(value);
    this.#lastWriters.push(-1);
    return this.versionKeys.push(key);
  }

  /** Adds another version of the same key with the same value. */
  addTwin(version: number): number {
    return this.#addVersion(this.versionKeys.at(version), this.versionValues.at(version));
  }

  /** Whether a version is the initial state of its key. */
  isInitial(version: number): boolean {
    return this.keys[present(this.versionKeys.values[version])]?.nullVersion === version;
  }

  /** Returns the row of a version, or -1. */
  findVersion(keyName: Json, value: Json): number {
    return this.#keyTable.get(keyName).find(this.values.idOf(value));
  }

  versionValue(version: number): Json {
    return this.values.valueOf(this.versionValues.at(version));
  }

  keyName(version: number): Json {
    return this.keyNames[this.versionKeys.at(version)] ?? null;
  }

  microOp(row: number): MicroOp {
    const version = this.mopVersions.at(row);
    const f = (this.mopFlags.at(row) & MOP.write) === 0 ? 'r' : 'w';
    return [f, this.keyName(version), this.versionValue(version)];
  }
}

/** Whether flags are those of an external write: one that its transaction did not overwrite. */
export function isExternalWrite(flags: number): boolean {
  return (flags & (MOP.write | MOP.intermediate)) === MOP.write;
}
