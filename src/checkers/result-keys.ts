/**
 * Values as the keys of a result map. A string stands for itself, any other value for its text in JSON, or in EDN where
 * JSON does not have it; where that makes two values look alike (1 and "1"), the string is written in quotes.
 */
import { valueText, type Json } from '../protocol/json.ts';

/** An object with one key for each value, in the given order as far as JavaScript keeps it. */
export function resultKeys<T>(entries: readonly (readonly [Json, T])[]): Record<string, T> {
  const others = new Set<string>();
  for (const [value] of entries) if (typeof value !== 'string') others.add(valueText(value));
  return Object.fromEntries(
    entries.map(([value, item]) => [
      typeof value === 'string' && !others.has(value) ? value : valueText(value),
      item,
    ]),
  );
}
