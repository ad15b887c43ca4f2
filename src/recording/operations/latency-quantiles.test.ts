import { expect, it } from 'vitest';
import { quantileOf } from './latency-quantiles.ts';

it('a quantile is the smallest value that its share of the values does not exceed', () => {
  const sorted = Float64Array.of(1, 2, 3, 10);
  expect([0, 0.5, 0.51, 0.75, 1].map((share) => quantileOf(sorted, share))).toEqual([1, 2, 3, 3, 10]);
  expect(quantileOf(new Float64Array(0), 0.5)).toBe(0);
});
