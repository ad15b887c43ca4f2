/**
 * Operations whose value is a transaction: a list of micro-operations `[f, ...]`.
 *
 * The `f` of a micro-operation is a name, not a value: EDN writes it as a keyword, JSON as a string, and in an `Op` it is a
 * string. Keys and values beside it keep their types.
 */
import { RichValue, isJsonArray, wordOf, type Json } from '../protocol/json.ts';

const TRANSACTIONS: ReadonlySet<unknown> = new Set(['txn', 'send', 'poll']);

export function isTransactional(f: unknown): boolean {
  return TRANSACTIONS.has(f);
}

/** The value with the names of its micro-operations as strings; the same object when they are. */
export function withNamedMicroOps(value: Json): Json {
  if (!isJsonArray(value)) return value;
  // Asked of every transaction, and hardly ever so.
  for (const mop of value) {
    if (isJsonArray(mop) && typeof mop[0] === 'object' && mop[0] instanceof RichValue)
      return value.map(named);
  }
  return value;
}

function named(mop: Json): Json {
  if (!isJsonArray(mop) || !(mop[0] instanceof RichValue)) return mop;
  return [wordOf(mop[0]) ?? mop[0], ...mop.slice(1)];
}
