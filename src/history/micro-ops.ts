/**
 * Operations whose value is a transaction: a list of micro-operations `[f, ...]`.
 *
 * The `f` of a micro-operation is a name: a keyword in EDN, a string in JSON and here. Keys and values keep their types.
 */
import { RichValue, isJsonArray, wordOf, type Json } from '../protocol/json.ts';

const COLON = 0x3a;

const TRANSACTIONS: ReadonlySet<unknown> = new Set(['txn', 'send', 'poll']);

export function isTransactional(f: unknown): boolean {
  return TRANSACTIONS.has(f);
}

/** Returns the value with the names of its micro-operations as strings; the same object if they already are. */
export function withNamedMicroOps(value: Json): Json {
  if (!isJsonArray(value)) return value;
  // Hot: called for every transaction, and hardly ever needed.
  for (const mop of value) if (isJsonArray(mop) && isOddlyNamed(mop[0])) return value.map(named);
  return value;
}

/** True for a name such as the keyword `:append`, or the string ":append" that some converters write. */
function isOddlyNamed(name: Json | undefined): boolean {
  return typeof name === 'string' ? name.charCodeAt(0) === COLON : name instanceof RichValue;
}

function named(mop: Json): Json {
  if (!isJsonArray(mop) || !isOddlyNamed(mop[0])) return mop;
  const [name = null, ...others] = mop;
  return [wordOf(name)?.replace(/^:/, '') ?? name, ...others];
}

/** Returns the value of a transaction as in its invocation, without the results of reads. */
export function withoutReads(value: Json): Json {
  return isJsonArray(value) ? value.map((mop) => (isRead(mop) ? ['r', mop[1] ?? null, null] : mop)) : value;
}

/** True for a transaction that only reads, whatever its f. */
export function isOfReads(value: Json): boolean {
  return isJsonArray(value) && value.length > 0 && value.every(isRead);
}

function isRead(mop: Json): mop is readonly Json[] {
  return isJsonArray(mop) && wordOf(mop[0] ?? null) === 'r';
}
