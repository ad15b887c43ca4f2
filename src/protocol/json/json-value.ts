/**
 * JSON values that lose nothing that matters to a distributed system.
 *
 * `JSON.parse` rounds integers beyond 2^53 (snowflake ids!) and reads 1.0 as 1 and 1e400 as Infinity. Here an integer
 * beyond the safe range is a `bigint`. A number that a double would misrepresent in kind or size (1.0, 1e3, 1e400) is a
 * `JsonNumber`, which keeps its text. Every other number is a plain `number`.
 */

/** A number written as a decimal fraction or with an exponent whose text must survive: 1.0, 1e3, 1e400. */
export class JsonNumber {
  constructor(readonly text: string) {}

  /** Makes `JSON.stringify` throw, as it would write an object; `stringifyJson` then uses its slower writer. */
  toJSON(): never {
    // A constant, not an Error: it is caught immediately, and a stack trace would cost more than the writing.
    // oxlint-disable-next-line only-throw-error
    throw NEEDS_OWN_WRITER;
  }
}

/** Thrown when `JSON.stringify` meets a `JsonNumber`. */
export const NEEDS_OWN_WRITER = 'a JsonNumber needs stringifyJson';

/**
 * A value of a type that JSON does not have: a keyword, a set, a map with integer keys. Histories in EDN contain such
 * values, and there a keyword differs from the string of its name. They are compared and written back as themselves;
 * JSON output uses the nearest JSON value. Checkers read them through `wordOf`, `elementsOf` and `entriesOf`.
 */
export abstract class RichValue {
  /** The same text exactly for equal values; see `canonicalJson`. */
  abstract readonly canonical: string;
  /** The nearest JSON value, without any `RichValue`. */
  abstract readonly json: Json;
  /** Returns the value in its original notation. */
  abstract toString(): string;
  /** Called by `JSON.stringify`, which writes the result unchanged, so a `JsonNumber` must throw here. */
  toJSON(): Json {
    const { json } = this;
    return json instanceof JsonNumber ? json.toJSON() : json;
  }
  /** The equal value that is not a `RichValue`, if there is one, otherwise this. */
  get plain(): Json {
    return this;
  }
  /** The name of a keyword or symbol. */
  get word(): string | undefined {
    return undefined;
  }
  /** The elements of a set or list. */
  get elements(): readonly Json[] | undefined {
    return undefined;
  }
  /** The brackets around its elements. */
  get brackets(): readonly [open: string, close: string] {
    return ['[', ']'];
  }
  /** The entries of a map. */
  get pairs(): readonly (readonly [key: Json, value: Json])[] | undefined {
    return undefined;
  }
  /** Returns a map like this one with other entries; other values return themselves. */
  withPairs(_pairs: readonly (readonly [key: Json, value: Json])[]): RichValue {
    return this;
  }
}

/** Values that contain no other values. */
export type JsonScalar = null | boolean | number | bigint | string | JsonNumber;

export type Json = JsonScalar | RichValue | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is a JSON object: not an array, a `JsonNumber`, a `RichValue` or null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof JsonNumber) &&
    !(value instanceof RichValue)
  );
}

/** Whether a value is a JSON array. (`Array.isArray` alone loses the element type of readonly arrays.) */
export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value was written as an integer: 1 and 2^70, but not 1.0. */
export function isJsonInteger(value: unknown): value is number | bigint {
  return typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint';
}

/** Returns an integer as JSON represents it: a number if that is exact. */
export function jsonInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Returns the text of a string, a keyword or a symbol, where a name is expected: `"append"`, `:append`. */
export function wordOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof RichValue ? value.word : undefined;
}

/** Returns the elements of an array, list or set; undefined for anything else. */
export function elementsOf(value: Json | undefined): readonly Json[] | undefined {
  if (isJsonArray(value)) return value;
  return value instanceof RichValue ? value.elements : undefined;
}

/** Returns the entries of an object or map; undefined for anything else. */
export function entriesOf(
  value: Json | undefined,
): readonly (readonly [key: Json, value: Json])[] | undefined {
  if (value instanceof RichValue) return value.pairs;
  return isJsonObject(value) ? Object.entries(value) : undefined;
}
