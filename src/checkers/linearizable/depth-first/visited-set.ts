/**
 * The configurations that a depth-first search has visited, compared in full. A configuration that a visited one
 * dominates counts as visited too.
 *
 *     [ place, state, done ... | reads done ..., crashed operations used, blindness ]
 *
 * Of two configurations at one place with equal state and equal operations done, the one with more reads done, fewer
 * crashed operations used and less blindness can do whatever the other can. Rows of one Int32Array, looked up in an
 * open-addressed table over the first part, whose entries chain rows.
 */
import { present } from '../../../columns/present.ts';
import { rowHash } from '../row-hash.ts';
import { lengthened } from '../../../columns/column.ts';
import type { CrashUses } from './crash-uses.ts';

/** There are many small searches: arrays of up to 64 bytes are allocated on V8's heap and cost next to nothing. */
const FIRST_ROWS = 8;
const FIRST_HEADS = 16;

export class VisitedSet {
  private rows: Int32Array;
  private chain = new Int32Array(FIRST_ROWS);
  private heads = new Int32Array(FIRST_HEADS).fill(-1);
  private size = 0;
  private keys = 0;
  private readonly stride: number;
  private readonly keyWords: number;

  constructor(
    maskWords: number,
    private readonly uses: CrashUses,
  ) {
    this.keyWords = 2 + maskWords;
    this.stride = 4 + 2 * maskWords;
    this.rows = new Int32Array(FIRST_ROWS * this.stride);
  }

  get bytes(): number {
    return this.rows.byteLength + this.chain.byteLength + this.heads.byteLength;
  }

  clear(): void {
    this.rows = new Int32Array(FIRST_ROWS * this.stride);
    this.chain = new Int32Array(FIRST_ROWS);
    this.heads = new Int32Array(FIRST_HEADS).fill(-1);
    this.size = 0;
    this.keys = 0;
  }

  /** Adds the configuration in `row` (one stride long). Returns false if an existing one can do as much. */
  add(row: Int32Array): boolean {
    const { stride } = this;
    if (this.keys * 2 >= this.heads.length) this.rehash();
    if ((this.size + 1) * stride > this.rows.length) this.grow();
    const { rows, heads, chain } = this;
    const mask = heads.length - 1;
    let slot = rowHash(row, 0, this.keyWords) & mask;
    for (;;) {
      const head = present(heads[slot]);
      if (head < 0) {
        this.keys++;
        break;
      }
      if (this.sameKey(row, head * stride)) {
        for (let other = head; other >= 0; other = present(chain[other]))
          if (this.dominates(other * stride, row)) return false;
        break;
      }
      slot = (slot + 1) & mask;
    }
    rows.set(row, this.size * stride);
    chain[this.size] = present(heads[slot]);
    heads[slot] = this.size++;
    return true;
  }

  private sameKey(row: Int32Array, base: number): boolean {
    const { rows, keyWords } = this;
    for (let i = 0; i < keyWords; i++) if (rows[base + i] !== row[i]) return false;
    return true;
  }

  /** Whether the row at `base` can do whatever `row` can. */
  private dominates(base: number, row: Int32Array): boolean {
    const { rows, keyWords } = this;
    const used = this.stride - 2;
    for (let i = keyWords; i < used; i++)
      if ((present(row[i]) & ~present(rows[base + i])) !== 0) return false;
    if (present(rows[base + used + 1]) > present(row[used + 1])) return false;
    return this.uses.within(present(rows[base + used]), present(row[used]));
  }

  private grow(): void {
    this.rows = lengthened(this.rows, this.rows.length * 2);
    this.chain = lengthened(this.chain, this.chain.length * 2);
  }

  private rehash(): void {
    const old = this.heads;
    const mask = old.length * 2 - 1;
    this.heads = new Int32Array(old.length * 2).fill(-1);
    for (let i = 0; i < old.length; i++) {
      const head = present(old[i]);
      if (head < 0) continue;
      let slot = rowHash(this.rows, head * this.stride, this.keyWords) & mask;
      while (present(this.heads[slot]) >= 0) slot = (slot + 1) & mask;
      this.heads[slot] = head;
    }
  }
}
