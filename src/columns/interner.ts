/**
 * Small numbers for arbitrary values: the form in which keys and values stand in columns.
 *
 * Values that `jsonEquals` says are equal get one number, and others another (1 and 1.0 are not equal, nor are 1 and "1").
 * Numbers count up from 0, in the order in which values are first seen. Histories hold hardly anything but small integers,
 * and an interner may be asked to let those stand for themselves, which needs no memory: numbers then count up from the
 * first that stands for nothing.
 */
import type { Json } from '../protocol/json.ts';
import { valueKey, type ValueKey } from './value-key.ts';

/** The most integers that can stand for themselves: as many numbers again are left for other values. */
export const FIRST_INTERNED = 2 ** 30;

export class Interner {
  readonly #first: number;
  readonly #ids = new Map<ValueKey, number>();
  readonly #values: Json[] = [];

  /** Integers from 0 up to below `first` stand for themselves. */
  constructor(first = 0) {
    this.#first = first;
  }

  /** How many values have a number that is not themselves. */
  get size(): number {
    return this.#values.length;
  }

  idOf(value: Json): number {
    if (this.#isOwnId(value)) return value | 0; // of -0 it makes 0
    const key = valueKey(value);
    if (this.#isOwnId(key)) return key;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#first + this.#values.length;
    this.#ids.set(key, id);
    this.#values.push(value);
    return id;
  }

  /** The value that was first seen with that number. Throws a RangeError when there is none. */
  valueOf(id: number): Json {
    if (id >= 0 && id < this.#first) return id;
    const value = this.#values[id - this.#first];
    if (value === undefined) throw new RangeError(`No value has the number ${id}.`);
    return value;
  }

  #isOwnId(value: Json): value is number {
    return typeof value === 'number' && value >= 0 && value < this.#first && Number.isInteger(value);
  }
}
