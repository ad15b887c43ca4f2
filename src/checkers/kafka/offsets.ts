/**
 * Offsets as doubles, ordered without loss. Offsets are only compared, so any integer is allowed: negative ones, and
 * those beyond 2^53, which doubles cannot distinguish. The latter are ranked at the end, when all are known:
 *
 *     2^60, 2^60 + 1, 7, -2^60     ->     2^53 + 4, 2^53 + 8, 7, -(2^53 + 4)
 */
import type { Json } from '../../protocol/json.ts';

/** The double of an unknown offset. Compare with `Number.isNaN`. */
export const NO_OFFSET = NaN;

/** Doubles from here on can represent one huge offset each, 4 apart. */
const HUGE = 2 ** 53;
const STEP = 4;

export class Offsets {
  private readonly hugeByItem = new Map<number, bigint>();
  private readonly shown = new Map<number, bigint>();

  /** Returns the double of an offset, or undefined if it is not an integer. A huge one is kept for `rank`. */
  take(offset: Json, item: number): number | undefined {
    if (offset === null) return NO_OFFSET;
    if (typeof offset === 'number' && Number.isSafeInteger(offset)) return offset + 0;
    if (typeof offset !== 'bigint' && !Number.isInteger(offset)) return undefined;
    // Equal integers are one offset, whether given as bigint or as double.
    const exact = BigInt(offset as bigint | number);
    if (BigInt.asIntN(53, exact) === exact) return Number(exact);
    this.hugeByItem.set(item, exact);
    return exact < 0n ? -HUGE : HUGE;
  }

  /** Gives every item with a huge offset the double that represents it from now on. */
  rank(set: (item: number, double: number) => void): void {
    const huge = [...new Set(this.hugeByItem.values())].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const firstPositive = huge.filter((offset) => offset < 0n).length;
    const doubles = new Map<bigint, number>();
    huge.forEach((offset, place) => {
      const distance = place < firstPositive ? place - firstPositive : place - firstPositive + 1;
      const double = Math.sign(distance) * HUGE + distance * STEP;
      doubles.set(offset, double);
      this.shown.set(double, offset);
    });
    for (const [item, offset] of this.hugeByItem) set(item, doubles.get(offset) ?? NO_OFFSET);
    this.hugeByItem.clear();
  }

  /** Returns the offset as it appeared in the history. */
  show(double: number): Json {
    return Number.isNaN(double) ? null : (this.shown.get(double) ?? double);
  }
}
