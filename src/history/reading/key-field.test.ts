import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonEquals, type Json } from '../../protocol/json.ts';
import { HistoryError } from '../history-error.ts';
import type { Op, OpType } from '../op.ts';
import { KeyField } from './key-field.ts';

const KEYS = fc.constantFrom<Json>(1, 2, 'x', [1, 2]);
/** Many begin like one of the keys. */
const VALUES = fc.oneof(
  fc.constantFrom<Json>(null, 5, 'a', [], [1], { key: 1, value: 2 }),
  fc.tuple(KEYS, fc.constantFrom<Json>(1, 2, null)),
);

const op = (type: OpType, value: Json): Op => ({ index: 0, time: 0, type, process: 0, f: 'write', value });

const beginsLike = (key: Json, value: Json): boolean =>
  Array.isArray(value) && value.length === 2 && jsonEquals(value[0] as Json, key);

it('each key beside a value is read, whatever the values are, or none if all values begin with their keys', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(KEYS, VALUES), { minLength: 1, maxLength: 6 }), (written) => {
      const keys = new KeyField('pair');
      const read: Json[] = [];
      try {
        for (const [key, value] of written)
          for (const type of ['invoke', 'ok'] as const) read.push(keys.keyed(op(type, value), key).value);
      } catch (error) {
        if (error instanceof HistoryError) return;
        throw error;
      }
      const each = written.flatMap((one) => [one, one]);
      const paired = each.map(([key, value]) => [key, value]);
      const areAllPairs = written.every(([key, value]) => value === null || beginsLike(key, value));
      const asPairs = each.map(([key, value]) => (value === null ? [key, null] : value));
      if (areAllPairs && read.some((value, at) => !jsonEquals(value, paired[at] ?? null)))
        expect(read).toEqual(asPairs);
      else expect(read).toEqual(paired);
    }),
    { numRuns: 2000 },
  );
});

it('values that begin with their keys, and others that do not, are refused', () => {
  const keys = new KeyField('pair');
  expect(keys.keyed(op('invoke', [1, 2]), 1).value).toEqual([1, 2]);
  expect(() => keys.keyed(op('invoke', 5), 1)).toThrow('expected [key, value] everywhere or nowhere');
});
