import { expect, it } from 'vitest';
import type { Json } from '../protocol/json.ts';
import { resultsToEdnText, resultsToJson } from '../store/results/results-text.ts';
import { boundedResult } from './bounded-result.ts';
import { isOp, type CheckResult } from './checker.ts';
import { resultKeys, valueOfKey } from './result-keys.ts';

function nested(levels: number, inner: Json = 1): Json {
  let value = inner;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value, level] : { x: value };
  return value;
}

const op = (value: Json) => ({ index: 1, time: 2, type: 'ok', process: 3, f: 'read', value }) as const;

it('a small result is returned as the same object', () => {
  const result: CheckResult = {
    'valid?': false,
    lost: Array.from({ length: 100_000 }, (_, i) => i),
    errors: [['Expected', 'a', 'But received', { echo: ['b'.repeat(10_000)] }]],
    op: op([1, [2, [3]]]),
  };
  expect(boundedResult(result)).toBe(result);
});

it.each([
  ['a deeply nested value', nested(900)],
  [
    'maps within maps, under long keys',
    Array.from({ length: 24 }).reduce<Json>(
      (inner, _, level) => ({ [`${'k'.repeat(30)}${level}`]: inner, beside: 'b'.repeat(60) }),
      1,
    ),
  ],
  ['deeply nested maps of long keys', nested(900, { ['k'.repeat(3000)]: 'x' })],
  ['a list of many small lists', Array.from({ length: 2500 }, (_, i) => [[[[i]]]])],
  ['a long text', 'x'.repeat(1_000_000)],
])('%s, quoted hundreds of times, stays small in every format', (_, value) => {
  const errors = Array.from({ length: 100 }, () => ['Expected', 'a', 'But received', value]);
  const result: CheckResult = {
    'valid?': false,
    workload: { 'valid?': false, errors },
    other: { 'valid?': true, ops: errors.map(() => op(value)) },
  };
  for (const text of [resultsToJson(result), resultsToEdnText(result, 'echo')]) {
    expect(text.length).toBeLessThan(30e6);
  }
  expect(boundedResult(result)['valid?']).toBe(false);
});

it('shows what was cut, and keeps the shape of the rest', () => {
  const { op: shown } = boundedResult({
    'valid?': true,
    op: op(Array.from({ length: 30_000 }, (_, i) => i)),
  });
  if (!isOp(shown) || !Array.isArray(shown.value)) throw new Error('the operation is none any more');
  expect(shown.index).toBe(1);
  expect(shown.value.slice(0, 3)).toEqual([0, 1, 2]);
  expect(shown.value.at(-1)).toMatch(/^\.\.\. and \d+ more$/);
});

it('keys still stand for their values, unless they were cut', () => {
  const long = 'k'.repeat(2000);
  const { duplicated } = boundedResult({
    'valid?': false,
    duplicated: resultKeys<number>([
      [7, 2],
      ['7', 3],
      [long, 4],
    ]),
  });
  const names = Object.keys(duplicated);
  expect(names.map((name) => valueOfKey(duplicated, name)).slice(0, 2)).toEqual([7, '7']);
  expect(names[2]).toMatch(/^k{500}\.\.\. \(2000 characters\) #2$/);
});
