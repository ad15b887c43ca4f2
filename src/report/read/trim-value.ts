/** Values cut to what can be shown: a read may answer with a million elements, and a report keeps thousands of reads. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../protocol/json.ts';

const MOST_ITEMS = 60;
const KEPT_ITEMS = 24;
const MOST_LETTERS = 1000;
const DEEPEST = 6;

/** The value itself when it is small. What is left out of a list is counted in its last item. */
export function trimValue(value: Json, depth = 0): Json {
  if (typeof value === 'string')
    return value.length > MOST_LETTERS ? `${value.slice(0, MOST_LETTERS)}...` : value;
  if (!isJsonArray(value) && !isJsonObject(value)) return value;
  if (depth === DEEPEST) return '...';
  if (isJsonArray(value)) {
    if (value.length <= MOST_ITEMS) return value.map((item) => trimValue(item, depth + 1));
    const kept = value.slice(0, KEPT_ITEMS).map((item) => trimValue(item, depth + 1));
    return [...kept, `... ${value.length} in all`];
  }
  const keys = Object.keys(value);
  const entries = keys
    .slice(0, MOST_ITEMS)
    .map((key) => [key, trimValue(value[key] ?? null, depth + 1)] as const);
  const rest = keys.length - entries.length;
  // An own key of any name, `__proto__` too.
  const trimmed: JsonObject = Object.fromEntries(
    rest > 0 ? [...entries, ['...', `${rest} more`] as const] : entries,
  );
  return trimmed;
}
