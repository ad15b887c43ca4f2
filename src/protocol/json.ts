/**
 * JSON that loses nothing a distributed system may care about.
 *
 * `JSON.parse` rounds integers beyond 2^53 (snowflake ids!), reads 1.0 as 1 and 1e400 as Infinity. Here an integer
 * beyond the safe range is a `bigint`; a number that a double would misrepresent in kind or size (1.0, 1e3, 1e400) is a
 * `JsonNumber` which keeps its text; every other number is a plain `number`.
 */

/** A number written as a decimal fraction or with an exponent whose text must survive: 1.0, 1e3, 1e400. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

export type Json =
  null | boolean | number | bigint | string | JsonNumber | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** Parses one JSON text without losing digits. Throws `SyntaxError` saying what was seen and at which offset. */
export function parseJson(text: string): Json {
  // Contract stub, to be replaced by the lossless reader.
  return JSON.parse(text) as Json;
}

/** Writes a value as JSON; `parseJson(stringifyJson(x))` equals `x`. */
export function stringifyJson(value: Json): string {
  return JSON.stringify(value);
}

/** A text that is the same for two values exactly when they are equal: object key order does not matter, 1 and 1.0 differ. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value);
}

/** Whether two values are equal: object key order does not matter, 1 and 1.0 differ. */
export function jsonEquals(left: Json, right: Json): boolean {
  return canonicalJson(left) === canonicalJson(right);
}
