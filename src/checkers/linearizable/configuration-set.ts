/**
 * The set of configurations an object could be in, without those that another one dominates.
 *
 * A configuration is (state, mask of open operations already linearized, uses per kind of crashed operation). Of two
 * with the same state and mask, the one that used pointwise fewer crashed operations can do whatever the other can:
 * the other is dropped. Without this rule a dozen crashes multiply the set by thousands.
 *
 * Rows of one Int32Array: [state, mask words ..., use words ...]; uses are packed, four 7-bit counts a word (`narrow`),
 * or one count a word when a kind has crashed more than 127 times. Found again by an open-addressed table over
 * (state, mask) whose entries chain rows. `clear` costs nothing: rows of the table carry a generation.
 */

export interface ConfigurationShape {
  readonly maskWords: number;
  readonly useWords: number;
  /** Four counts a word, each at most 127. */
  readonly narrow: boolean;
}

const LANE_GUARDS = 0x80808080 | 0;

export class ConfigurationSet {
  rows: Int32Array;
  size = 0;
  /** Total of crashed operations used, per row. */
  totals: Int32Array;
  /** 1 for a row which a later row dominates. */
  dominated: Uint8Array;
  readonly stride: number;
  private readonly keyWords: number;
  private capacity = 64;
  private chain: Int32Array;
  private heads: Int32Array;
  private stamps: Int32Array;
  private generation = 1;
  private keys = 0;

  constructor(private readonly shape: ConfigurationShape) {
    this.keyWords = 1 + shape.maskWords;
    this.stride = this.keyWords + shape.useWords;
    this.rows = new Int32Array(this.capacity * this.stride);
    this.totals = new Int32Array(this.capacity);
    this.dominated = new Uint8Array(this.capacity);
    this.chain = new Int32Array(this.capacity);
    this.heads = new Int32Array(128);
    this.stamps = new Int32Array(128);
  }

  /** Bytes held, for memory budgets. */
  get bytes(): number {
    return (
      this.rows.byteLength +
      this.totals.byteLength * 2 +
      this.dominated.byteLength +
      this.heads.byteLength * 2
    );
  }

  clear(): void {
    this.size = 0;
    this.keys = 0;
    this.generation++;
  }

  /** Adds the configuration in `row` (one stride long); returns its index, or -1 when a row here is at least as good. */
  add(row: Int32Array, total: number): number {
    const { keyWords, stride } = this;
    const useWords = stride - keyWords;
    if (this.keys * 2 >= this.heads.length) this.rehash();
    const heads = this.heads;
    const mask = heads.length - 1;
    let slot = this.hash(row, 0) & mask;
    const rows = this.rows;
    for (;;) {
      if (this.stamps[slot] !== this.generation) {
        this.stamps[slot] = this.generation;
        heads[slot] = -1;
        this.keys++;
        break;
      }
      const base = (heads[slot] as number) * stride;
      let same = true;
      for (let i = 0; i < keyWords; i++) {
        if (rows[base + i] !== row[i]) {
          same = false;
          break;
        }
      }
      if (same) {
        if (useWords === 0) return -1;
        for (let other = heads[slot] as number; other >= 0; other = this.chain[other] as number) {
          if (this.dominated[other] === 1) continue;
          if (this.atMost(rows, other * stride + keyWords, row, keyWords)) return -1;
          if (this.atMost(row, keyWords, rows, other * stride + keyWords)) this.dominated[other] = 1;
        }
        break;
      }
      slot = (slot + 1) & mask;
    }
    const index = this.size++;
    if (index === this.capacity) this.grow();
    const target = this.rows;
    const base = index * stride;
    for (let i = 0; i < stride; i++) target[base + i] = row[i] as number;
    this.totals[index] = total;
    this.dominated[index] = 0;
    this.chain[index] = heads[slot] as number;
    heads[slot] = index;
    return index;
  }

  /** Whether the uses at a[at..] are pointwise at most those at b[bt..]. */
  private atMost(a: Int32Array, at: number, b: Int32Array, bt: number): boolean {
    const words = this.shape.useWords;
    if (this.shape.narrow) {
      for (let i = 0; i < words; i++) {
        // Each lane of b gets a guard bit; it survives the subtraction exactly when the lane of a is not larger.
        if (((((b[bt + i] as number) | LANE_GUARDS) - (a[at + i] as number)) & LANE_GUARDS) !== LANE_GUARDS)
          return false;
      }
      return true;
    }
    for (let i = 0; i < words; i++) if ((a[at + i] as number) > (b[bt + i] as number)) return false;
    return true;
  }

  private hash(row: Int32Array, at: number): number {
    let h = 0x9e3779b1 | 0;
    for (let i = 0; i < this.keyWords; i++) {
      h = Math.imul(h ^ (row[at + i] as number), 0x85ebca6b);
      h ^= h >>> 15;
    }
    return h;
  }

  private grow(): void {
    this.capacity *= 2;
    const rows = new Int32Array(this.capacity * this.stride);
    rows.set(this.rows);
    this.rows = rows;
    const totals = new Int32Array(this.capacity);
    totals.set(this.totals);
    this.totals = totals;
    const dominated = new Uint8Array(this.capacity);
    dominated.set(this.dominated);
    this.dominated = dominated;
    const chain = new Int32Array(this.capacity);
    chain.set(this.chain);
    this.chain = chain;
  }

  private rehash(): void {
    const old = this.heads;
    const oldStamps = this.stamps;
    const size = old.length * 2;
    this.heads = new Int32Array(size);
    this.stamps = new Int32Array(size);
    for (let i = 0; i < old.length; i++) {
      if (oldStamps[i] !== this.generation) continue;
      const head = old[i] as number;
      let slot = this.hash(this.rows, head * this.stride) & (size - 1);
      while (this.stamps[slot] === this.generation) slot = (slot + 1) & (size - 1);
      this.stamps[slot] = this.generation;
      this.heads[slot] = head;
    }
  }
}
