/**
 * Small numbers for arbitrary values: the form in which keys and values stand in columns.
 *
 * A small non-negative integer stands for itself, which is what nearly all histories hold; anything else gets a number
 * from `FIRST_INTERNED` on, equal for equal values (1 and 1.0 are not equal, nor are 1 and "1").
 */
import type { Json } from '../../protocol/json.ts';
import { valueKey, type ValueKey } from '../value-key.ts';

/** Integers below this stand for themselves. */
export const FIRST_INTERNED = 2 ** 30;

export class Interner {
  readonly #ids = new Map<ValueKey, number>();
  readonly #values: Json[] = [];

  id(value: Json): number {
    if (isPlain(value)) return value | 0; // of -0 it makes 0
    const key = valueKey(value);
    if (isPlain(key)) return key;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = FIRST_INTERNED + this.#values.length;
    this.#ids.set(key, id);
    this.#values.push(value);
    return id;
  }

  value(id: number): Json {
    return id < FIRST_INTERNED ? id : (this.#values[id - FIRST_INTERNED] ?? null);
  }
}

function isPlain(value: Json): value is number {
  return typeof value === 'number' && value >= 0 && value < FIRST_INTERNED && Number.isInteger(value);
}
