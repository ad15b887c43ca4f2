/** Cuts values to what can be shown: a read may return a million elements, and a report keeps thousands of reads. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../protocol/json.ts';

const MOST_ITEMS = 60;
const KEPT_ITEMS = 24;
const MOST_LETTERS = 1000;
const DEEPEST = 6;

/** Returns the value itself if it is small. The last item of a cut list has the number of omitted items. */
export function trimValue(value: Json): Json {
  return isSmall(value, 0) ? value : trimmed(value, 0);
}

/**
 * Nearly all values are small. Without nested functions, since compiling those takes longer than examining some
 * thousand values.
 */
function isSmall(value: Json, depth: number): boolean {
  if (typeof value === 'string') return value.length <= MOST_LETTERS;
  if (isJsonArray(value)) {
    if (depth === DEEPEST || value.length > MOST_ITEMS) return false;
    for (const item of value) if (!isSmall(item, depth + 1)) return false;
    return true;
  }
  if (!isJsonObject(value)) return true;
  if (depth === DEEPEST) return false;
  let keys = 0;
  for (const key in value) if (++keys > MOST_ITEMS || !isSmall(value[key] ?? null, depth + 1)) return false;
  return true;
}

function trimmed(value: Json, depth: number): Json {
  if (typeof value === 'string')
    return value.length > MOST_LETTERS ? `${value.slice(0, MOST_LETTERS)}...` : value;
  if (!isJsonArray(value) && !isJsonObject(value)) return value;
  if (depth === DEEPEST) return '...';
  if (isJsonArray(value)) {
    if (value.length <= MOST_ITEMS) return value.map((item) => trimmed(item, depth + 1));
    const kept = value.slice(0, KEPT_ITEMS).map((item) => trimmed(item, depth + 1));
    return [...kept, `... ${value.length} in all`];
  }
  const keys = Object.keys(value);
  const entries = keys
    .slice(0, MOST_ITEMS)
    .map((key) => [key, trimmed(value[key] ?? null, depth + 1)] as const);
  const rest = keys.length - entries.length;
  // An own property of any name, even `__proto__`.
  const kept: JsonObject = Object.fromEntries(
    rest > 0 ? [...entries, ['...', `${rest} more`] as const] : entries,
  );
  return kept;
}
