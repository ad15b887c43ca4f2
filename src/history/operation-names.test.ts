import { expect, test } from 'vitest';
import type { Op } from './op.ts';
import { operationNumbers } from './operation-names.ts';

const op = (index: number, type: Op['type'], process: Op['process']): Op => ({
  index,
  time: index,
  type,
  process,
  f: 'read',
  value: null,
});

test('both entries of an operation map to the index of its invocation', () => {
  const { numberOf } = operationNumbers([
    op(0, 'invoke', 0),
    op(1, 'info', 'nemesis'),
    op(2, 'invoke', 1),
    op(3, 'ok', 0),
    op(4, 'info', 1),
  ]);
  expect([0, 1, 2, 3, 4].map(numberOf)).toEqual([0, 1, 2, 0, 2]);
});

test('a history may have any indexes, and an unknown one maps to itself', () => {
  const { numberOf } = operationNumbers([
    op(-1, 'invoke', 0),
    op(1e12, 'ok', 0),
    op(0, 'invoke', 0),
    op(7.5, 'ok', 0),
  ]);
  expect([-1, 1e12, 0, 7.5, 3, 99].map(numberOf)).toEqual([-1, -1, 0, 0, 3, 99]);
});

test('a completion without an invocation is named by itself', () => {
  expect(operationNumbers([op(0, 'ok', 3)]).numberOf(0)).toBe(0);
});
