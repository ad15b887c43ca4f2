/**
 * Growing columns of numbers, in which checkers and recordings store millions of rows.
 *
 * A typed array whose capacity doubles. Hot loops copy `values` (valid up to `length`) into a local variable; it
 * changes when the column grows.
 *
 * One class serves all kinds of numbers, although V8 then sees several kinds of arrays in `push`: observing 200,000
 * list-append transactions, which is mostly pushing, took 398 ms with it and 382 ms with a class written out for each
 * kind (`bench/run.mjs elle`, minimum CPU of nine alternating rounds; rounds differ by more than that).
 */

export type Numbers = Int32Array | Uint32Array | Uint8Array | Float64Array;

/** There are many small histories: arrays of up to 64 bytes are on V8's heap and cost next to nothing. */
const FIRST_ROWS = 8;

export class Column<A extends Numbers> {
  length = 0;

  constructor(public values: A) {}

  /** Adds a row; returns its number. */
  push(value: number): number {
    if (this.length === this.values.length)
      this.values = lengthened(this.values, Math.max(FIRST_ROWS, this.length * 2));
    this.values[this.length] = value;
    return this.length++;
  }

  /** Reserves capacity for that many rows. */
  reserve(rows: number): void {
    if (rows > this.values.length) this.values = lengthened(this.values, rows);
  }

  at(row: number): number {
    const value = this.values[row];
    if (value === undefined || row >= this.length)
      throw new RangeError(`The column has ${this.length} rows; row ${row} was asked for.`);
    return value;
  }

  /** Changes an existing row. */
  set(row: number, value: number): void {
    this.at(row);
    this.values[row] = value;
  }
}

export class Int32Column extends Column<Int32Array> {
  constructor(rows = FIRST_ROWS) {
    super(new Int32Array(rows));
  }
}

/** For times in nanoseconds, and indexes beyond 2^31. */
export class Float64Column extends Column<Float64Array> {
  constructor(rows = FIRST_ROWS) {
    super(new Float64Array(rows));
  }
}

/** For small numbers: flags, kinds. */
export class Uint8Column extends Column<Uint8Array> {
  constructor(rows = FIRST_ROWS) {
    super(new Uint8Array(rows));
  }
}

/** Returns the same numbers in a longer array, filled up with zeros. */
export function lengthened<A extends Numbers>(numbers: A, length: number): A {
  // A typed array's constructor creates arrays of its own kind.
  const longer = new (numbers.constructor as new (length: number) => A)(length);
  longer.set(numbers);
  return longer;
}
