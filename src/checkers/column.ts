/**
 * Columns of numbers that grow: the form in which checkers keep millions of operations.
 *
 * A typed array that doubles. Hot loops take `values` (valid up to `length`) into a local; it changes when the column grows.
 */

export class Int32Column {
  values: Int32Array;
  length = 0;

  constructor(capacity = 16) {
    this.values = new Int32Array(capacity);
  }

  push(value: number): number {
    if (this.length === this.values.length) {
      const wider = new Int32Array(this.values.length * 2);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length] = value;
    return this.length++;
  }

  at(index: number): number {
    const value = this.values[index];
    if (value === undefined || index >= this.length)
      throw new RangeError(`column has ${this.length} rows, asked for ${index}`);
    return value;
  }

  set(index: number, value: number): void {
    this.values[index] = value;
  }
}

/** The same for doubles: times in nanoseconds, indexes beyond 2^31. */
export class Float64Column {
  values: Float64Array;
  length = 0;

  constructor(capacity = 16) {
    this.values = new Float64Array(capacity);
  }

  push(value: number): number {
    if (this.length === this.values.length) {
      const wider = new Float64Array(this.values.length * 2);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length] = value;
    return this.length++;
  }

  at(index: number): number {
    const value = this.values[index];
    if (value === undefined || index >= this.length)
      throw new RangeError(`column has ${this.length} rows, asked for ${index}`);
    return value;
  }
}

/** The same for small numbers: flags, kinds. */
export class Uint8Column {
  values: Uint8Array;
  length = 0;

  constructor(capacity = 16) {
    this.values = new Uint8Array(capacity);
  }

  push(value: number): number {
    if (this.length === this.values.length) {
      const wider = new Uint8Array(this.values.length * 2);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length] = value;
    return this.length++;
  }

  at(index: number): number {
    const value = this.values[index];
    if (value === undefined || index >= this.length)
      throw new RangeError(`column has ${this.length} rows, asked for ${index}`);
    return value;
  }
}
