/**
 * What a JSON value is here: one that loses nothing a distributed system may care about.
 *
 * `JSON.parse` rounds integers beyond 2^53 (snowflake ids!), reads 1.0 as 1 and 1e400 as Infinity. Here an integer
 * beyond the safe range is a `bigint`; a number that a double would misrepresent in kind or size (1.0, 1e3, 1e400) is a
 * `JsonNumber` which keeps its text; every other number is a plain `number`.
 */

/** A number written as a decimal fraction or with an exponent whose text must survive: 1.0, 1e3, 1e400. */
export class JsonNumber {
  constructor(readonly text: string) {}

  /** Stops `JSON.stringify`, which would write an object; `stringifyJson` then takes its slower way. */
  toJSON(): never {
    // A constant, not an Error: it is caught at once, and a stack trace would cost more than the writing.
    // oxlint-disable-next-line only-throw-error
    throw NEEDS_OWN_WRITER;
  }
}

/** What `JSON.stringify` throws on meeting a `JsonNumber`. */
export const NEEDS_OWN_WRITER = 'a JsonNumber needs stringifyJson';

export type Json =
  null | boolean | number | bigint | string | JsonNumber | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is a JSON object: no array, no `JsonNumber`, not null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)
  );
}

/** Whether a value is a JSON array. (`Array.isArray` alone forgets the element type of readonly arrays.) */
export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value was written as an integer: 1 and 2^70, but not 1.0. */
export function isJsonInteger(value: unknown): value is number | bigint {
  return typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint';
}
