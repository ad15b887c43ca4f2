import { expect, test } from 'vitest';
import { inOrder, nextOrder, type Order } from './sorting.ts';

const ROWS = [
  { name: 'run-10', size: 3 },
  { name: 'run-9', size: undefined },
  { name: 'run-9', size: 20 },
  { name: 'Run-1', size: 3 },
];
const VALUES = {
  Name: ({ name }: (typeof ROWS)[number]) => name,
  Size: ({ size }: (typeof ROWS)[number]) => size,
};
const places = (order: Order | undefined): readonly number[] =>
  inOrder(ROWS, { order, values: VALUES }).map((row) => ROWS.indexOf(row));

test('a heading sorts up, then down, then not at all', () => {
  const up = nextOrder(undefined, 'Name');
  const down = nextOrder(up, 'Name');
  expect([up, down, nextOrder(down, 'Name')]).toEqual([
    { column: 'Name', isDescending: false },
    { column: 'Name', isDescending: true },
    undefined,
  ]);
  expect(nextOrder(down, 'Size')).toEqual({ column: 'Size', isDescending: false });
});

test('numbers within names count as numbers, and equal rows stay as they come', () => {
  expect(places({ column: 'Name', isDescending: false })).toEqual([3, 1, 2, 0]);
  expect(places({ column: 'Name', isDescending: true })).toEqual([0, 1, 2, 3]);
  expect(places(undefined)).toEqual([0, 1, 2, 3]);
});

test('rows without a value come last in either direction', () => {
  expect(places({ column: 'Size', isDescending: false })).toEqual([0, 3, 2, 1]);
  expect(places({ column: 'Size', isDescending: true })).toEqual([2, 0, 3, 1]);
});
