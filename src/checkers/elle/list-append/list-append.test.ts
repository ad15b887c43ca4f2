import { describe, expect, it } from 'vitest';
import type { Json } from '../../../protocol/json.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { history, serially, type Line } from '../../../../test/support/transaction-lines.ts';
import { explainListAppend, checkListAppend, ListAppendChecker } from './list-append.ts';
import type { TransactionOp } from '../transactions/transaction-log.ts';

describe('a list-append history', () => {
  it('in which a read misses a completed append is G-single-item-realtime', () => {
    const ops = serially([['append', 'x', 1]], [['append', 'x', 2]], [['r', 'x', [1]]], [['r', 'x', [1, 2]]]);
    const result = checkListAppend(ops);
    expect(result).toMatchObject({
      'valid?': false,
      'anomaly-types': ['G-single-item-realtime'],
      not: ['strong-snapshot-isolation'],
    });
    expect(explainListAppend(result, ({ process }) => `n${process}`)).toMatchInlineSnapshot(`
      "G-single-item-realtime: T1 -> T2 -> T1.
        T1 is operation 5 (process 2 on n2): r "x" [1]
        T2 is operation 3 (process 1 on n1): append "x" 2
        T1 read key "x" as [1], so it missed T2's append of 2, which came later: T1 came before T2.
        Yet T2 was over (operation 3) before T1 began (operation 4): T2 came before T1. That is a contradiction.
      So this is not strong-snapshot-isolation, nor anything stronger."
    `);
    expect(checkListAppend(ops, { 'consistency-models': ['serializable'] })).toEqual({ 'valid?': true });
  });

  it('in which a transaction sees beneath its own append what it missed elsewhere has no order of prefixes', () => {
    const values: Json[] = [
      [
        ['append', 'x', 2],
        ['r', 'x', [1, 2]],
        ['r', 'y', []],
      ],
      [['append', 'y', 1]],
      [
        ['r', 'y', [1]],
        ['r', 'z', []],
      ],
      [
        ['append', 'x', 1],
        ['append', 'z', 1],
      ],
    ];
    const concurrent = history(
      ...values.map((value, process): Line => ['invoke', process, value]),
      ...values.map((value, process): Line => ['ok', process, value]),
    );
    const prefix = { 'consistency-models': ['prefix'], 'decide?': true };
    expect(checkListAppend(concurrent, prefix)).toMatchObject({ 'anomaly-types': ['no-prefix-order'] });
    // Without that read its snapshot may be older than the other's append.
    const blind = concurrent.map((op) =>
      op.process === 0 ? { ...op, value: (op.value as readonly Json[]).filter((_, at) => at !== 1) } : op,
    );
    expect(checkListAppend(blind, prefix)).toMatchObject({ 'valid?': true });
  });

  it('in which two transactions overlap and append to one key, which nothing read afterwards, is no snapshot isolation', () => {
    // Each missed an append of the other, so neither committed before the other began.
    const one: Json = [
      ['append', 'x', 1],
      ['append', 'y', 1],
      ['r', 'z', []],
    ];
    const other: Json = [
      ['append', 'x', 2],
      ['append', 'z', 1],
      ['r', 'y', []],
    ];
    const overlapping = (first: Json, second: Json): TransactionOp[] =>
      history(['invoke', 0, first], ['invoke', 1, second], ['ok', 0, first], ['ok', 1, second]);
    const snapshots = { 'consistency-models': ['snapshot-isolation'] };
    const result = checkListAppend(overlapping(one, other), snapshots);
    expect(result).toMatchObject({
      'valid?': false,
      'anomaly-types': ['no-snapshot-order'],
      decided: [{ model: 'snapshot-isolation', 'order?': false }],
    });
    // A write skew, if they append to different keys.
    const elsewhere: Json = [['append', 'w', 2], ...other.slice(1)];
    expect(checkListAppend(overlapping(one, elsewhere), snapshots)).toEqual({ 'valid?': true });
    // One that crashed need not have happened.
    const crashed = overlapping(one, other).map((op) =>
      op.type === 'ok' && op.process === 1 ? { ...op, type: 'info' as const } : op,
    );
    expect(checkListAppend(crashed, snapshots)).toMatchObject({ 'valid?': true });
  });

  it('may name a large key before small ones', () => {
    const small = Array.from({ length: 1000 }, (_, key): Json => ['append', key, 1]);
    expect(
      checkListAppend(serially([['append', 2000, 1]], small, [['append', 999, 2]], [['r', 2000, [1]]])),
    ).toEqual({ 'valid?': true });
    expect(checkListAppend(serially([['append', 2000, 1]], small, [['r', 2000, []]]))).toMatchObject({
      'anomaly-types': ['G-single-item-realtime'],
    });
  });

  it('may leave out `f`, and operations of the nemesis are ignored', () => {
    const ops = serially([['append', 'x', 1]], [['r', 'x', [1]]]);
    const nemesis = {
      index: 9,
      time: 0,
      type: 'info',
      process: 'nemesis',
      f: 'start',
      value: 'whatever',
    } as const;
    expect(checkListAppend([nemesis, ...ops, nemesis])).toEqual({ 'valid?': true });
  });

  it('accepts several models, as a list or separated by commas, and none at all', () => {
    const ops = serially([['append', 'x', 1]], [['r', 'x', []]]);
    expect(
      checkListAppend(ops, { 'consistency-models': 'read-committed,strict-serializable' })['valid?'],
    ).toBe(false);
    expect(
      checkListAppend(ops, { 'consistency-models': ['read-committed', 'causal-cerone'] })['valid?'],
    ).toBe(true);
    expect(checkListAppend(ops, { 'consistency-models': null })['valid?']).toBe(true);
    expect(
      checkListAppend(ops, { 'consistency-models': null, anomalies: ['G-single-item-realtime'] })['valid?'],
    ).toBe(false);
    expect(() => new ListAppendChecker({ 'consistency-models': ['serialisable'] })).toThrow(UserError);
    expect(() => new ListAppendChecker({ anomalies: ['G5'] })).toThrow(UserError);
  });

  it('distinguishes 1 from "1", and integers beyond 2^53', () => {
    const big = 2n ** 60n;
    expect(checkListAppend(serially([['append', 'x', big]], [['r', 'x', [big]]]))['valid?']).toBe(true);
    expect(
      checkListAppend(serially([['append', 'x', big]], [['r', 'x', [big + 1n]]]))['anomaly-types'],
    ).toContain('garbage-read');
    expect(checkListAppend(serially([['append', 'x', 1]], [['r', 'x', ['1']]]))['anomaly-types']).toContain(
      'garbage-read',
    );
    expect(
      checkListAppend(serially([['append', '__proto__', -1]], [['r', '__proto__', [-1]]]))['valid?'],
    ).toBe(true);
  });

  it('shows a crashed append to have happened if it is read, even if it never completed', () => {
    const open: Line[] = [['invoke', 7, [['append', 'x', 1]]]];
    const read: Line[] = [
      ['invoke', 1, [['r', 'x', null]]],
      ['ok', 1, [['r', 'x', [1]]]],
    ];
    expect(checkListAppend(history(...open, ...read))).toEqual({ 'valid?': true });
    // It cannot be read before it was invoked.
    const result = checkListAppend(history(...read, ...open));
    expect(result).toMatchObject({ 'valid?': false, 'anomaly-types': ['G1c-realtime'] });
    expect(JSON.stringify(result)).toContain('"index":2,"time":2000000,"type":"invoke"');
  });

  it('keeps 256 records of an anomaly and counts the rest', () => {
    const reads = Array.from({ length: 300 }, (): Json => [['r', 'x', [9]]]);
    const result = checkListAppend(serially(...reads));
    expect((result['anomalies'] as Record<string, unknown[]>)['garbage-read']).toHaveLength(256);
    expect(result['anomaly-counts']).toEqual({ 'garbage-read': 300 });
  });

  it('of thousands of transactions in one strongly connected component still gets its shortest cycle', () => {
    const appends = Array.from({ length: 3000 }, (_, value): Json => [['append', value % 7, value]]);
    const reads = Array.from({ length: 7 }, (_, key): Json => [
      ['r', key, Array.from({ length: 3000 }, (__, value) => value).filter((value) => value % 7 === key)],
    ]);
    const result = checkListAppend(serially(...appends, ...reads, [['r', 0, []]]));
    expect(result['anomaly-types']).toEqual(['G-single-item-realtime']);
    expect(result.anomalies).toMatchObject({ 'G-single-item-realtime': [{ steps: [{}, {}] }] });
  });

  it('in which a read after its own append shows what came before has no order under snapshots', () => {
    const values: readonly Json[] = [
      [
        ['append', 'x', 1],
        ['r', 'y', null],
      ],
      [
        ['r', 'x', null],
        ['append', 'x', 2],
      ],
      [['append', 'y', 3]],
      [
        ['append', 'y', 4],
        ['r', 'y', [3, 4]],
        ['r', 'x', null],
      ],
    ];
    const concurrent = history(
      ...values.map((value, process): Line => ['invoke', process, value]),
      ...values.map((value, process): Line => ['ok', process, value]),
    );
    expect(checkListAppend(concurrent, { 'consistency-models': ['snapshot-isolation'] })).toMatchObject({
      'valid?': false,
      'anomaly-types': ['no-snapshot-order'],
      decided: [{ model: 'snapshot-isolation', 'order?': false }],
    });
  });

  it('in which an append is overwritten unseen, by a transaction that read the key before, is a lost update if it is to be decided', () => {
    const update = (read: readonly Json[], ...more: readonly Json[]): TransactionOp[] =>
      serially(
        [['append', 'x', 1]],
        [['append', 'x', 2]],
        [['r', 'x', read], ...more, ['append', 'x', 3]],
        [['r', 'x', [1, 2, 3]]],
      );
    for (const model of ['cursor-stability', 'update-atomic', 'parallel-snapshot-isolation']) {
      const options = { 'consistency-models': [model], 'decide?': true };
      const result = checkListAppend(update([1]), options);
      expect(result).toMatchObject({
        'valid?': false,
        'anomaly-types': ['lost-update'],
        anomalies: {
          'lost-update': [{ key: 'x', value: [1], element: 2, txns: [{ index: 5 }, { index: 3 }] }],
        },
      });
      expect(explainListAppend(result)).toContain(
        'Operation 5 (process 2) read key "x" as [1] and then wrote it, but 2, which operation 3 (process 1) wrote, comes before that write, so it updated a version that it had not read.',
      );
      expect(checkListAppend(update([]), options)['valid?']).toBe(false);
      expect(checkListAppend(update([1, 2]), options)['valid?']).toBe(true);
      // Elle infers nothing of it.
      expect(checkListAppend(update([1]), { 'consistency-models': [model] })['valid?']).toBe(true);
    }
    const seenLater = update([1], ['r', 'x', [1, 2]]);
    expect(
      checkListAppend(seenLater, { 'consistency-models': ['cursor-stability'], 'decide?': true })['valid?'],
    ).toBe(true);
    expect(
      checkListAppend(update([1]), { 'consistency-models': ['read-committed'], 'decide?': true })['valid?'],
    ).toBe(true);
    expect(
      checkListAppend(update([1]), { 'consistency-models': ['repeatable-read'] })['anomaly-types'],
    ).toEqual(['G-single-item']);
  });

  it('with many unobserved appends after a last read has the same verdict as with individual edges', () => {
    const appends = Array.from({ length: 40 }, (_, value): Json => [['append', 'x', value + 1]]);
    expect(checkListAppend(serially([['r', 'x', []]], ...appends))['valid?']).toBe(true);
    const late = checkListAppend(serially(...appends, [['r', 'x', []]]));
    expect(late['anomaly-types']).toEqual(['G-single-item-realtime']);
    const both = checkListAppend(
      serially(
        ...appends,
        [
          ['r', 'x', []],
          ['append', 'x', 99],
        ],
        [
          ['r', 'x', []],
          ['append', 'x', 100],
        ],
      ),
      { 'consistency-models': ['serializable'] },
    );
    expect(both['anomaly-types']).toEqual(['G2-item', 'lost-update']);
  });
});

