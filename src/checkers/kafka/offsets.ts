/**
 * Offsets as doubles, in an order that loses nothing. Offsets are only ever compared, so any integer will do: negative
 * ones, and those beyond 2^53, which doubles cannot tell apart. The latter are known only as a whole, at the end:
 *
 *     2^60, 2^60 + 1, 7, -2^60     ->     2^53 + 4, 2^53 + 8, 7, -(2^53 + 4)
 */
import type { Json } from '../../protocol/json.ts';

/** The double of an offset that is not known. Compare with `Number.isNaN`. */
export const NO_OFFSET = NaN;

/** Doubles from here on have room for one huge offset each, 4 apart. */
const HUGE = 2 ** 53;
const STEP = 4;

export class Offsets {
  private readonly hugeByItem = new Map<number, bigint>();
  private readonly shown = new Map<number, bigint>();

  /** The double of an offset, undefined when it is no integer; a huge one is remembered until `rank`. */
  take(offset: Json, item: number): number | undefined {
    if (offset === null) return NO_OFFSET;
    if (typeof offset === 'number' && Number.isSafeInteger(offset)) return offset + 0;
    if (typeof offset !== 'bigint' && !Number.isInteger(offset)) return undefined;
    // Integers of one size are one offset, whether they came as a bigint or as a double.
    const exact = BigInt(offset as bigint | number);
    if (BigInt.asIntN(53, exact) === exact) return Number(exact);
    this.hugeByItem.set(item, exact);
    return exact < 0n ? -HUGE : HUGE;
  }

  /** Gives every item with a huge offset the double by which it is compared from now on. */
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

  /** The offset as it stood in the history. */
  show(double: number): Json {
    return Number.isNaN(double) ? null : (this.shown.get(double) ?? double);
  }
}
