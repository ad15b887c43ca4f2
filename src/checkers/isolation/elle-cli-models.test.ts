/**
 * bank, long-fork, comments, sequential and the set of the last read: their findings, with odd values, and compared
 * with other checks.
 */
import { describe, expect, it } from 'vitest';
import { HistoryStream } from '../../history/reading/history-stream.ts';
import type { Op } from '../../history/op.ts';
import { readHistory } from '../../history/reading/read-history.ts';
import type { Json } from '../../protocol/json.ts';
import { writeEdn } from '../../edn/edn-value.ts';
import { resultsToEdn } from '../../store/results/result-shapes.ts';
import { resultsToEdnText, resultsToJson } from '../../store/results/results-text.ts';
import { Random } from '../../world/random.ts';
import { check, explain } from '../check.ts';

type Row = readonly [process: number, type: Op['type'], f: string, value?: Json];
const history = (...rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value = null], index) => ({ index, time: index, process, type, f, value }));

const reads = (...values: readonly Json[]): Op[] =>
  history(...values.map((value): Row => [0, 'ok', 'read', value]));

/** Returns operations of process 0 as Jepsen writes them, each as its f and value. */
function fromEdn(...rows: readonly string[]): Op[] {
  const ops: Op[] = [];
  const stream = new HistoryStream((op) => ops.push(op));
  for (const row of rows) stream.push(new TextEncoder().encode(`{:process 0, ${row}}\n`));
  stream.end();
  return ops;
}

describe("Jepsen's own notation", () => {
  it('allows accounts that are numbers or keywords, each a different value', () => {
    const verdict = (first: string, second: string, accounts?: readonly string[]): unknown =>
      check(
        'bank',
        fromEdn(`:type :ok, :f :read, :value ${first}`, `:type :ok, :f :read, :value ${second}`),
        accounts === undefined ? {} : { accounts },
      )['valid?'];
    expect(verdict('{0 5, 1 5}', '{1 4, 0 6}')).toBe(true);
    expect(verdict('{0 5, 1 5}', '{1 4, 0 5}')).toBe(false);
    expect(verdict('{:a 5}', '{"a" 5}')).toBe(false);
    expect(verdict('{1 5}', '{"1" 5}')).toBe(false);
    expect(verdict('{0 5, :b 5}', '{:b 4, 0 6}', ['0', 'b'])).toBe(true);
    expect(verdict('{0 5, :b 5}', '{:b 4, 0 6}', ['0'])).toBe(false);
  });

  it('allows reads of groups whose micro-operations are named by keywords, whatever the operation is called', () => {
    const ops = fromEdn(
      ':type :ok, :f :read, :value [[:r 0 1] [:r 1 nil]]',
      ':type :ok, :f :read, :value [[:r 1 1] [:r 0 nil]]',
    );
    expect(check('long-fork', ops)['valid?']).toBe(false);
    expect(check('long-fork', ops.slice(1))['valid?']).toBe(true);
  });

  it('reads comments with keys, as in the test of CockroachDB, each key by itself', () => {
    const written = (key: number, value: number): readonly string[] => [
      `:type :invoke, :f :write, :value [${key} ${value}]`,
      `:type :ok, :f :write, :value [${key} ${value}]`,
    ];
    const ops = (...answers: readonly string[]): Op[] =>
      fromEdn(
        ...written(1, 10),
        ...written(2, 20),
        ...written(1, 11),
        ...answers.flatMap((value) => [
          `:type :invoke, :f :read, :value [${value[1]} nil]`,
          `:type :ok, :f :read, :value ${value}`,
        ]),
      );
    expect(check('comments', ops('[1 #{11}]'))).toMatchObject({
      'valid?': false,
      errors: [{ missing: [10], 'expected-count': 1 }],
    });
    // 20 was over before 11 began, but belongs to another key.
    expect(check('comments', ops('[1 #{10 11}]', '[2 #{20}]', '[3 #{}]'))['valid?']).toBe(true);
    // Values without keys may be pairs, too.
    const pairs = fromEdn(...written(1, 10), ...written(2, 20), ':type :ok, :f :read, :value [[2 20]]');
    expect(check('comments', pairs)).toMatchObject({ 'valid?': false, errors: [{ missing: [[1, 10]] }] });
    const both = fromEdn(...written(1, 10), ...written(2, 20), ':type :ok, :f :read, :value [[1 10] [2 20]]');
    expect(check('comments', both)['valid?']).toBe(true);
  });

  it('allows reads of comments as sets', () => {
    const ops = fromEdn(
      ':type :invoke, :f :write, :value 1',
      ':type :ok, :f :write, :value 1',
      ':type :invoke, :f :write, :value 2',
      ':type :ok, :f :write, :value 2',
      ':type :ok, :f :read, :value #{2}',
    );
    expect(check('comments', ops)).toMatchObject({ 'valid?': false, errors: [{ missing: [1] }] });
    expect(check('comments', fromEdn(':type :ok, :f :read, :value #{2 1}'))['valid?']).toBe(true);
  });
});

