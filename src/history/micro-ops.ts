/**
 * Operations whose value is a transaction: a list of micro-operations `[f, ...]`.
 *
 * The `f` of a micro-operation is a name, not a value: EDN writes it as a keyword, JSON as a string, and here it is a string.
 * Keys and values beside it keep their types.
 */
import { RichValue, isJsonArray, wordOf, type Json } from '../protocol/json.ts';

const COLON = 0x3a;

const TRANSACTIONS: ReadonlySet<unknown> = new Set(['txn', 'send', 'poll']);

export function isTransactional(f: unknown): boolean {
  return TRANSACTIONS.has(f);
}

/** The value with the names of its micro-operations as strings; the same object when they are. */
export function withNamedMicroOps(value: Json): Json {
  if (!isJsonArray(value)) return value;
  // Asked of every transaction, and hardly ever so.
  for (const mop of value) if (isJsonArray(mop) && isOddlyNamed(mop[0])) return value.map(named);
  return value;
}

/** Whether a name is `:append`, or the string ":append" that some converters make of it. */
function isOddlyNamed(name: Json | undefined): boolean {
  return typeof name === 'string' ? name.charCodeAt(0) === COLON : name instanceof RichValue;
}

function named(mop: Json): Json {
  if (!isJsonArray(mop) || !isOddlyNamed(mop[0])) return mop;
  const [name = null, ...others] = mop;
  return [wordOf(name)?.replace(/^:/, '') ?? name, ...others];
}

/** The value of a transaction as its invocation has it: what reads returned is not known yet. */
export function withoutReads(value: Json): Json {
  return isJsonArray(value) ? value.map((mop) => (isRead(mop) ? ['r', mop[1] ?? null, null] : mop)) : value;
}

/** Whether it is a transaction that only reads, whatever its operation is called. */
export function isOfReads(value: Json): boolean {
  return isJsonArray(value) && value.length > 0 && value.every(isRead);
}

function isRead(mop: Json): mop is readonly Json[] {
  return isJsonArray(mop) && wordOf(mop[0] ?? null) === 'r';
}
