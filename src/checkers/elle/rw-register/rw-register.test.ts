import { describe, expect, it } from 'vitest';
import { JsonNumber, stringifyJson, type Json } from '../../../protocol/json.ts';
import { describeCycle } from '../explaining/explain.ts';
import { atOnce, history, serially, type Line } from '../../../../test/support/transaction-lines.ts';
import { remarkOnUnorderedKeys } from './unordered-keys.ts';
import { checkRwRegister, explainRwRegister, remarkOnRwRegister } from './rw-register.ts';
import type { TransactionOp } from '../transactions/transaction-log.ts';

describe('an rw-register history', () => {
  it('may name a large key before small ones', () => {
    const small = Array.from({ length: 1000 }, (_, key): Json => ['w', key, 1]);
    for (const key of [2000, 'x']) {
      const writes: Json = [
        ['w', key, 1],
        ['r', 'y', 1],
      ];
      const reads: Json = [
        ['w', 'y', 1],
        ['r', key, 1],
      ];
      expect(checkRwRegister(atOnce(writes, small, reads))).toMatchObject({ 'anomaly-types': ['G1c'] });
    }
  });

  it('in which two transactions read null and write the key that the other read is G2-item', () => {
    const ops = atOnce(
      [
        ['r', 1, null],
        ['w', 2, 1],
      ],
      [
        ['r', 2, null],
        ['w', 1, 1],
      ],
    );
    const result = checkRwRegister(ops, { 'consistency-models': ['serializable'] });
    expect(result).toMatchObject({ 'valid?': false, 'anomaly-types': ['G2-item'], not: ['repeatable-read'] });
    expect(explainRwRegister(result)).toMatchInlineSnapshot(`
      "G2-item: T1 -> T2 -> T1.
        T1 is operation 2 (process 0): r 1 null, w 2 1
        T2 is operation 3 (process 1): r 2 null, w 1 1
        T1 read key 1 as null, so it missed T2's write of 1, which came later: T1 came before T2.
        Yet T2 read key 2 as null, so it missed T1's write of 1, which came later: T2 came before T1. That is a contradiction.
      So this is not repeatable-read, nor anything stronger."
    `);
  });

  it('that implies no order is unknown', () => {
    const ops = serially([['w', 1, 1]]);
    const result = checkRwRegister(ops, { 'consistency-models': ['serializable'] });
    expect(result).toMatchObject({ 'valid?': 'unknown', 'anomaly-types': ['empty-transaction-graph'] });
    expect(explainRwRegister(result)).toBe(
      'No transaction depended on another, so the history proved nothing.',
    );
  });

  it('implies more if writes are known to follow reads', () => {
    const ops = serially(
      [['w', 'x', 1]],
      [
        ['r', 'x', 1],
        ['w', 'x', 2],
      ],
      [['r', 'x', 1]],
    );
    expect(checkRwRegister(ops)['valid?']).toBe(true);
    expect(checkRwRegister(ops, { 'wfr-keys?': true })['anomaly-types']).toEqual(['G-single-item-realtime']);
  });

  it('in which a process returns to an older version has cyclic versions, if keys are sequential', () => {
    const lines: Line[] = [[['w', 'x', 1]], [['w', 'x', 2]], [['r', 'x', 1]]].flatMap((value): Line[] => [
      ['invoke', 0, value],
      ['ok', 0, value],
    ]);
    expect(checkRwRegister(history(...lines))['valid?']).toBe(true);
    const result = checkRwRegister(history(...lines), { 'sequential-keys?': true });
    expect(result).toMatchObject({
      'valid?': false,
      anomalies: {
        'cyclic-versions': [{ key: 'x', scc: [1, 2], sources: ['initial-state', 'sequential-keys'] }],
      },
    });
  });

  it('never has cyclic versions of a key because of another key', () => {
    // By realtime x goes 1, 2 and y goes 2, 1: each is in order, though the values, taken together, are not.
    const ops = serially([['w', 'x', 1]], [['w', 'x', 2]], [['w', 'y', 2]], [['w', 'y', 1]]);
    expect(checkRwRegister(ops, { 'linearizable-keys?': true, 'sequential-keys?': true })['valid?']).toBe(
      true,
    );
  });

  it('with many readers of null and many writers has the same verdict as with individual edges', () => {
    const reads = Array.from({ length: 20 }, (): Json => [['r', 'x', null]]);
    const writes = Array.from({ length: 20 }, (_, value): Json => [['w', 'x', value]]);
    expect(checkRwRegister(serially(...reads, ...writes))['valid?']).toBe(true);
    expect(checkRwRegister(serially(...writes, ...reads))['anomaly-types']).toEqual([
      'G-single-item-realtime',
    ]);
    const updates = Array.from({ length: 20 }, (_, value): Json => [
      ['r', 'x', null],
      ['w', 'x', value],
    ]);
    expect(
      checkRwRegister(serially(...updates), { 'consistency-models': ['repeatable-read'] })['anomaly-types'],
    ).toEqual(['G2-item', 'lost-update']);
  });

  it('in which two transactions wrote after reading one version is a lost update, also after a blind write', () => {
    const asked = { 'consistency-models': ['cursor-stability'] };
    const update = [
      ['r', 'x', 1],
      ['w', 'x', 2],
    ];
    const blindFirst = [['w', 'x', 3], ...update.slice(0, 1), ['w', 'x', 4]];
    const ops = serially([['w', 'x', 1]], update, blindFirst);
    expect(checkRwRegister(ops, asked)['anomaly-types']).toEqual(['lost-update']);
    // A version that a transaction wrote itself is not one that others update.
    const ownFirst = [
      ['w', 'x', 3],
      ['r', 'x', 3],
      ['w', 'x', 4],
    ];
    expect(checkRwRegister(serially([['w', 'x', 1]], update, ownFirst), asked)['valid?']).not.toBe(false);
  });

  it('in which a read value was written twice is unknown, with both operations', () => {
    expect(checkRwRegister(serially([['w', 'x', 1]], [['w', 'x', 1]], [['r', 'x', 1]]))).toMatchObject({
      'valid?': 'unknown',
      error: { type: 'duplicate-writes', 'op-index': 3, key: 'x', value: 1 },
    });
    expect(
      checkRwRegister(serially([['w', 'x', 1]], [['w', 'x', 1]], [['r', 'x', null]]))['error'],
    ).toBeUndefined();
  });

  it('with an append is refused', () => {
    expect(checkRwRegister(serially([['append', 'x', 1]]))).toMatchObject({
      'valid?': 'unknown',
      error: { type: 'unexpected-txn-micro-op-types', 'op-index': 1 },
    });
  });
});

