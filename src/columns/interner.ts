/**
 * Small numbers for arbitrary values, by which keys and values are stored in columns.
 *
 * Values that are equal by `jsonEquals` get the same number, and all others different ones (1 and 1.0 are not equal,
 * nor are 1 and "1"). Numbers count up from 0, in the order in which values are first seen. Histories contain hardly
 * anything but small integers, and an interner can let those represent themselves, which needs no memory; other numbers
 * then count up from `first`.
 */
import type { Json } from '../protocol/json.ts';
import { valueKey, type ValueKey } from './value-key.ts';

/** Maximum number of integers that represent themselves: it leaves as many numbers for other values. */
export const FIRST_INTERNED = 2 ** 30;

export class Interner {
  readonly #first: number;
  readonly #ids = new Map<ValueKey, number>();
  readonly #values: Json[] = [];

  /** Integers from 0 up to but not including `first` represent themselves. */
  constructor(first = 0) {
    this.#first = first;
  }

  /** The number of values that do not represent themselves. */
  get size(): number {
    return this.#values.length;
  }

  idOf(value: Json): number {
    if (this.#isOwnId(value)) return value | 0; // turns -0 into 0
    const key = valueKey(value);
    if (this.#isOwnId(key)) return key;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#first + this.#values.length;
    this.#ids.set(key, id);
    this.#values.push(value);
    return id;
  }

  /** Returns the value that was first seen with that number. Throws a RangeError if there is none. */
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
