/**
 * The effects of transactions on keys, in commit order: lists, to which they append, and registers, which they write.
 */
import { canonicalJson, elementsOf, jsonEquals, valueText, type Json } from '../protocol/json.ts';
import { ProofError } from './certificate.ts';
import type { Operation } from './operations.ts';

export interface Stores {
  readonly isOfLists: boolean;
  /** The value that reads of unwritten keys may show besides null. */
  readonly initial: Json;
}

export type MicroOp = readonly [f: string, key: Json, value: Json];

export const microOpsOf = ({ value }: Operation): readonly MicroOp[] =>
  (elementsOf(value) ?? []).map((mop) => {
    const [f = null, key = null, shown = null] = elementsOf(mop) ?? [];
    return [typeof f === 'string' ? f : '', key, shown];
  });

export const isWrite = ([f]: MicroOp): boolean => f !== 'r';

/** A transaction's reads, each with its own earlier writes of the key, and its writes by the text of their key. */
export interface Effects {
  readonly reads: readonly { key: Json; text: string; value: Json; own: readonly Json[] }[];
  readonly writes: ReadonlyMap<string, readonly Json[]>;
}

/** Reads of a transaction with an unknown outcome are left out: what it got is not known. */
export function effectsOf(operation: Operation): Effects {
  const writes = new Map<string, readonly Json[]>();
  const reads: { key: Json; text: string; value: Json; own: readonly Json[] }[] = [];
  for (const mop of microOpsOf(operation)) {
    const [, key, value] = mop;
    const text = canonicalJson(key);
    const own = writes.get(text) ?? [];
    if (isWrite(mop)) writes.set(text, [...own, value]);
    else if (operation.outcome === 'ok') reads.push({ key, text, value, own });
  }
  return { reads, writes };
}

/** Throws if a transaction read an empty list both as null and as [], which are two values, as a client shows them. */
export function holdOneEmptyList(operation: Operation): void {
  const shown = new Map<string, Json>();
  for (const { key, text, value } of effectsOf(operation).reads) {
    if (value !== null && elementsOf(value)?.length !== 0) continue;
    if (shown.has(text) && (shown.get(text) === null) !== (value === null))
      throw wrongRead(operation.begin, key, value);
    shown.set(text, value);
  }
}

/** The contents of a key: the elements of a list, or each value of a register, and their number after each commit. */
export class KeyState {
  readonly items: Json[] = [];
  readonly commits: { readonly at: number; readonly length: number }[] = [];

  constructor(private readonly stores: Stores) {}

  get isOfLists(): boolean {
    return this.stores.isOfLists;
  }

  /** Returns the number of items before `at`. */
  lengthAt(at: number): number {
    return this.commits.findLast((commit) => commit.at < at)?.length ?? 0;
  }

  /** Yields the commits before a place, latest first, and finally the initial state. */
  *before(at: number): Generator<{ readonly at: number; readonly length: number }> {
    let [low, high] = [0, this.commits.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.commits[middle]?.at ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    for (let place = low - 1; place >= 0; place--) {
      const commit = this.commits[place];
      if (commit !== undefined) yield commit;
    }
    yield { at: -1, length: 0 };
  }

  /** Whether a read shows the first `length` items, followed by its own transaction's writes. */
  shows(read: Json, length: number, own: readonly Json[]): boolean {
    if (!this.stores.isOfLists) {
      const value = own.length > 0 ? own.at(-1) : this.items[length - 1];
      if (value !== undefined) return jsonEquals(read, value);
      return read === null || jsonEquals(read, this.stores.initial);
    }
    const list = elementsOf(read) ?? [];
    if (list.length !== length + own.length) return false;
    return list.every((item, at) =>
      jsonEquals(item, (at < length ? this.items[at] : own[at - length]) ?? null),
    );
  }
}

export function wrongRead(name: number, key: Json, value: Json): ProofError {
  return new ProofError(
    `${name} read ${valueText(key)} as ${valueText(value)}, which is not what this order makes of it`,
  );
}
