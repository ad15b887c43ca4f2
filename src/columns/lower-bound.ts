/** Binary search in sorted sequences. */
import { present } from './present.ts';

/** Numbers that are read by index. */
interface NumberList {
  readonly length: number;
  readonly [position: number]: number;
}

/**
 * Returns the first of the positions 0, 1, ... count - 1 for which `isBefore` is false, or `count` if none. The
 * positions for which it is true must precede all others.
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

/** Returns the position of the first of `count` ascending numbers that is at least `value`, or `count` if none. */
export function lowerBound(numbers: NumberList, value: number, count = numbers.length): number {
  return firstNotBefore(count, (position) => present(numbers[position]) < value);
}

/** Returns the position of the first of `count` ascending numbers that is greater than `value`, or `count` if none. */
export function upperBound(numbers: NumberList, value: number, count = numbers.length): number {
  return firstNotBefore(count, (position) => present(numbers[position]) <= value);
}
