/**
 * All possible sums when each of some deltas may or may not have been added.
 *
 * Sums are kept as a sorted list of ranges, which is exact for integers of any size. Small deltas come first, since
 * they fill gaps; equal deltas are taken in groups of 1, 2, 4, ... copies, so that a thousand of them take ten steps.
 */

import { firstNotBefore } from '../../columns/lower-bound.ts';

/** Inclusive. */
export type SumRange = readonly [low: bigint, high: bigint];

/** Maximum number of ranges computed: deltas that are far apart double them each time. */
const MOST_RANGES = 200_000;

/** Returns the sums as ascending ranges that neither overlap nor touch; undefined if there are too many. */
export function subsetSums(definite: bigint, optional: readonly bigint[]): readonly SumRange[] | undefined {
  let ranges: readonly SumRange[] = [[definite, definite]];
  for (const delta of groups(optional)) {
    if (ranges.length > MOST_RANGES) return undefined;
    ranges = union(ranges, delta);
  }
  return ranges;
}

export function isInRanges(value: bigint, ranges: readonly SumRange[]): boolean {
  const endsBefore = (position: number): boolean => (ranges[position]?.[1] ?? value) < value;
  const range = ranges[firstNotBefore(ranges.length, endsBefore)];
  return range !== undefined && range[0] <= value;
}

/**
 * Groups equal deltas: choosing 0 to n copies of a delta equals choosing any subset of groups of 1, 2, 4, ..., rest
 * copies.
 */
function groups(deltas: readonly bigint[]): readonly bigint[] {
  const copies = new Map<bigint, number>();
  for (const delta of deltas) if (delta !== 0n) copies.set(delta, (copies.get(delta) ?? 0) + 1);
  const ascending = [...copies].toSorted(([a], [b]) => {
    const difference = magnitude(a) - magnitude(b);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  });
  const grouped: bigint[] = [];
  for (const [delta, count] of ascending) {
    let left = count;
    for (let size = 1; left > 0; size *= 2) {
      const taken = Math.min(size, left);
      grouped.push(delta * BigInt(taken));
      left -= taken;
    }
  }
  return grouped;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Returns the ranges together with the ranges shifted by delta: a merge of two sorted lists. */
function union(ranges: readonly SumRange[], delta: bigint): readonly SumRange[] {
  const merged: SumRange[] = [];
  let low: bigint | undefined;
  let high = 0n;
  const take = ([from, to]: SumRange): void => {
    if (low !== undefined && from <= high + 1n) {
      if (to > high) high = to;
      return;
    }
    if (low !== undefined) merged.push([low, high]);
    low = from;
    high = to;
  };
  let stayed = 0;
  let moved = 0;
  for (;;) {
    const here = ranges[stayed];
    const there = ranges[moved];
    if (here === undefined && there === undefined) break;
    if (there === undefined || (here !== undefined && here[0] <= there[0] + delta)) {
      if (here !== undefined) take(here);
      stayed += 1;
    } else {
      take([there[0] + delta, there[1] + delta]);
      moved += 1;
    }
  }
  if (low !== undefined) merged.push([low, high]);
  return merged;
}
