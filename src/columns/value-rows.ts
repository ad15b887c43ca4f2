/**
 * A row for each interned value: small values are found by index while that wastes little, others by hash.
 *
 * The array grows, so a value that was once too large for it may later fall within it. Such a value stays where it was
 * put: `find` looks in both places, and a gap in the array implies nothing.
 */
export class ValueRows {
  readonly #direct: (number | undefined)[] = [];
  #hashed: Map<number, number> | undefined;
  #count = 0;

  /** Returns the row of an interned value, or -1. */
  find(value: number): number {
    const direct = value < this.#direct.length ? this.#direct[value] : undefined;
    return direct ?? this.#hashed?.get(value) ?? -1;
  }

  /** Sets the row of a value that has none yet. */
  set(value: number, row: number): void {
    const direct = this.#direct;
    // Limited by the number of values, not the array's length: values that double would make it grow without bound.
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