describe('an impossible read of an rw-register', () => {
  it('of a value that no transaction wrote is a garbage-read under any model', () => {
    const ops = serially([['w', 'x', 1]], [['r', 'x', 5]]);
    for (const options of [
      {},
      { 'consistency-models': ['read-uncommitted'] },
      { 'consistency-models': null },
    ]) {
      expect(checkRwRegister(ops, options)).toMatchObject({
        'valid?': false,
        'anomaly-types': expect.arrayContaining(['garbage-read']) as unknown,
      });
    }
    expect(explainRwRegister(checkRwRegister(ops))).toMatchInlineSnapshot(`
      "garbage-read: Operation 3 (process 1) read key "x" as 5, although no transaction ever wrote that value; a key that was never written reads as null.
      So this is not read-uncommitted, nor anything stronger."
    `);
  });

  it('of a list is not said to contain what was appended', () => {
    const ops = serially([['w', 'x', 1]], [['r', 'x', [1]]]);
    expect(explainRwRegister(checkRwRegister(ops))).toContain(
      'read key "x" as [1], although no transaction ever wrote',
    );
  });

  it('of a value that its own transaction writes only later is a future-read', () => {
    const ops = serially([
      ['r', 'x', 1],
      ['w', 'x', 1],
    ]);
    const result = checkRwRegister(ops);
    expect(result).toMatchObject({ 'valid?': false, 'anomaly-types': ['future-read'] });
    expect(explainRwRegister(result)).toMatchInlineSnapshot(`
      "future-read: Operation 1 (process 0) read key "x" as 1, although only the same transaction wrote that, and only later.
      So this is not read-committed, nor anything stronger."
    `);
  });

  it('is allowed if a failed, crashed or open transaction wrote the value, except for the aborted read', () => {
    const write: Json = [['w', 'x', 1]];
    const read: Json = [['r', 'x', 1]];
    for (const [end, types] of [
      ['fail', ['G1a']],
      ['info', []],
      [undefined, []],
    ] as const) {
      const ops = history(
        ['invoke', 0, write],
        ...(end === undefined ? [] : [[end, 0, write] as const]),
        ['invoke', 1, [['r', 'x', null]]],
        ['ok', 1, read],
      );
      // If nothing is proved, the empty graph is among the anomalies.
      const found = (checkRwRegister(ops)['anomaly-types'] ?? []).filter(
        (type) => type !== 'empty-transaction-graph',
      );
      expect([end, found]).toEqual([end, types]);
    }
  });

  it('is not one of null, of the own last write, or of a value that two transactions write', () => {
    for (const value of [
      [['r', 'x', null]],
      [
        ['w', 'x', 1],
        ['r', 'x', 1],
      ],
      [
        ['w', 'x', 1],
        ['r', 'x', 1],
        ['w', 'x', 2],
        ['r', 'x', 2],
      ],
    ]) {
      expect(checkRwRegister(serially(value, [['w', 'y', 1]]))['valid?']).toBe(true);
    }
    const twice = history(
      ['invoke', 0, [['w', 'x', 1]]],
      ['info', 0, [['w', 'x', 1]]],
      [
        'invoke',
        1,
        [
          ['r', 'x', null],
          ['w', 'x', 1],
        ],
      ],
      [
        'ok',
        1,
        [
          ['r', 'x', 1],
          ['w', 'x', 1],
        ],
      ],
    );
    expect(checkRwRegister(twice)['anomaly-types'] ?? []).not.toContain('future-read');
  });
});

