import { expect, it } from 'vitest';
import { branchSizes, rowsInSight } from './branches.ts';

const rows = [0, 1, 2, 2, 3, 1, 2, 0].map((depth) => ({ depth }));

it('a branch has all deeper rows up to the next that is not', () => {
  expect(branchSizes(rows)).toEqual([6, 3, 0, 1, 0, 1, 0, 0]);
});

it('rows in a folded branch are hidden, even if a branch in it is folded too', () => {
  const sizes = branchSizes(rows);
  expect(rowsInSight(rows, sizes, new Set())).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(rowsInSight(rows, sizes, new Set([1, 3]))).toEqual([0, 1, 5, 6, 7]);
  expect(rowsInSight(rows, sizes, new Set([0]))).toEqual([0, 7]);
});
