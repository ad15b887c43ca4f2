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

/**
 * A value of a type that JSON does not have: a keyword, a set, a map with integers for keys. Histories in EDN hold such
 * values, and a keyword is not the string of its name there. They compare and are written back as what they are; JSON
 * gets the nearest that it has. What checkers want to know of them, they ask by `wordOf`, `elementsOf` and `entriesOf`.
 */
export abstract class RichValue {
  /** The same text for equal values, another one for all others; see `canonicalJson`. */
  abstract readonly canonical: string;
  /** The nearest JSON, without any `RichValue`. */
  abstract readonly json: Json;
  /** The value in the notation that it comes from. */
  abstract toString(): string;
  /** Called by `JSON.stringify`, which takes the result for what it is: a `JsonNumber` must stop it here. */
  toJSON(): Json {
    const { json } = this;
    return json instanceof JsonNumber ? json.toJSON() : json;
  }
  /** The equal value that is no `RichValue`, where there is one; else this. */
  get plain(): Json {
    return this;
  }
  /** The name, of a keyword or symbol. */
  get word(): string | undefined {
    return undefined;
  }
  /** The elements, of a set or list. */
  get elements(): readonly Json[] | undefined {
    return undefined;
  }
  /** The keys with their values, of a map. */
  get pairs(): readonly (readonly [key: Json, value: Json])[] | undefined {
    return undefined;
  }
  /** A map like this one with other pairs; what is no map stays as it is. */
  withPairs(_pairs: readonly (readonly [key: Json, value: Json])[]): RichValue {
    return this;
  }
}

/** What holds no other values. */
export type JsonScalar = null | boolean | number | bigint | string | JsonNumber;

export type Json = JsonScalar | RichValue | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is a JSON object: no array, no `JsonNumber`, no `RichValue`, not null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof JsonNumber) &&
    !(value instanceof RichValue)
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

/** An integer as JSON holds it: a number where that is exact. */
export function jsonInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The text of a string, a keyword or a symbol, for places where only a name can stand: `"append"`, `:append`. */
export function wordOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof RichValue ? value.word : undefined;
}

/** The elements of an array, list or set; undefined of anything else. */
export function elementsOf(value: Json | undefined): readonly Json[] | undefined {
  if (isJsonArray(value)) return value;
  return value instanceof RichValue ? value.elements : undefined;
}

/** The keys of an object or map with their values; undefined of anything else. */
export function entriesOf(
  value: Json | undefined,
): readonly (readonly [key: Json, value: Json])[] | undefined {
  if (value instanceof RichValue) return value.pairs;
  return isJsonObject(value) ? Object.entries(value) : undefined;
}