describe('unwritten keys', () => {
  it('hold their initial value even if a transaction that never ended was to read them', () => {
    const ops = history(
      ['invoke', 0, [['r', 'x', null]]],
      ['ok', 0, [['r', 'x', 0]]],
      [
        'invoke',
        1,
        [
          ['r', 'x', null],
          ['w', 'y', 1],
        ],
      ],
      ['invoke', 2, [['r', 'y', null]]],
      ['ok', 2, [['r', 'y', 1]]],
    );
    expect(checkRwRegister(ops)).toMatchObject({ 'valid?': true, 'initial-value': 0 });
  });

  const begunAt = (value: Json, ...more: readonly Json[]): TransactionOp[] =>
    serially([['r', 'x', value]], [['w', 'x', 1]], [['r', 'x', 1]], [['r', 'y', value]], ...more);

  it.each([0, new JsonNumber('0.0'), false, ''])(
    'may hold %s in place of null, as in Elle, and the result says so',
    (value) => {
      const result = checkRwRegister(begunAt(value));
      expect(result).toMatchObject({ 'valid?': true, 'initial-value': value });
      expect(remarkOnRwRegister(result)).toBe(
        `Reads of unwritten keys showed ${stringifyJson(value)}, which was taken as their initial value; a read of an unwritten key is expected to show null.`,
      );
    },
  );

  it('usually show null, without a remark', () => {
    expect(checkRwRegister(begunAt(null))).toEqual({ 'valid?': true });
    expect(remarkOnRwRegister({ 'valid?': true })).toBeUndefined();
  });

  it('hold that value before they are written, and not afterwards', () => {
    const result = checkRwRegister(begunAt(0, [['r', 'x', 0]]));
    expect(result).toMatchObject({ 'valid?': false, 'anomaly-types': ['G-single-item-realtime'] });
    expect(explainRwRegister(result)).toContain('showed 0, which was taken as their initial value');
    expect(
      checkRwRegister(begunAt(0, [['r', 'x', 0]]), { 'consistency-models': ['read-committed'] }),
    ).toMatchObject({
      'valid?': true,
    });
  });

  it.each<readonly [string, Json, readonly Json[]]>([
    ['a number that is not an initial value', 99, []],
    ['zero next to null', 0, [[['r', 'z', null]]]],
    ['two initial values', 0, [[['r', 'z', false]]]],
    ['a value that is written to another key', 0, [[['w', 'z', 0]]]],
  ])('do not hold %s', (_, value, more) => {
    const result = checkRwRegister(begunAt(value, ...more));
    expect(result).toMatchObject({ 'valid?': false });
    expect(result['anomaly-types']).toContain('garbage-read');
    expect(result).not.toHaveProperty('initial-value');
  });

  it('may be read so in a history whose failed transactions request null', () => {
    const ops = [...begunAt(0)];
    const index = ops.length;
    const reads: Json = [['r', 'x', null]];
    ops.push(
      { index, time: index * 1e6, type: 'invoke', process: 9, value: reads },
      { index: index + 1, time: (index + 1) * 1e6, type: 'fail', process: 9, value: reads },
    );
    expect(checkRwRegister(ops)).toMatchObject({ 'valid?': true, 'initial-value': 0 });
  });
});

