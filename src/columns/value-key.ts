/**
 * A Map key for any value: two values have the same key exactly when they are equal by `jsonEquals`.
 *
 * Strings and integers, which most values are, are their own keys; only arrays, objects and fractions need a canonical
 * text. A string that could be confused with such a text is quoted, so that "[1]" is not [1].
 */
import { canonicalJson, type Json } from '../protocol/json.ts';

/** Numbers among these are safe integers; bigints are not. */
export type ValueKey = string | number | bigint | boolean | null;

export function valueKey(value: Json): ValueKey {
  if (typeof value === 'string') return looksCanonical(value) ? JSON.stringify(value) : value;
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value + 0; // turns -0 into 0
    return Number.isInteger(value) ? BigInt(value) : canonicalJson(value);
  }
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (typeof value === 'boolean' || value === null) return value;
  return canonicalJson(value);
}

/** Canonical texts of values without their own key begin with one of `"`, `#`, `[`, `{`, `-` or a digit. */
function looksCanonical(text: string): boolean {
  const first = text.charCodeAt(0);
  return (
    first === 0x22 ||
    first === 0x23 ||
    first === 0x5b ||
    first === 0x7b ||
    first === 0x2d ||
    (first >= 0x30 && first <= 0x39)
  );
}
