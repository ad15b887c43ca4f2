import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oddSequence, oddValue } from '../../test/support/odd-values.ts';
import { KeyTable } from '../checkers/elle/transactions/key-table.ts';
import { IntegerSet } from '../checkers/sets/integer-set.ts';
import { canonicalJson, compareJson, jsonEquals, type Json } from '../protocol/json.ts';
import { FIRST_INTERNED, Interner } from './interner.ts';
import { ValueIds } from './value-ids.ts';
import { valueKey } from './value-key.ts';
import { ValueRows } from './value-rows.ts';

/** Everything that numbers values. Each is created anew for a history, and asked for one value after the other. */
const numberings: Record<string, () => (value: Json) => number> = {
  Interner: () => {
    const interner = new Interner();
    return (value) => interner.idOf(value);
  },
  'Interner of small integers that stand for themselves': () => {
    const interner = new Interner(FIRST_INTERNED);
    return (value) => interner.idOf(value);
  },
  KeyTable: () => {
    const table = new KeyTable((id) => ({ id }));
    return (value) => table.get(value).id;
  },
  ValueRows: () => {
    const interner = new Interner(FIRST_INTERNED);
    const rows = new ValueRows();
    let count = 0;
    return (value) => {
      const interned = interner.idOf(value);
      if (rows.find(interned) < 0) rows.set(interned, count++);
      return rows.find(interned);
    };
  },
  ValueIds: () => {
    const ids = new ValueIds();
    let count = 0;
    return (value) => {
      if (ids.get(value) < 0) ids.set(value, count++);
      return ids.get(value);
    };
  },
  valueKey: () => {
    const ids = new Map<unknown, number>();
    return (value) => {
      const key = valueKey(value);
      const known = ids.get(key) ?? ids.size;
      ids.set(key, known);
      return known;
    };
  },
};

/** Returns the expected numbering, by comparing each value with all before it. */
function firstEqual(values: readonly Json[]): readonly number[] {
  const byText = new Map<string, number>();
  return values.map((value, at) => {
    const text = canonicalJson(value);
    const first = byText.get(text) ?? at;
    byText.set(text, first);
    return first;
  });
}

describe('equality of values', () => {
  it('agrees by comparison, by canonical text and by order', () => {
    fc.assert(
      fc.property(oddValue, oddValue, (left, right) => {
        const equal = jsonEquals(left, right);
        const [one, other] = [compareJson(left, right), compareJson(right, left)];
        // One `expect` takes longer than these comparisons, and there would be 100,000.
        return (
          jsonEquals(right, left) === equal &&
          (canonicalJson(left) === canonicalJson(right)) === equal &&
          (valueKey(left) === valueKey(right) || Object.is(valueKey(left), valueKey(right))) === equal &&
          (one === 0) === equal &&
          Math.sign(one) === -Math.sign(other)
        );
      }),
      { numRuns: 20_000 },
    );
  });

  it('orders any three values consistently', () => {
    fc.assert(
      fc.property(oddValue, oddValue, oddValue, (a, b, c) => {
        const [first, second, third] = [a, b, c].sort(compareJson) as [Json, Json, Json]; // three went in
        return (
          compareJson(first, second) <= 0 && compareJson(second, third) <= 0 && compareJson(first, third) <= 0
        );
      }),
      { numRuns: 5_000 },
    );
  });
});

describe.each(Object.entries(numberings))('%s', (_name, begin) => {
  it('gives the same number exactly to equal values, in any order', () => {
    fc.assert(
      fc.property(oddSequence, (values) => {
        const numberOf = begin();
        const first = firstEqual(values);
        const numbers = values.map(numberOf);
        const byNumber = new Map<number, number>();
        const firstOfNumber = numbers.map((number, at) => {
          const known = byNumber.get(number) ?? at;
          byNumber.set(number, known);
          return known;
        });
        expect(firstOfNumber).toEqual(first);
        // Again, when all of them are known.
        expect(values.map(numberOf)).toEqual(numbers);
      }),
      { numRuns: 500 },
    );
  });

  it('finds large integers after small ones were added', () => {
    for (const large of [33, 100, 257, 600, 1100, 2000, 5000, 2 ** 20, 2 ** 30, 2 ** 31, 2 ** 53]) {
      const numberOf = begin();
      const before = numberOf(large);
      const small = Array.from({ length: 3000 }, (_, value) => numberOf(value));
      expect(numberOf(large)).toBe(before);
      expect(new Set(small).size).toBe(3000);
      expect(small[large] ?? before).toBe(before);
    }
  });
});

describe('IntegerSet', () => {
  it('adds each safe integer once', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -50, max: 50 }))), (values) => {
        const set = new IntegerSet();
        const model = new Set<number>();
        for (const value of values) {
          expect(set.add(value)).toBe(!model.has(value));
          model.add(value);
        }
        expect(set.size).toBe(model.size);
      }),
    );
  });
});
