import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Float64Column, Int32Column, lengthened, Uint8Column } from './column.ts';
import { firstNotBefore, lowerBound, upperBound } from './lower-bound.ts';
import { present } from './present.ts';

describe('a column', () => {
  it.each([
    ['of integers', () => new Int32Column(), fc.integer()],
    ['of doubles', () => new Float64Column(), fc.double()],
    ['of small numbers', () => new Uint8Column(), fc.nat(255)],
  ])('%s returns what was pushed and set, over any number of rows', (_kind, make, number) => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 100 }), number, (numbers, last) => {
        const column = make();
        expect(numbers.map((each) => column.push(each))).toEqual(numbers.map((_, row) => row));
        expect(column.length).toBe(numbers.length);
        if (numbers.length > 0) column.set(numbers.length - 1, last);
        expect(numbers.map((_, row) => column.at(row))).toEqual([
          ...numbers.slice(0, -1),
          ...numbers.slice(-1).map(() => last),
        ]);
      }),
    );
  });

  it('refuses rows that do not exist, even if its array has room', () => {
    const column = new Int32Column();
    column.push(7);
    for (const row of [-1, 1, 8, 0.5, Number.NaN]) {
      expect(() => column.at(row)).toThrow(`The column has 1 rows; row ${row} was asked for.`);
      expect(() => column.set(row, 1)).toThrow(`row ${row} was asked for`);
    }
    expect(column.at(0)).toBe(7);
  });

  it('accepts an array without room', () => {
    const column = new Int32Column(0);
    for (let row = 0; row < 3; row++) expect(column.push(row)).toBe(row);
    expect([...column.values.subarray(0, column.length)]).toEqual([0, 1, 2]);
  });
});

it('a longer array is of the same kind, with zeros at the end', () => {
  expect(lengthened(Float64Array.of(1.5, NaN), 4)).toEqual(Float64Array.of(1.5, NaN, 0, 0));
  expect(lengthened(Uint8Array.of(255), 2)).toEqual(Uint8Array.of(255, 0));
});

it('an element that does not exist is an error, and not 0', () => {
  expect(present(Int32Array.of(0, 5)[0])).toBe(0);
  expect(present([null][0])).toBeNull();
  for (const position of [-1, 2, Number.NaN])
    expect(() => present(Int32Array.of(0, 5)[position])).toThrow('An element was read that is not there.');
});

describe('binary search', () => {
  it('finds what a linear search finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 20 })),
        fc.integer({ min: -22, max: 22 }),
        (list, value) => {
          const numbers = Float64Array.from(list).sort();
          const orEnd = (found: number): number => (found === -1 ? numbers.length : found);
          expect(lowerBound(numbers, value)).toBe(orEnd(numbers.findIndex((each) => each >= value)));
          expect(upperBound(numbers, value)).toBe(orEnd(numbers.findIndex((each) => each > value)));
        },
      ),
    );
  });

  it('looks at nothing beyond the count', () => {
    const numbers = Int32Array.of(1, 3, 0, 0);
    expect(lowerBound(numbers, 9, 2)).toBe(2);
    expect(upperBound(numbers, 1, 2)).toBe(1);
    expect(lowerBound(numbers, 9, 0)).toBe(0);
  });

  it('works for more positions than a signed integer can hold', () => {
    expect(firstNotBefore(2 ** 31, (position) => position < 2 ** 31 - 2)).toBe(2 ** 31 - 2);
  });
});