describe('keys whose version order could not be inferred', () => {
  const ops = serially(
    [['w', 'x', 1]],
    [['w', 'x', 2]],
    [['w', 'y', 1]],
    [
      ['r', 'y', 1],
      ['w', 'y', 2],
    ],
    [['r', 'x', 1]],
  );

  it('are counted, with what would infer more, unless the verdict is false', () => {
    const result = checkRwRegister(ops, { 'wfr-keys?': true });
    expect(result).toEqual({
      'valid?': true,
      'unordered-keys': { count: 1, of: 2, keys: ['x'], sources: ['wfr-keys'] },
    });
    expect(remarkOnUnorderedKeys(result)).toMatchInlineSnapshot(
      `"For 1 of the 2 keys with several versions no order of them could be inferred (from wfr-keys), so stale reads and lost writes there would not show. To infer more: --sequential-keys, if each key is sequentially consistent; --linearizable-keys, if each key is linearizable."`,
    );
    const unknown = checkRwRegister(ops.slice(0, 4), { 'consistency-models': ['serializable'] });
    expect(unknown).toMatchObject({
      'valid?': 'unknown',
      'unordered-keys': { count: 1, of: 1, sources: [] },
    });
    expect(explainRwRegister(unknown)).toMatchInlineSnapshot(`
      "No transaction depended on another, so the history proved nothing.
      For the one key with several versions no order of them could be inferred (nothing was assumed that orders them), so stale reads and lost writes there would not show. To infer more: --wfr-keys, where transactions that read a key and then write it write the next version; --sequential-keys, if each key is sequentially consistent; --linearizable-keys, if each key is linearizable."
    `);
  });

  it('are not mentioned if the stale read of one is found because keys are linearizable', () => {
    const result = checkRwRegister(ops, { 'wfr-keys?': true, 'linearizable-keys?': true });
    expect(result['valid?']).toBe(false);
    expect(result).not.toHaveProperty('unordered-keys');
    expect(remarkOnUnorderedKeys(result)).toBeUndefined();
  });
});

