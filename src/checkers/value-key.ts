/**
 * A Map key for any JSON value: two values have the same key exactly when `jsonEquals` says that they are equal.
 *
 * Strings and integers, which is what values mostly are, are their own keys; only arrays, objects and fractions pay for a
 * canonical text. A string that could be taken for such a text is put in quotes, so that "[1]" is not [1].
 */
import { canonicalJson, type Json } from '../protocol/json.ts';

export type ValueKey = string | number | bigint | boolean | null;

export function valueKey(value: Json): ValueKey {
  if (typeof value === 'string') return looksCanonical(value) ? JSON.stringify(value) : value;
  // What is no safe integer may have been written in several ways. (-0 + 0 is 0.)
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : canonicalJson(value);
  if (typeof value === 'bigint') return BigInt.asIntN(53, value) === value ? Number(value) : value;
  if (typeof value === 'boolean' || value === null) return value;
  return canonicalJson(value);
}

/** Canonical texts begin with one of these. */
function looksCanonical(text: string): boolean {
  const first = text.charCodeAt(0);
  return (
    first === 0x22 || first === 0x5b || first === 0x7b || first === 0x2d || (first >= 0x30 && first <= 0x39)
  );
}
