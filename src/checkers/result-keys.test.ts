import fc from 'fast-check';
import { expect, it } from 'vitest';
import { oddValue } from '../../test/support/odd-values.ts';
import { EdnSymbol, keyword } from '../edn/edn-value.ts';
import { canonicalJson, parseJson } from '../protocol/json.ts';
import { keysToSend, resultKeys, takeSentKeys, valueOfKey } from './result-keys.ts';

it('different values have different keys, and each key stands for its value', () => {
  fc.assert(
    fc.property(fc.uniqueArray(oddValue, { selector: canonicalJson, maxLength: 8 }), (values) => {
      const map = resultKeys(values.map((value, at) => [value, at]));
      const items = Object.entries(map);
      expect(items).toHaveLength(values.length);
      for (const [name, at] of items)
        expect(canonicalJson(valueOfKey(map, name))).toBe(canonicalJson(values[at] ?? null));
    }),
    { numRuns: 2000 },
  );
});

it('a keyword, a symbol and a string with the same name are three keys', () => {
  const entries = [keyword('k'), new EdnSymbol('k'), 'k', new EdnSymbol('null'), null] as const;
  expect(Object.keys(resultKeys(entries.map((value) => [value, 0])))).toEqual([
    ':k',
    'k',
    '"k"',
    'null',
    'null 2',
  ]);
});

it('keys stand for the same values in results that were sent as JSON', () => {
  const inner = resultKeys([
    [1, 'one'],
    ['1', 'text'],
    [null, 'none'],
    ['a', 'a'],
  ]);
  const results = { 'valid?': true, parts: [{ results: inner }] };
  const received = parseJson(JSON.stringify(results));
  takeSentKeys(received, keysToSend(results));
  const map = Object(received).parts[0].results;
  expect(Object.keys(inner).map((name) => valueOfKey(map, name))).toEqual([1, '1', null, 'a']);
});
