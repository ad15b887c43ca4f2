/**
 * Compares a list-append transaction's reads with its own operations: `internal` (a read that forgets the transaction's
 * own reads and appends) and `future-read` (a read that shows what the transaction appends only later).
 */
import type { Json } from '../../../protocol/json.ts';
import type { Interner } from '../../../columns/interner.ts';
import type { MicroOp } from '../transactions/transaction-log.ts';

export interface InternalAnomaly {
  readonly vertex: number;
  /** Index among the transaction's micro-operations. */
  readonly mop: number;
  readonly expected: Json;
}

export interface FutureRead {
  readonly vertex: number;
  readonly mop: number;
  readonly element: Json;
}

/** The part of a key that is needed here. */
interface TouchedKey {
  /** Index of the transaction's micro-operation that last read the key, or -1. */
  readonly lastReadInTransaction: number;
}

export class OwnReads {
  readonly internals: InternalAnomaly[] = [];
  readonly futureReads: FutureRead[] = [];
  readonly #keyOf: (name: Json) => TouchedKey;
  readonly #values: Interner;
  #shown: Shown = { vertex: -1, until: 0, byKey: new Map() };

  constructor(keyOf: (name: Json) => TouchedKey, values: Interner) {
    this.#keyOf = keyOf;
    this.#values = values;
  }

  /**
   * Compares a read with the transaction's earlier reads and appends. Returns whether it recorded an anomaly.
   *
   *     r x [1 2]   append x 3   r x [1 2]       expected [1 2 3]
   *     append x 3   r x [1 2]                   expected [... 3]: what came before 3 is not known
   */
  noteInternal(key: TouchedKey, vertex: number, mops: readonly MicroOp[], index: number): boolean {
    const from = key.lastReadInTransaction;
    const base = from < 0 ? undefined : (mops[from]?.[2] ?? null);
    const appended: Json[] = [];
    for (let earlier = from + 1; earlier < index; earlier++) {
      const mop = mops[earlier];
      if (mop?.[0] === 'append' && this.#keyOf(mop[1]) === key) appended.push(mop[2] ?? null);
    }
    const list = mops[index]?.[2] ?? null;
    if (base === undefined) {
      if (Array.isArray(list) && this.#endsWith(list, appended)) return false;
    } else if (base === null && appended.length === 0) {
      if (list === null) return false;
    } else {
      const known = (base ?? []) as readonly Json[]; // malformed lists are refused when added
      if (!Array.isArray(known)) return false;
      const fits = Array.isArray(list) && list.length === known.length + appended.length;
      if (fits && this.#startsWith(list, known) && this.#endsWith(list, appended)) return false;
    }
    this.internals.push({
      vertex,
      mop: index,
      expected:
        base === undefined
          ? ['...', ...appended]
          : base === null && appended.length === 0
            ? null
            : [...((base ?? []) as readonly Json[]), ...appended],
    });
    return true;
  }

  #startsWith(list: readonly Json[], prefix: readonly Json[]): boolean {
    return prefix.every((value, index) => this.#same(list[index] ?? null, value));
  }

  #endsWith(list: readonly Json[], suffix: readonly Json[]): boolean {
    const offset = list.length - suffix.length;
    return offset >= 0 && suffix.every((value, index) => this.#same(list[offset + index] ?? null, value));
  }

  #same(left: Json, right: Json): boolean {
    return left === right || this.#values.idOf(left) === this.#values.idOf(right);
  }

  /** Whether an earlier read of the same transaction shows what it appends only now. Records the anomaly. */
  noteFutureRead(vertex: number, mops: readonly MicroOp[], index: number): boolean {
    const element = mops[index]?.[2] ?? null;
    const key = this.#keyOf(mops[index]?.[1] ?? null);
    const mop = this.#shownBefore(index, vertex, mops).get(key)?.get(this.#values.idOf(element));
    if (mop === undefined) return false;
    this.futureReads.push({ vertex, mop, element });
    return true;
  }

  /** Returns what a transaction's reads before a micro-operation show: by key and element the first of them. */
  #shownBefore(index: number, vertex: number, mops: readonly MicroOp[]): Shown['byKey'] {
    if (this.#shown.vertex !== vertex) this.#shown = { vertex, until: 0, byKey: new Map() };
    const shown = this.#shown;
    for (; shown.until < index; shown.until++) {
      const [f, name, list] = mops[shown.until] ?? [];
      if (f !== 'r' || !Array.isArray(list)) continue;
      const key = this.#keyOf(name ?? null);
      const elements = shown.byKey.get(key) ?? new Map<number, number>();
      shown.byKey.set(key, elements);
      for (const element of list as readonly Json[]) {
        const id = this.#values.idOf(element);
        if (!elements.has(id)) elements.set(id, shown.until);
      }
    }
    return shown.byKey;
  }
}

/** What the reads of one transaction show, up to a micro-operation. Transactions may have thousands of them. */
interface Shown {
  readonly vertex: number;
  until: number;
  readonly byKey: Map<TouchedKey, Map<number, number>>;
}
