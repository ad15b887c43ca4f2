/** Sentences about EDN histories show keys and values as in EDN: `:k` is not "k". */
import { expect, test } from 'vitest';
import { readHistory } from '../history/reading/read-history.ts';
import { check } from './check.ts';
import { modelEntry, type ModelName } from './models/model-table.ts';

const VALUES = [':k', 'k', '1/2', '12345678901234567890', '{:a #{[:b 1]}}'];

const history = (...rows: readonly string[]) => readHistory(rows.map((row) => `{${row}}\n`).join('')).ops;
const did = (process: number, f: string, value: string, answer = value): readonly string[] => [
  `:type :invoke, :process ${process}, :f ${f}, :value ${value}`,
  `:type :ok, :process ${process}, :f ${f}, :value ${answer}`,
];
const failed = (f: string, value: string): readonly string[] => [
  `:type :invoke, :process 9, :f ${f}, :value ${value}`,
  `:type :fail, :process 9, :f ${f}, :value ${value}`,
];

/** Histories that violate their model through one value. */
const WRONG: readonly (readonly [ModelName, (value: string) => readonly string[]])[] = [
  ['set-full', (value) => [...did(0, ':add', value), ...did(0, ':read', 'nil', '[]')]],
  ['set', (value) => [...did(0, ':add', value), ...did(0, ':read', 'nil', '[]')]],
  ['unique-ids', (value) => [...did(0, ':generate', 'nil', value), ...did(0, ':generate', 'nil', value)]],
  ['cas-register', (value) => did(0, ':read', 'nil', value)],
  [
    'list-append',
    (value) => [
      ...failed(':txn', `[[:append :key ${value}]]`),
      ...did(0, ':txn', '[[:r :key nil]]', `[[:r :key [${value}]]]`),
    ],
  ],
  [
    'rw-register',
    (value) => [
      ...failed(':txn', `[[:w :key ${value}]]`),
      ...did(0, ':txn', '[[:r :key nil]]', `[[:r :key ${value}]]`),
    ],
  ],
  ['kafka', (value) => did(0, ':poll', '[[:poll]]', `[[:poll {:key [[0 ${value}]]}]]`)],
  ['comments', (value) => [...did(0, ':write', value), ...did(0, ':write', '2'), ...did(0, ':read', 'nil', '[2]')]], // prettier-ignore
];

test.each(WRONG)('of %s', (model, rows) => {
  for (const value of VALUES) {
    const result = check(model, history(...rows(value)));
    expect(result['valid?'], value).toBe(false);
    const sentence = modelEntry(model).explain(result) ?? '';
    expect(sentence).toContain(value);
    if (value === ':k') expect(sentence).not.toContain('"k"');
  }
});

test('the causes of crashed kafka operations keep their types', () => {
  const crashed = [
    ':type :invoke, :process 0, :f :send, :value [[:send :k 1]]',
    ':type :info, :process 0, :f :send, :value [[:send :k 1]], :error [:kafka "x" #{:y}]',
  ];
  const { 'info-txn-causes': causes } = check(
    'kafka',
    history(...crashed, ...did(1, ':poll', '[[:poll {}]]')),
  );
  expect(String(causes)).toBe(':kafka,x,#{:y}');
});
