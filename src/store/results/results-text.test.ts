import { describe, expect, it } from 'vitest';
import { refusedByClojure } from '../../../test/support/clojure-reader.ts';
import { check } from '../../checkers/check.ts';
import { readEdn } from '../../edn/edn-reader.ts';
import { keyword, type EdnMap } from '../../edn/edn-value.ts';
import { JsonNumber, parseJson } from '../../protocol/json.ts';
import { resultsToEdn } from './result-shapes.ts';
import { resultsToEdnText, resultsToJson } from './results-text.ts';

const OP = {
  index: 3,
  time: 5,
  type: 'ok',
  process: 0,
  f: 'read',
  value: [1n << 60n, new JsonNumber('1.0')],
} as const;
const RESULTS = {
  stats: { 'valid?': true, count: 2, 'by-f': { read: { 'valid?': true } } },
  workload: { 'valid?': 'unknown', lost: [], worst: [OP], missing: undefined, note: 'it\'s "quoted"' },
  'valid?': 'unknown',
} as const;

it('JSON keeps every digit and leaves out undefined values', () => {
  const text = resultsToJson(RESULTS);
  expect(text).toContain('1152921504606846976, 1.0');
  expect(parseJson(text)).toEqual({
    ...RESULTS,
    workload: { 'valid?': 'unknown', lost: [], worst: [OP], note: 'it\'s "quoted"' },
  });
});

it("EDN has the same keys as keywords, and Jepsen's words as keywords", () => {
  // The results are a map.
  const edn = readEdn(resultsToEdnText(RESULTS)) as EdnMap;
  expect(edn.get('valid?')).toBe(keyword('unknown'));
  const [op] = (edn.get('workload') as EdnMap).get('worst') as EdnMap[];
  expect(op?.get('type')).toBe(keyword('ok'));
  expect(op?.get('f')).toBe(keyword('read'));
  expect(op?.get('value')).toEqual([1n << 60n, new JsonNumber('1.0')]);
});

it('both are formatted for reading', () => {
  expect(resultsToJson({ 'valid?': true, stats: { 'valid?': true, count: 2 } })).toBe(
    '{\n  "valid?": true,\n  "stats": { "valid?": true, "count": 2 }\n}\n',
  );
});

describe('results.edn can be read by Clojure', () => {
  const ids = (...values: readonly string[]): string =>
    resultsToEdnText(
      check(
        'unique-ids',
        values.map((text) => ({ type: 'ok', f: 'generate', value: parseJson(text) })),
      ),
      'unique-ids',
    );

  it('where keys are fractions that are one double: all but one are decimals', () => {
    const repeated = ids(
      '0.1',
      '0.1',
      '0.1000000000000000055',
      '0.1000000000000000055',
      '1e400',
      '1e400',
      '1e500',
      '1e500',
    );
    for (const key of ['0.1 2', '0.1000000000000000055M 2', '1e400M 2', '1e500M 2'])
      expect(repeated).toContain(key);
    expect(ids('1e400', '1e400')).toContain('{1e400 2}');
  });

  it('where two writes lead to the same impossible read: the path stands once', () => {
    const crashed = (process: number) =>
      (['invoke', 'info'] as const).map((type) => ({ type, process, f: 'write', value: 1 }));
    const result = check('register', [
      ...crashed(0),
      ...crashed(1),
      { type: 'invoke', process: 2, f: 'read', value: null },
      { type: 'ok', process: 2, f: 'read', value: 2 },
    ]);
    const edn = readEdn(resultsToEdnText(result, 'register')) as EdnMap; // results are a map
    expect(refusedByClojure(edn)).toEqual([]);
  });
});

it('a state that looks like a reason stays a value', () => {
  const value = { msg: 'hello' };
  const result = check('register', [
    { type: 'invoke', process: 0, f: 'write', value },
    { type: 'ok', process: 0, f: 'write', value },
    { type: 'invoke', process: 0, f: 'read', value: null },
    { type: 'ok', process: 0, f: 'read', value: 2 },
  ]);
  expect(resultsToEdnText(result, 'register')).toContain(':model {"msg" "hello"}}');
});

it('the errors of sends in doubt begin with keywords, as in the history', () => {
  const value = [['send', 'k', 1]];
  const result = check('kafka', [
    { type: 'invoke', process: 0, f: 'send', value },
    { type: 'info', process: 0, f: 'send', value, error: ['crash', 'x'] },
  ]);
  expect(resultsToEdnText(result, 'kafka')).toContain(':info-txn-causes ([:crash "x"])');
});

it.each([
  ['list-append', 'append'],
  ['rw-register', 'w'],
  ['kafka', 'send'],
] as const)('mismatched completions of %s are declared', (model, f) => {
  const result = check(model, [
    { type: 'invoke', process: 0, f: 'txn', value: [[f, 'k', 1]] },
    { type: 'ok', process: 0, f: 'txn', value: [[f, 'j', model === 'kafka' ? [0, 1] : 1]] },
  ]);
  const undeclared: string[] = [];
  resultsToEdn(result, model, undeclared);
  expect(undeclared).toEqual([]);
  expect(resultsToEdnText(result, model)).toContain(':mismatched-completions');
});