describe('a malformed list-append history is unknown, with the invalid operation:', () => {
  it.each<[string, readonly Line[], object]>([
    [
      'a second invocation while one is open',
      [
        ['invoke', 0, []],
        ['invoke', 0, []],
      ],
      { type: 'double-invoke', 'op-index': 1 },
    ],
    [
      'a completion without invocation',
      [
        ['invoke', 0, []],
        ['ok', 0, []],
        ['ok', 0, []],
      ],
      { type: 'not-running', 'op-index': 2 },
    ],
    [
      'an unknown micro-operation',
      [
        ['invoke', 0, []],
        ['ok', 0, [['w', 'x', 1]]],
      ],
      { type: 'unexpected-txn-micro-op-types', 'op-index': 1 },
    ],
    [
      'a micro-operation without key',
      [
        ['invoke', 0, []],
        ['ok', 0, [['r']]],
      ],
      { type: 'unexpected-txn-micro-op-types', 'op-index': 1 },
    ],
    [
      'a micro-operation that is not a list',
      [
        ['invoke', 0, []],
        ['ok', 0, [7]],
      ],
      { type: 'unexpected-txn-micro-op-types', 'op-index': 1 },
    ],
    [
      'a value that is not a list',
      [
        ['invoke', 0, []],
        ['ok', 0, 'oops'],
      ],
      { type: 'bad-value', 'op-index': 1 },
    ],
    [
      'a read of something other than a list',
      [
        ['invoke', 0, []],
        ['ok', 0, [['r', 'x', 3]]],
      ],
      { type: 'bad-value', 'op-index': 1 },
    ],
    [
      'one value appended twice',
      [
        ['invoke', 0, [['append', 'x', 1]]],
        ['invoke', 1, [['append', 'x', 1]]],
        ['ok', 0, [['append', 'x', 1]]],
      ],
      { type: 'duplicate-appends', key: 'x', value: 1 },
    ],
  ])('%s', (_, lines, error) => {
    expect(checkListAppend(history(...lines))).toMatchObject({ 'valid?': 'unknown', error });
  });

  it('but errors that do not depend on pairing stay errors', () => {
    const lines: Line[] = [
      ['invoke', 0, []],
      ['invoke', 0, [['r', 'x', null]]],
      ['ok', 0, [['r', 'x', [1]]]],
    ];
    expect(checkListAppend(history(...lines))).toMatchObject({
      'valid?': false,
      'anomaly-types': ['garbage-read'],
      error: { type: 'double-invoke' },
    });
  });
});

