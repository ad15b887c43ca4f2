import { expect, it } from 'vitest';
import { singlePrecision } from './single-precision.ts';

it.each([
  [184 / 47, 3.9148936],
  [652 / 60, 10.866667],
  [120 / 54, 2.2222223],
  [85 / 87, 0.9770115],
  [3413 / 200, 17.065],
  [8091 / 191, 42.361256],
  [7689 / 191, 40.256546],
  [540 / 199, 2.7135677],
  [56412 / 28203, 2.0002127],
  [1, 1],
  [0, 0],
  [-1 / 3, -0.33333334],
])('%d has in single precision the digits that Java prints: %d', (value, printed) => {
  expect(singlePrecision(value)).toBe(printed);
});
