/**
 * The set of possible configurations of an object, without dominated ones.
 *
 * Rows of one Int32Array:
 *
 *     [ state, done ... | owed ..., spent ..., uses ... ]
 *
 *     done   open moves (operations other than reads and overwrites) that have taken effect
 *     owed   open reads and overwrites that must still take effect before they complete
 *     spent  open overwrites that have taken effect and set the state
 *     uses   per kind, the number of crashed operations that have taken effect
 *
 * An overwrite neither owed nor spent is free: it may set the state until it completes, or never. Of two configurations
 * with equal state and `done`, the one that owes, spent and used no more than the other can do whatever the other can,
 * and the other is dropped. Without this rule a dozen crashes multiply the set by thousands.
 *
 * Uses are packed, four 7-bit counts per word (`narrow`), or one per word if a kind has crashed more than 127 times.
 * Rows are looked up in an open-addressed table over (state, done) whose entries chain rows. `clear` is free, since
 * entries of the table carry a generation.
 */
import { present } from '../../../columns/present.ts';
import { rowHash } from '../row-hash.ts';
import { lengthened } from '../../../columns/column.ts';

export interface ConfigurationShape {
  /** Words with one bit per slot. */
  readonly maskWords: number;
  readonly useWords: number;
  /** Four counts per word, each at most 127. */
  readonly narrow: boolean;
}

/** Copied rows. */
export interface KeptConfigurations {
  readonly rows: Int32Array;
  readonly costs: Int32Array;
}

const LANE_GUARDS = 0x80808080 | 0;
/**
 * Histories with many keys have many small sets: arrays of up to 64 bytes are allocated on V8's heap and cost next to
 * nothing.
 */
const FIRST_ROWS = 8;
const FIRST_HEADS = 16;

export class ConfigurationSet {
  rows: Int32Array;
  size = 0;
  /** Cost of each row, never more than that of a row it dominates. */
  costs: Int32Array;
  /** 1 for a row that a later row dominates. */
  dominated: Uint8Array;
  readonly stride: number;
  private readonly keyWords: number;
  private readonly usesAt: number;
  private capacity = FIRST_ROWS;
  private chain: Int32Array;
  private heads: Int32Array;
  private stamps: Int32Array;
  private generation = 1;
  private keys = 0;

  constructor(private readonly shape: ConfigurationShape) {
    this.keyWords = 1 + shape.maskWords;
    this.usesAt = 1 + 3 * shape.maskWords;
    this.stride = this.usesAt + shape.useWords;
    this.rows = new Int32Array(this.capacity * this.stride);
    this.costs = new Int32Array(this.capacity);
    this.dominated = new Uint8Array(this.capacity);
    this.chain = new Int32Array(this.capacity);
    this.heads = new Int32Array(FIRST_HEADS);
    this.stamps = new Int32Array(FIRST_HEADS);
  }

  /** Bytes held, for memory budgets. */
  get bytes(): number {
    return (
      this.rows.byteLength + this.costs.byteLength * 2 + this.dominated.byteLength + this.heads.byteLength * 2
    );
  }

  clear(): void {
    this.size = 0;
    this.keys = 0;
    this.generation++;
  }

  /** Copies at most `limit` rows, in the order in which they were added. */
  keep(limit: number): KeptConfigurations {
    const live: number[] = [];
    for (let row = 0; row < this.size && live.length < limit; row++)
      if (this.dominated[row] === 0) live.push(row);
    const rows = new Int32Array(live.length * this.stride);
    live.forEach((row, i) => rows.set(this.rowAt(row), i * this.stride));
    return { rows, costs: Int32Array.from(live, (row) => present(this.costs[row])) };
  }

  restore({ rows, costs }: KeptConfigurations): void {
    this.clear();
    costs.forEach((cost, i) => this.add(rows.subarray(i * this.stride, (i + 1) * this.stride), cost));
  }

  private rowAt(row: number): Int32Array {
    return this.rows.subarray(row * this.stride, (row + 1) * this.stride);
  }

  /**
   * Adds the configuration in `row` (one stride long). Returns its index, or -1 if an existing row is at least as good.
   */
  add(row: Int32Array, cost: number): number {
    const { keyWords, stride } = this;
    if (this.keys * 2 >= this.heads.length) this.rehash();
    const heads = this.heads;
    const mask = heads.length - 1;
    let slot = rowHash(row, 0, this.keyWords) & mask;
    const rows = this.rows;
    for (;;) {
      if (this.stamps[slot] !== this.generation) {
        this.stamps[slot] = this.generation;
        heads[slot] = -1;
        this.keys++;
        break;
      }
      const base = present(heads[slot]) * stride;
      let same = true;
      for (let i = 0; i < keyWords; i++) {
        if (rows[base + i] !== row[i]) {
          same = false;
          break;
        }
      }
      if (same) {
        for (let other = present(heads[slot]); other >= 0; other = present(this.chain[other])) {
          if (this.dominated[other] === 1) continue;
          if (this.atMost(rows, other * stride, row, 0)) return -1;
          if (this.atMost(row, 0, rows, other * stride)) this.dominated[other] = 1;
        }
        break;
      }
      slot = (slot + 1) & mask;
    }
    const index = this.size++;
    if (index === this.capacity) this.grow();
    const target = this.rows;
    const base = index * stride;
    for (let i = 0; i < stride; i++) target[base + i] = present(row[i]);
    this.costs[index] = cost;
    this.dominated[index] = 0;
    this.chain[index] = present(heads[slot]);
    heads[slot] = index;
    return index;
  }

  /** Whether the row at a[at..] owes, spent and used at most what the one at b[bt..] did. */
  private atMost(a: Int32Array, at: number, b: Int32Array, bt: number): boolean {
    const { usesAt, stride } = this;
    for (let i = this.keyWords; i < usesAt; i++)
      if ((present(a[at + i]) & ~present(b[bt + i])) !== 0) return false;
    if (this.shape.narrow) {
      for (let i = usesAt; i < stride; i++) {
        // Each lane of b gets a guard bit, which survives the subtraction exactly when the lane of a is not larger.
        if ((((present(b[bt + i]) | LANE_GUARDS) - present(a[at + i])) & LANE_GUARDS) !== LANE_GUARDS)
          return false;
      }
      return true;
    }
    for (let i = usesAt; i < stride; i++) if (present(a[at + i]) > present(b[bt + i])) return false;
    return true;
  }

  private grow(): void {
    this.capacity *= 2;
    this.rows = lengthened(this.rows, this.capacity * this.stride);
    this.costs = lengthened(this.costs, this.capacity);
    this.dominated = lengthened(this.dominated, this.capacity);
    this.chain = lengthened(this.chain, this.capacity);
  }

  private rehash(): void {
    const old = this.heads;
    const oldStamps = this.stamps;
    const size = old.length * 2;
    this.heads = new Int32Array(size);
    this.stamps = new Int32Array(size);
    for (let i = 0; i < old.length; i++) {
      if (oldStamps[i] !== this.generation) continue;
      const head = present(old[i]);
      let slot = rowHash(this.rows, head * this.stride, this.keyWords) & (size - 1);
      while (this.stamps[slot] === this.generation) slot = (slot + 1) & (size - 1);
      this.stamps[slot] = this.generation;
      this.heads[slot] = head;
    }
  }
}