it('a check that exceeds its budget reports its progress and what it had found', () => {
  const appends = Array.from({ length: 30_000 }, (_, value): Json => [['append', value, value]]);
  const check = (ops: readonly TransactionOp[], questions: number): unknown => {
    let asked = 0;
    return checkListAppend(ops, {}, { exhausted: () => ++asked > questions });
  };
  expect(check(serially(...appends), 0)).toMatchObject({
    'valid?': 'unknown',
    error: { type: 'budget-exhausted', transactions: 30_000 },
  });
  expect(check(serially(...appends, [['r', 0, [1]]]), 6)).toMatchObject({
    'valid?': false,
    'anomaly-types': ['garbage-read'],
    error: { type: 'budget-exhausted', phase: 'looking for cycles' },
  });
  expect(check(serially(...appends), 1_000_000)).toEqual({ 'valid?': true });
});

it('an index of -1 is an index like any other, not a missing one', () => {
  const ops = [
    { index: -1, time: 0, process: 0, type: 'invoke', f: 'txn', value: [['append', 'x', 1]] },
    { index: 2, time: 0, process: 1, type: 'invoke', f: 'txn', value: [['r', 'x', null]] },
    { index: 7, time: 0, process: 1, type: 'ok', f: 'txn', value: [['r', 'x', [1]]] },
  ] as const;
  expect(checkListAppend(ops, { 'consistency-models': ['read-committed'] })['valid?']).toBe(true);
});

