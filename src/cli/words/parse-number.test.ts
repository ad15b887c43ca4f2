import { expect, it } from 'vitest';
import { parseNumber } from './parse-number.ts';

it.each([
  ['5', 5],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['-0', 0],
])('reads %s', (text, value) => {
  expect(parseNumber('--rate', text, { min: 0 })).toBe(value);
});

it.each(['', 'NaN', 'Infinity', '1e999', 'five', '5s', '0x10', '1,5', '5 6', '-1'])('refuses %j', (text) => {
  expect(() => parseNumber('--rate', text, { min: 0, unit: 'requests per second' })).toThrow(
    `--rate must be a number of requests per second, at least 0, but is ${JSON.stringify(text)}.`,
  );
});

it('names the expected range', () => {
  expect(() => parseNumber('--time-limit', '0', { min: 0, minExcluded: true, unit: 'seconds' })).toThrow(
    '--time-limit must be a number of seconds, greater than 0, but is "0".',
  );
  expect(() =>
    parseNumber('--node-count', '2.5', { min: 1, max: 1000, integer: true, unit: 'nodes' }),
  ).toThrow('--node-count must be a whole number of nodes from 1 to 1000, but is "2.5".');
  expect(() => parseNumber('--test-count', '0', { min: 1, integer: true })).toThrow(
    '--test-count must be a whole number of at least 1, but is "0".',
  );
});

it.each([
  ['10s', 'Write the number alone, without a unit.'],
  ['5 ms', 'Write the number alone, without a unit.'],
  ['50%', 'Write the number alone, without a unit.'],
  ['2x', 'or so'],
  ['s', 'or so'],
])('the hint for %j is %j', (text, hint) => {
  expect(() => parseNumber('--rate', text, { min: 0 }, 'or so')).toThrow(expect.objectContaining({ hint }));
});
