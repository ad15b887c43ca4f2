import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import { jsonEquals, parseJson, type Json } from '../../protocol/json.ts';
import { IntegerSet } from '../sets/integer-set.ts';
import { checkUniqueIds, explainUniqueIds } from './unique-ids.ts';
import { valueKey } from '../../columns/value-key.ts';

const generated = (ids: readonly Json[]): Op[] =>
  ids.flatMap((id, at): Op[] => [
    { index: 2 * at, time: at, process: 0, type: 'invoke', f: 'generate', value: null },
    { index: 2 * at + 1, time: at, process: 0, type: 'ok', f: 'generate', value: id },
  ]);

/** Values of every kind that are easily confused with each other. */
const ids = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom<Json>(
    '1',
    '',
    '[1]',
    '"1"',
    '{}',
    'null',
    '-1',
    true,
    false,
    null,
    [],
    [1],
    ['1'],
    {},
    { a: 1 },
  ),
  fc.constantFrom(
    ...[
      '1.0',
      '1.5',
      '1.50',
      '1e400',
      '12345678901234567890',
      '12345678901234567891',
      '{"b":1,"a":2}',
      '{"a":2,"b":1}',
    ].map((text) => parseJson(text)),
  ),
);

describe('unique-ids', () => {
  it('two ids are the same exactly when they are equal as JSON', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(valueKey(a) === valueKey(b)).toBe(jsonEquals(a, b));
        expect(checkUniqueIds(generated([a, b]))['valid?']).toBe(!jsonEquals(a, b));
      }),
      { numRuns: 1000 },
    );
  });

  it('distinguishes 64-bit ids that a double would not', () => {
    expect(checkUniqueIds(generated([9007199254740992n, 9007199254740993n]))).toMatchObject({
      'valid?': true,
      range: [9007199254740992n, 9007199254740993n],
    });
  });

  it('counts every duplicate and names the 48 most frequent, sorted', () => {
    const many = Array.from({ length: 60 }, (_, n) => Array.from({ length: n < 50 ? 2 : 3 }, () => n)).flat();
    const result = checkUniqueIds(generated(many));
    const named = Object.keys(result['duplicated'] as object).map(Number);
    expect(result['duplicated-count']).toBe(60);
    expect(named).toHaveLength(48);
    expect(named.slice(-10)).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
  });

  it('has a range over ids of mixed types, and distinguishes them', () => {
    const result = checkUniqueIds(generated(['1', 1, '1', 1, [2]]));
    expect(result).toEqual({
      'valid?': false,
      'attempted-count': 5,
      'acknowledged-count': 5,
      'duplicated-count': 2,
      duplicated: { '1': 2, '"1"': 2 },
      range: [1, [2]],
    });
    expect(explainUniqueIds(result)).toBe(
      '2 ids were given out more than once: 1 (2 times), "1" (2 times), among 5 in all.',
    );
  });

  it('only numbers that are equal because of rounding are reported as such', () => {
    const words = (id: Json): string | undefined => explainUniqueIds(checkUniqueIds(generated([id, id])));
    expect(words(1001704067200176000)).toContain('They are numbers beyond 2^53');
    for (const id of [7, 2 ** 53 - 1, 7147375873228801n, '1001704067200176001', [2 ** 60]] as Json[])
      expect(words(id)).not.toContain('2^53');
    for (const id of ['1.2345678901234e+17', '1.23457E+06', '"1e+20"'])
      expect(words(parseJson(id))).toContain('They are large numbers printed as floats');
    for (const id of ['1.5', '1.25e2', '7']) expect(words(parseJson(id))).not.toContain('floats');
  });

  it('agrees with comparing each id with all others', () => {
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 20 }), (some) => {
        const distinct = some.filter((id, at) => some.findIndex((other) => jsonEquals(other, id)) === at);
        const twice = distinct.filter((id) => some.filter((other) => jsonEquals(other, id)).length > 1);
        expect(checkUniqueIds(generated(some))['duplicated-count']).toBe(twice.length);
      }),
    );
  });

  it('a set of integers is a set', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -9, max: 9 })), { maxLength: 3000 }),
        (some) => {
          const set = new IntegerSet();
          const plain = new Set<number>();
          for (const value of some) {
            expect(set.add(value)).toBe(!plain.has(value + 0));
            plain.add(value + 0);
          }
          expect(set.size).toBe(plain.size);
        },
      ),
      { numRuns: 30 },
    );
  });
});
