/**
 * Binary search: where something begins in a sequence that is in order.
 */
import { present } from './present.ts';

/** Numbers that are read by position. */
interface NumberList {
  readonly length: number;
  readonly [position: number]: number;
}

/**
 * The first of the positions 0, 1, ... count - 1 that does not come before what is looked for, or `count`. Positions that
 * come before it are all in front of those that do not.
 */
export function firstNotBefore(count: number, isBefore: (position: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = low + ((high - low) >>> 1);
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The position of the first of `count` ascending numbers that is not below `value`, or `count`. */
export function lowerBound(numbers: NumberList, value: number, count = numbers.length): number {
  return firstNotBefore(count, (position) => present(numbers[position]) < value);
}

/** The position of the first of `count` ascending numbers that is above `value`, or `count`. */
export function upperBound(numbers: NumberList, value: number, count = numbers.length): number {
  return firstNotBefore(count, (position) => present(numbers[position]) <= value);
}