describe('a value that is written several times', () => {
  const strongSession = { 'consistency-models': ['strong-session-serializable'], 'wfr-keys?': true };
  const types = (ops: readonly TransactionOp[], options: Parameters<typeof checkRwRegister>[1] = {}) =>
    (checkRwRegister(ops, options)['anomaly-types'] ?? []).filter(
      (type) => type !== 'empty-transaction-graph',
    );
  const write = (value: Json): Json => ['w', 'x', value];
  const read = (value: Json): Json => ['r', 'x', value];

  it('also by an incomplete transaction, may be from either', () => {
    const ops = history(
      ['invoke', 2, [read(null), write(9)]],
      ['invoke', 3, [write(9)]],
      ['ok', 3, [write(9)]],
      ['invoke', 1, [write(0)]],
      ['ok', 1, [write(0)]],
      ['ok', 2, [read(0), write(9)]],
    );
    expect(types(ops, { 'consistency-models': ['strong-snapshot-isolation'], 'wfr-keys?': true })).toEqual(
      [],
    );
  });

  it('also by a crashed transaction, may be read from that one', () => {
    const ops = history(
      ['invoke', 0, [write(31)]],
      ['info', 0, [write(31)]],
      ['invoke', 1000, [read(null)]],
      ['ok', 1000, [read(31)]],
      ['invoke', 1000, [write(31)]],
      ['ok', 1000, [write(31)]],
    );
    expect(types(ops, strongSession)).toEqual([]);
    expect(types(ops, { ...strongSession, 'sequential-keys?': true })).toEqual([]);
  });

  it('by one transaction, first and last, is neither an intermediate value nor a lost update', () => {
    const ops = history(
      ['invoke', 0, [write(1), read(null), write(1)]],
      ['ok', 0, [write(1), read(1), write(1)]],
      ['invoke', 0, [read(null), write(2)]],
      ['ok', 0, [read(1), write(2)]],
    );
    expect(types(ops, { 'wfr-keys?': true })).toEqual([]);
  });

  it('is an aborted read only if each write of it failed, and an intermediate one only if each was overwritten', () => {
    const reads = (...writers: readonly Line[]): TransactionOp[] =>
      history(
        ...writers.flatMap(([end, , value], process): Line[] => [
          ['invoke', process, value],
          [end, process, value],
        ]),
        ['invoke', 9, [read(null)]],
        ['ok', 9, [read(1)]],
      );
    const failed: Line = ['fail', 0, [write(1)]];
    const halfDone: Line = ['ok', 0, [write(1), write(2)]];
    const ok: Line = ['ok', 0, [write(1)]];
    const crashed: Line = ['info', 0, [write(1)]];
    const readCommitted = { 'consistency-models': ['read-committed'] };
    for (const [writers, expected] of [
      [[failed], ['G1a']],
      [[failed, failed], ['G1a']],
      [[failed, crashed], []],
      [[failed, ok], []],
      [[halfDone], ['G1b']],
      [[halfDone, halfDone], ['G1b']],
      [[halfDone, failed], ['G1b']],
      [[halfDone, ok], []],
      [[halfDone, crashed], []],
    ] as const) {
      expect([writers, types(reads(...writers), readCommitted)]).toEqual([writers, expected]);
      expect(types(reads(...writers), { 'consistency-models': ['read-uncommitted'] })).toEqual([]);
    }
  });

  it('may be read as an intermediate one if the model allows that', () => {
    const ops = atOnce([write(1), write(2)], [read(1), write(3)], [read(3), write(1)]);
    const wfr = { 'wfr-keys?': true };
    expect(types(ops, { ...wfr, 'consistency-models': ['read-uncommitted'] })).toEqual([]);
    expect(types(ops, { ...wfr, 'consistency-models': ['read-committed'] })).toContain('cyclic-versions');
  });

  it('in the reader itself, before the read, explains the read; after it, it does not', () => {
    const fail: readonly Line[] = [
      ['invoke', 0, [write(1)]],
      ['fail', 0, [write(1)]],
    ];
    const own = history(...fail, ['invoke', 1, [write(1), read(null)]], ['ok', 1, [write(1), read(1)]]);
    expect(types(own)).toEqual([]);
    const later = history(...fail, ['invoke', 1, [read(null), write(1)]], ['ok', 1, [read(1), write(1)]]);
    expect(types(later)).toEqual(['G1a']);
  });

  it('is known to be from the other writer if the reader is one of two writers', () => {
    const ops = atOnce([write(1), ['r', 'y', 1]], [read(1), write(1), ['w', 'y', 1]]);
    expect(types(ops, { 'consistency-models': ['read-committed'] })).toEqual(['G1c']);
  });

  it('does not make null the initial state if null is among them', () => {
    const ops = serially(
      [write(1)],
      [write(null)],
      [read(null)],
      [read(null), write(2)],
      [read(null), write(3)],
    );
    expect(types(ops, { 'consistency-models': ['serializable'], 'wfr-keys?': true })).toEqual([]);
    // Without that write only the initial state is left.
    const without = ops.filter(({ process }) => process !== 1);
    expect(types(without, { 'consistency-models': ['serializable'], 'wfr-keys?': true })).toContain(
      'lost-update',
    );
  });

  it('also as null by an open transaction, keeps a read of null from being one of the initial state', () => {
    const ops = history(
      ['invoke', 0, [write(null)]],
      ['invoke', 1, [write(1)]],
      ['ok', 1, [write(1)]],
      ['invoke', 1, [read(null)]],
      ['ok', 1, [read(null)]],
    );
    expect(types(ops, { 'linearizable-keys?': true })).toEqual([]);
    expect(types(ops.slice(1), { 'linearizable-keys?': true })).toContain('cyclic-versions');
  });

  it('has one version per write, so that an order of keys still reveals contradictions', () => {
    const ops = serially([write(1)], [write(1)], [write(2)], [write(1)], [read(null)]);
    expect(types(ops, { 'linearizable-keys?': true })).toContain('cyclic-versions');
    expect(types(ops.slice(0, -2), { 'linearizable-keys?': true })).toEqual([]);
  });

  it('leaves the verdict unknown if reads may show either of two writes, but other errors stay errors', () => {
    const ops = serially([write(1)], [write(1)], [read(1)]);
    const result = checkRwRegister(ops);
    expect(result).toMatchObject({ 'valid?': 'unknown', error: { type: 'duplicate-writes' } });
    expect(explainRwRegister(result)).toMatchInlineSnapshot(`
      "Operations 1 and 3 write the same value to one key, and operation 5 reads it; which write it shows is unknown, so that nothing is concluded from such reads. Expected unique values.
      For the one key with several versions no order of them could be inferred (nothing was assumed that orders them), so stale reads and lost writes there would not show. To infer more: --wfr-keys, where transactions that read a key and then write it write the next version; --sequential-keys, if each key is sequentially consistent; --linearizable-keys, if each key is linearizable."
    `);
    expect(checkRwRegister(serially([write(1)], [write(1)], [read(1)], [read(5)]))).toMatchObject({
      'valid?': false,
      'anomaly-types': ['garbage-read'],
      error: { type: 'duplicate-writes' },
    });
  });
});

it('a torn read that no version order shows is found by deciding, and described in words', () => {
  const write = (value: number): Json => [
    ['w', 'x', value],
    ['w', 'y', value],
  ];
  const torn: Json = [
    ['r', 'x', 1],
    ['r', 'y', 2],
  ];
  const ops = atOnce(write(1), write(2), torn);
  const asked = { 'consistency-models': ['serializable'] };
  expect(checkRwRegister(ops, asked)).toMatchObject({ 'valid?': true });
  const result = checkRwRegister(ops, { ...asked, 'decide?': true });
  expect(result).toMatchObject({ 'valid?': false, 'anomaly-types': ['no-prefix-order'] });
  expect(explainRwRegister(result)).toContain(
    'no order of all transactions satisfies prefix, whichever came first in 2 pairs of writes.',
  );
  const records = result.anomalies?.['no-prefix-order'];
  const paths = Array.isArray(records) ? records.map((record) => describeCycle(record)?.path) : records;
  expect(paths).toEqual(['T1 -> T2 -> T1 (the first of 3 cases)']);
});
