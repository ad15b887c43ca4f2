import { expect, it } from 'vitest';
import { readEdn } from '../edn/edn-reader.ts';
import { keyword, type EdnMap } from '../edn/edn-value.ts';
import { JsonNumber, parseJson } from '../protocol/json.ts';
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