it('a key with many unread appends implies no order', () => {
  for (const appends of [2, 7, 8, 20]) {
    const ops = serially(
      ...Array.from({ length: appends }, (_, element): Json => [['append', 'x', element]]),
    );
    const result = checkListAppend(ops, { 'consistency-models': ['serializable'] });
    expect([appends, result['valid?']]).toEqual([appends, 'unknown']);
  }
});

describe('several appends of one transaction to a key', () => {
  const append = (element: Json): Json => ['append', 'x', element];
  const read = (list: Json): Json => ['r', 'x', list];
  const readCommitted = { 'consistency-models': ['read-committed'] };
  const types = (ops: readonly TransactionOp[]): readonly string[] =>
    (checkListAppend(ops, readCommitted)['anomaly-types'] ?? []).filter(
      (type) => type !== 'empty-transaction-graph',
    );
  const two: Json = [append(1), append(2)];

  it('are an intermediate read if a list shows the later element without or before the earlier', () => {
    for (const list of [[2], [2, 1, 3], [3, 2], [2, 3]]) {
      const ops = serially(two, [append(3)], [read(list)]);
      const result = checkListAppend(ops, readCommitted);
      expect([list, result['valid?'], result['anomaly-types']]).toEqual([
        list,
        false,
        expect.arrayContaining(['G1b']),
      ]);
      // Every level that is at least read-committed forbids it, weaker ones do not.
      expect(checkListAppend(ops, { 'consistency-models': ['snapshot-isolation'] })['valid?']).toBe(false);
    }
    const alone = serially(two, [read([2])]);
    expect(checkListAppend(alone, { 'consistency-models': ['read-uncommitted'] })['valid?']).not.toBe(false);
    const result = checkListAppend(alone, readCommitted);
    expect(result).toMatchObject({
      'anomaly-types': ['G1b'],
      anomalies: {
        G1b: [{ mop: ['r', 'x', [2]], writer: { index: 1 }, element: 2, expected: ['...', 1, 2] }],
      },
      not: ['read-committed'],
    });
    expect(explainListAppend(result)).toMatchInlineSnapshot(`
      "G1b: Operation 3 (process 1) read key "x" as [2]; 2 was appended by operation 1 (process 0), which had appended 1 to that key just before, so the list should have held [... 1 2]: the read saw only a part of that transaction, or its appends in another order.
      So this is not read-committed, nor anything stronger."
    `);
  });

  it('have one record for each read, also if reads disagree', () => {
    const ops = serially(two, [append(3)], [read([1, 2])], [read([2, 1])], [read([2, 3])], [read([1])]);
    expect(checkListAppend(ops, readCommitted)['anomalies']).toMatchObject({
      G1b: [{ mop: read([2, 1]) }, { mop: read([2, 3]) }, { mop: read([1]) }],
    });
  });

  it('appear whole in growing lists, and to the transaction itself as far as it has run', () => {
    for (const values of [
      [two, [read([1, 2])], [append(3)], [read([1, 2, 3])]],
      [[append(1), read([1]), append(2), read([1, 2])]],
      [[append(0)], [append(1), read([0, 1]), append(2)], [read([0, 1, 2])]],
      [
        [append(1), ['append', 'y', 1], append(2)],
        [read([1, 2]), ['r', 'y', [1]]],
      ],
      [two, [read(null)], [read([1, 2])]],
    ])
      expect([values, types(serially(...values))]).toEqual([values, []]);
  });

  it('must not be torn apart for the transaction itself either', () => {
    expect(types(serially([append(1), append(2), read([2])]))).toEqual(['G1b']);
    // It cannot have read what it appends only later.
    expect(types(serially([read([2]), append(1), append(2)]))).toEqual(['future-read']);
  });

  it('must not show what comes later, also in a transaction of thousands of appends and reads', () => {
    const elements = Array.from({ length: 1500 }, (_, element) => element);
    const mops = elements.flatMap((element) => [append(element), read(elements.slice(0, element + 1))]);
    expect(types(serially([...mops, read([...elements, 9999]), append(9999)]))).toContain('future-read');
  });

  it('are torn apart by a read also if it crashed or never ended; if it failed, it is an aborted read', () => {
    for (const [end, expected] of [
      ['info', ['G1b']],
      [undefined, ['G1b']],
      ['fail', ['G1a']],
    ] as const) {
      const ops = history(
        ['invoke', 0, two],
        ...(end === undefined ? [] : [[end, 0, two] as const]),
        ['invoke', 1, [read(null)]],
        ['ok', 1, [read([2])]],
      );
      expect([end, types(ops)]).toEqual([end, expected]);
    }
  });

  it('are unknown if an element may belong to another append', () => {
    // Completions only, in which 1 is appended twice.
    const completions = history(
      ['ok', 0, [append(2), append(1)]],
      ['ok', 1, [append(1)]],
      ['ok', 2, [read([1])]],
    );
    expect(types(completions)).toEqual([]);
    const inOne = history(['ok', 0, [append(1), append(2), append(1)]], ['ok', 2, [read([2, 1])]]);
    expect(types(inOne)).toEqual([]);
    // The first invocation of process 0 may have appended 2 by itself.
    const abandoned = history(
      ['invoke', 0, [append(2)]],
      ['invoke', 0, two],
      ['ok', 0, two],
      ['invoke', 1, [read(null)]],
      ['ok', 1, [read([2])]],
    );
    expect(types(abandoned)).toEqual([]);
  });
});
