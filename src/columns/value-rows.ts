/**
 * A row for each interned value: small values are found by index while that wastes little, others by hash.
 *
 * The array grows, so that a value which was too large for it once may fall within it later. Such a value stays where it
 * was put: `find` looks in both places, and nothing else may be concluded from a gap in the array.
 */
export class ValueRows {
  readonly #direct: (number | undefined)[] = [];
  #hashed: Map<number, number> | undefined;
  #count = 0;

  /** The row of an interned value, or -1. */
  find(value: number): number {
    const direct = value < this.#direct.length ? this.#direct[value] : undefined;
    return direct ?? this.#hashed?.get(value) ?? -1;
  }

  /** Gives a value its row. Only for values that have none yet. */
  set(value: number, row: number): void {
    const direct = this.#direct;
    // By the number of values, not the array's length: values that double would make it grow without bound.
    if (value <= this.#count * 8 + 32) {
      while (direct.length < value) direct.push(undefined);
      direct[value] = row;
    } else {
      this.#hashed ??= new Map();
      this.#hashed.set(value, row);
    }
    this.#count++;
  }
}