describe('results in EDN have the types of the originals', () => {
  it.each([
    [
      'bank',
      [':type :ok, :f :read, :value {0 5, "c" 1}', ':type :ok, :f :read, :value {0 nil, "c" 6}'],
      /:first-error \{:type :nil-balance, :nils \{0 nil\}, :op \{.*:errors \{:nil-balance \{:count 1, :first \{:type :nil-balance/s,
    ],
    [
      'bank',
      [':type :ok, :f :read, :value {0 5}', ':type :ok, :f :read, :value {:x 5}'],
      /\{:type :unexpected-key, :unexpected \(:x\), :op/,
    ],
    [
      'comments',
      [
        ':type :invoke, :f :write, :value :a',
        ':type :ok, :f :write, :value :a',
        ':type :invoke, :f :write, :value "b"',
        ':type :ok, :f :write, :value "b"',
        ':type :ok, :f :read, :value #{"b"}',
      ],
      /:missing #\{:a\}, :expected-count 1/,
    ],
    ['sequential', [':type :ok, :f :read, :value [7 ["7_1" nil]]'], /:bad \(\[7 \["7_1" nil\]\]\)/],
    [
      'long-fork',
      [
        ':type :ok, :f :read, :value [[:r 0 1] [:r 1 nil]]',
        ':type :ok, :f :read, :value [[:r 1 1] [:r 0 nil]]',
      ],
      /:forks \(\[\{:index 0, .*:value \[\[:r 0 1\] \[:r 1 nil\]\]\} \{:index 1, /s,
    ],
    [
      'long-fork',
      [':type :invoke, :f :write, :value [[:w :k 1]]', ':type :invoke, :f :write, :value [[:w :k 1]]'],
      /:error \[:multiple-writes :k\]/,
    ],
  ] as const)('%s: %j', (model, rows, wanted) => {
    const odd: string[] = [];
    expect(writeEdn(resultsToEdn(check(model, fromEdn(...rows)), model, odd))).toMatch(wanted);
    expect(odd).toEqual([]);
  });
});

it('sequential accepts writes under either name, as they are not looked at', () => {
  const ops = (f: string, ...parts: readonly Json[]): Op[] =>
    history(
      [0, 'invoke', f, [7, '7_0']],
      [0, 'ok', f, [7, '7_0']],
      [1, 'invoke', 'read', [7, null]],
      [1, 'ok', 'read', [7, parts]],
    );
  for (const f of ['write', 'add']) {
    expect(check('sequential', ops(f, '7_1', '7_0'))['valid?']).toBe(true);
    expect(check('sequential', ops(f, '7_1', null))['valid?']).toBe(false);
  }
});

describe('bank', () => {
  it('takes accounts and total from the first read, or from the options', () => {
    expect(check('bank', reads({ a: 6, b: 4 }, { a: 5, b: 5 }))).toEqual({
      'valid?': true,
      'read-count': 2,
      'error-count': 0,
      'first-error': null,
      errors: {},
    });
    expect(check('bank', reads({ a: 6, b: 4 }), { 'total-amount': 11 })['valid?']).toBe(false);
    expect(check('bank', reads({ a: 6, b: 4 }), { accounts: ['a'] })['valid?']).toBe(false);
  });

  it('finds wrong totals, missing and unknown accounts, and negative balances where they are not allowed', () => {
    const ops = reads(
      { a: 6, b: 4 },
      { a: 6, b: null },
      { a: 5, c: 5 },
      { a: 1, b: 1 },
      { a: 0, b: 1 },
      { a: 12, b: -2 },
    );
    expect(check('bank', ops)).toMatchObject({
      'valid?': false,
      'read-count': 6,
      'error-count': 5,
      'first-error': { type: 'nil-balance', nils: { b: null }, op: { index: 1 } },
      errors: {
        'nil-balance': { count: 1 },
        'unexpected-key': { count: 1, first: { unexpected: ['c'] } },
        'wrong-total': { count: 2, lowest: { total: 1 }, highest: { total: 2 }, worst: { total: 1 } },
        'negative-value': { count: 1, first: { negative: [-2] } },
      },
    });
    const last = ops.filter(({ index }) => index === 0 || index === 5);
    expect(check('bank', last, { 'negative-balances?': true })['valid?']).toBe(true);
    expect(explain('bank', check('bank', last))).toMatchInlineSnapshot(
      `"negative-value: the read that is operation 5 (process 0) shows a negative balance (-2); --allow-negative-balances allows them."`,
    );
  });

  it('describes a read in words that fit the number', () => {
    const said = (...balances: readonly Record<string, Json>[]): string | undefined =>
      explain('bank', check('bank', reads({ a: 6, b: 4 }, ...balances)))?.replace(/^.*\) shows /, '');
    expect(said({ a: 5, b: 4, c: 1 })).toBe('the account "c", which does not exist.');
    expect(said({ a: 5, b: 3, c: 1, d: 1 })).toBe('the accounts "c", "d", which do not exist.');
    expect(
      explain('bank', check('bank', reads({ '': 6, b: 4 }, { '': null, b: 4 })))?.replace(/^.*\) shows /, ''),
    ).toBe('no balance for "".');
    expect(said({ a: 6, b: 5 })).toMatch(/adds up to 11, which is not the total of all accounts\.$/);
  });

  it('computes with large integers, takes pairs for a map, and refuses an invalid balance', () => {
    const large = 2n ** 60n;
    expect(check('bank', reads({ a: large, b: 1 }, { a: large + 1n, b: 0 }))['valid?']).toBe(true);
    expect(check('bank', reads({ a: large, b: 1 }, { a: large, b: 0 }))['valid?']).toBe(false);
    expect(
      check(
        'bank',
        reads(
          [
            [0, 5],
            [1, 5],
          ],
          [
            [1, 4],
            [0, 6],
          ],
        ),
      )['valid?'],
    ).toBe(true);
    // A list of balances is one of numbered accounts.
    expect(check('bank', reads([5, 5, 0], [4, 6, 0]))['valid?']).toBe(true);
    expect(check('bank', reads([5, 5], [5, 4]))).toMatchObject({ 'valid?': false, 'error-count': 1 });
    for (const value of [7, 'x', [1.5], [1, 'x'], { a: 1.5 }, { a: 'x' }]) {
      expect(check('bank', reads(value))).toMatchObject({ 'valid?': 'unknown' });
    }
    expect(check('bank', [])['valid?']).toBe('unknown');
  });
});

describe('set', () => {
  const add = (process: number, value: Json, end: Op['type']): Row[] => [
    [process, 'invoke', 'add', value],
    [process, end, 'add', value],
  ];

  it('checks only the last read', () => {
    const ops = history(
      ...add(0, 1, 'ok'),
      ...add(1, 2, 'info'),
      ...add(2, 3, 'fail'),
      [3, 'ok', 'read', [9]],
      [3, 'ok', 'read', [1, 2]],
    );
    expect(check('set', ops)).toMatchObject({
      'valid?': true,
      'attempt-count': 3,
      'acknowledged-count': 1,
      'ok-count': 2,
      'recovered-count': 1,
      recovered: [2],
    });
  });

  it('names lost elements and elements that were never added, whatever their values', () => {
    const ops = history(...add(0, { b: 1, a: 2 }, 'ok'), ...add(0, 1, 'ok'), ...add(0, null, 'ok'), [
      0,
      'ok',
      'read',
      [{ a: 2, b: 1 }, '1', null],
    ]);
    const result = check('set', ops);
    expect(result).toMatchObject({ 'valid?': false, lost: [1], unexpected: ['1'] });
    expect(explain('set', result)).toMatchInlineSnapshot(
      `"The last read (operation 6, process 0) lacks 1, whose addition was acknowledged, and holds "1", which no operation added."`,
    );
    expect(check('set', history(...add(0, 1, 'ok')))['valid?']).toBe('unknown');
  });
});

describe('long-fork', () => {
  const group = (values: readonly (number | null)[]): Json =>
    values.map((value, key): Json => ['r', key, value]);

  it('is found exactly if two reads of a group each show what the other misses', () => {
    const seen = new Set<unknown>();
    for (let seed = 0; seed < 2000; seed++) {
      const random = Random.fromSeed(seed);
      const states = Array.from({ length: 1 + random.int(4) }, () =>
        Array.from({ length: 3 }, () => (random.boolean() ? 1 : null)),
      );
      const shuffled = states.map((state) => random.shuffle(group(state) as readonly Json[]));
      const forked = states.some((a) =>
        states.some(
          (b) =>
            a.some((one, at) => one === 1 && b[at] === null) &&
            a.some((one, at) => one === null && b[at] === 1),
        ),
      );
      const verdict = check('long-fork', reads(...shuffled), { 'group-size': 3 })['valid?'];
      expect([seed, verdict]).toEqual([seed, !forked]);
      seen.add(verdict);
    }
    expect(seen).toEqual(new Set([true, false]));
  });

  it('is unknown if a key is written twice, or reads are not of whole groups', () => {
    const write: Row = [0, 'invoke', 'txn', [['w', 0, 1]]];
    expect(check('long-fork', history(write, write))).toMatchObject({
      'valid?': 'unknown',
      error: ['multiple-writes', 0],
    });
    expect(explain('long-fork', check('long-fork', reads(group([1, null, null]))))).toContain('--group-size');
    expect(check('long-fork', reads(group([1, 1]), group([2, null])))['valid?']).toBe('unknown');
    expect(check('long-fork', reads([['append', 0, 1]]))['valid?']).toBe('unknown');
    expect(() => check('long-fork', [], { 'group-size': 0 })).toThrow('group-size must be a whole number');
  });
});

describe('comments', () => {
  it('agrees with a comparison of all pairs of writes', () => {
    const seen = new Set<unknown>();
    for (let seed = 0; seed < 2000; seed++) {
      const random = Random.fromSeed(seed);
      const rows: Row[] = [];
      const open: number[] = [];
      for (let value = 0; value < 5; value++) {
        rows.push([value, 'invoke', 'write', value]);
        open.push(value);
        while (open.length > 0 && random.boolean(0.6)) {
          const done = open.splice(random.int(open.length), 1)[0] ?? 0;
          rows.push([done, random.pick(['ok', 'ok', 'info', 'fail'] as const), 'write', done]);
        }
        const shown = Array.from({ length: value + 1 }, (_, one) => one).filter(() => random.boolean(0.8));
        rows.push([9, 'ok', 'read', random.shuffle(shown)]);
      }
      const ops = history(...rows);
      const isWrong = ops.some(
        (read) =>
          read.f === 'read' &&
          ops.some((before) => {
            if (before.f !== 'write' || before.type !== 'ok') return false;
            const shown = read.value as readonly Json[];
            return (
              !shown.includes(before.value) &&
              ops.some(
                (later) =>
                  later.type === 'invoke' && later.index > before.index && shown.includes(later.value),
              )
            );
          }),
      );
      const verdict = check('comments', ops)['valid?'];
      expect([seed, verdict]).toEqual([seed, !isWrong]);
      seen.add(verdict);
    }
    expect(seen).toEqual(new Set([true, false]));
  });
});

it('a comment that was written again after a failure is not confused with the failed one', () => {
  const rows: readonly Row[] = [
    [1, 'invoke', 'write', 'b'],
    [1, 'fail', 'write', 'b'],
    [0, 'invoke', 'write', 'a'],
    [0, 'ok', 'write', 'a'],
    [1, 'invoke', 'write', 'b'],
    [1, 'ok', 'write', 'b'],
    [2, 'ok', 'read', ['b']],
  ];
  expect(check('comments', history(...rows))).toMatchObject({
    'valid?': false,
    errors: [{ missing: ['a'] }],
  });
  // Both failed, so one of them must have happened after all: perhaps the first.
  const failed = rows.with(5, [1, 'fail', 'write', 'b']);
  expect(check('comments', history(...failed))['valid?']).toBe(true);
});

describe('sequential', () => {
  it('counts reads of all parts, of some and of none, and finds those that miss an earlier part', () => {
    const result = check(
      'sequential',
      reads(
        [1, ['c', 'b', 'a']],
        [1, [null, 'b', 'a']],
        [1, [null, null, null]],
        [1, ['c', null, 'a']],
        [1, [null, 'b', null]],
      ),
    );
    expect(result).toMatchObject({
      'valid?': false,
      'all-count': 1,
      'some-count': 4,
      'none-count': 1,
      'bad-count': 2,
      bad: [
        [1, ['c', null, 'a']],
        [1, [null, 'b', null]],
      ],
    });
    expect(explain('sequential', result)).toMatchInlineSnapshot(
      `"The read that is operation 3 (process 0) of key 1 shows ["c",null,"a"]: a part that was written later, and not one that was written earlier by the same process. 1 more read does so."`,
    );
    expect(check('sequential', reads(3))['valid?']).toBe('unknown');
    expect(check('sequential', [])['valid?']).toBe('unknown');
  });
});

it('every result can be written, as EDN and as JSON', () => {
  const wrong = [
    check('bank', reads({ a: 1 }, { a: null }, { a: 2 }, { b: 1 }, { a: -1 })),
    check('set', reads([1])),
    check(
      'long-fork',
      reads(
        [
          ['r', 0, 1],
          ['r', 1, null],
        ],
        [
          ['r', 0, null],
          ['r', 1, 1],
        ],
      ),
    ),
    check(
      'comments',
      history(
        [0, 'invoke', 'write', 1],
        [0, 'ok', 'write', 1],
        [0, 'invoke', 'write', 2],
        [1, 'ok', 'read', [2]],
      ),
    ),
    check('sequential', reads([1, ['b', null]])),
  ];
  for (const result of wrong) {
    expect(result['valid?']).toBe(false);
    expect(resultsToEdnText(result)).toContain(':valid? false');
    expect(JSON.parse(resultsToJson(result))).toMatchObject({ 'valid?': false });
  }
});

it('a failed read of long-fork without values does not count against the history', () => {
  const lines = ['{"type":"ok","f":"read","value":[["r",1,2]]}', '{"type":"fail","f":"read","value":[]}'];
  const { ops } = readHistory(`${lines.join('\n')}\n`);
  expect(check('long-fork', ops, { 'group-size': 1 })['valid?']).toBe(true);
});

describe('an add or write that completes with null', () => {
  const ops = (write: string, seen: readonly number[]) =>
    [
      ['invoke', write, 3],
      ['ok', write, null],
      ['invoke', write, 4],
      ['fail', write, null],
      ['invoke', write, 5],
      ['ok', write, null],
      ['invoke', 'read', null],
      ['ok', 'read', seen],
    ].map(([type, f, value], index) => ({ index, time: index, process: 0, type, f, value }) as Op); // rows are operations

  it.each([
    ['set', 'add'],
    ['comments', 'write'],
  ] as const)('counts as one of the requested value: %s', (model, write) => {
    expect(check(model, ops(write, [3, 5]))['valid?']).toBe(true);
    expect(check(model, ops(write, [5]))['valid?']).toBe(false);
  });
});
