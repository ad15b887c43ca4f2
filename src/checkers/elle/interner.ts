/**
 * Small numbers for arbitrary JSON values: the form in which keys and values stand in columns.
 *
 * A small non-negative integer stands for itself, which is what nearly all histories hold; anything else gets a number
 * from `FIRST_INTERNED` on, equal for equal values (1 and 1.0 are not equal, nor are 1 and "1").
 */
import { canonicalJson, type Json } from '../../protocol/json.ts';

/** Integers below this stand for themselves. */
export const FIRST_INTERNED = 2 ** 30;

export class Interner {
  readonly #ids = new Map<string, number>();
  readonly #values: Json[] = [];

  id(value: Json): number {
    if (typeof value === 'number' && value >= 0 && value < FIRST_INTERNED && Number.isInteger(value)) {
      return value;
    }
    const text = canonicalJson(value);
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = FIRST_INTERNED + this.#values.length;
    this.#ids.set(text, id);
    this.#values.push(value);
    return id;
  }

  value(id: number): Json {
    return id < FIRST_INTERNED ? id : (this.#values[id - FIRST_INTERNED] ?? null);
  }
}
