/** The row of each value of a key: small values are found by index while that wastes little, others by hash. */
export class ValueRows {
  readonly #direct: (number | undefined)[] = [];
  #hashed: Map<number, number> | undefined;

  /** The row of an interned value, or -1. */
  find(value: number): number {
    const direct = value < this.#direct.length ? this.#direct[value] : undefined;
    return direct ?? this.#hashed?.get(value) ?? -1;
  }

  set(value: number, row: number): void {
    const direct = this.#direct;
    if (value <= direct.length * 2 + 32) {
      while (direct.length < value) direct.push(undefined);
      direct[value] = row;
    } else {
      this.#hashed ??= new Map();
      this.#hashed.set(value, row);
    }
  }
}
