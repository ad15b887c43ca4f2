import { describe, expect, it } from 'vitest';
import { checkListAppend } from '../elle/list-append/list-append.ts';
import { checkRwRegister } from '../elle/rw-register/rw-register.ts';
import { RwRegisterColumns } from '../elle/rw-register/columns.ts';
import type { MicroOp, TransactionOp } from '../elle/transactions/transaction-log.ts';
import { explainTransactions } from '../elle/explaining/explain.ts';
import { AnomalyTable, requestOf } from '../elle/result.ts';
import { Meter } from '../budget/meter.ts';
import { forcedByCauses } from './causal-orders.ts';
import { judgeWeakLevels } from './judge-weak-levels.ts';
import { visibleRegisters } from './visible-registers.ts';

type Line = readonly [process: number, value: readonly MicroOp[], type?: 'fail' | 'info'];

const w = (key: number | string, value: number): MicroOp => ['w', key, value];
const r = (key: number | string, value: number | null): MicroOp => ['r', key, value];

/** One transaction after the other. */
const history = (...lines: readonly Line[]): readonly TransactionOp[] =>
  lines.flatMap(([process, value, type], at): TransactionOp[] => [
    {
      index: 2 * at,
      time: 0,
      process,
      type: 'invoke',
      f: 'txn',
      value: value.map(([f, key, shown]) => [f, key, f === 'r' ? null : shown]),
    },
    { index: 2 * at + 1, time: 0, process, type: type ?? 'ok', f: 'txn', value },
  ]);

const judged = (model: string, ...lines: readonly Line[]) => {
  const { 'valid?': valid, 'anomaly-types': types = [] } = checkRwRegister(history(...lines), {
    'consistency-models': [model],
  });
  return { valid, types };
};
const [MAV, RA, RC_SESSIONS, RA_SESSIONS, CC] = [
  'monotonic-atomic-view',
  'read-atomic',
  'strong-session-monotonic-atomic-view',
  'strong-session-read-atomic',
  'strong-session-causal',
] as const;

/** Of registers whose writes all took effect, or failed. */
function visibleIn(...lines: readonly Line[]) {
  const columns = new RwRegisterColumns();
  for (const op of history(...lines)) columns.observe(op);
  columns.log.finish();
  const mops = lines.flatMap(([, value]) => value);
  const known = { unclear: new Uint8Array(mops.length), tookEffect: new Uint8Array(lines.length) };
  return { columns, visible: visibleRegisters(columns, known, new Meter(undefined)) };
}

describe('weak levels', () => {
  it('a transaction that sees half of another one later violates the monotonic atomic view', () => {
    const torn: Line[] = [
      [0, [w('x', 1), w('y', 1)]],
      [1, [w('x', 2), w('y', 2)]],
      [2, [r('x', 2), r('y', 1)]],
      [3, [r('y', 1), r('x', 2)]],
    ];
    expect(judged(RA, ...torn.slice(0, 3))).toEqual({ valid: false, types: ['fractured-read'] });
    // x: 2 was seen before y: 1, so 2 comes before 1; and by the other reader 1 comes before 2.
    expect(judged(MAV, ...torn)).toEqual({ valid: false, types: ['OTV'] });
    expect(judged('read-committed', ...torn).valid).toBe(true);
    // With reads in this order, both writes can still become visible key by key.
    expect(judged(MAV, ...torn.slice(0, 3)).valid).toBe(true);
  });

  it('session order counts if it is requested', () => {
    const stale: Line[] = [
      [0, [w('x', 1)]],
      [0, [w('x', 2)]],
      [0, [r('x', 1)]],
    ];
    expect(judged(RA, ...stale).valid).toBe(true);
    expect(judged(RC_SESSIONS, ...stale).valid).toBe(true);
    expect(judged(RA_SESSIONS, ...stale)).toEqual({ valid: false, types: ['fractured-read-process'] });
    expect(judged(CC, ...stale)).toEqual({ valid: false, types: ['fractured-read-process'] });
  });

  it('nothing follows a crashed transaction in its session', () => {
    const crashed: Line[] = [
      [0, [w('x', 1)]],
      [0, [w('x', 2)], 'info'],
      [1, [r('x', 2)]],
      [0, [r('x', 1)]],
    ];
    expect(judged(CC, ...crashed).valid).toBe(true);
    expect(judged(CC, ...crashed, [1, [r('x', 1)]])).toEqual({
      valid: false,
      types: ['causality-violation-process'],
    });
  });

  it('causes are followed through any number of steps, over sessions that end and others that continue', () => {
    const clients = 40;
    const chain: Line[] = [[0, [w('cause', 1)]]];
    for (let at = 1; at < clients; at++) {
      // Each client runs two transactions and never returns.
      chain.push([
        at,
        [r(`step ${at - 1}`, at === 1 ? null : 1), at === 1 ? r('cause', 1) : r('other', null)],
      ]);
      chain.push([at, [w(`step ${at}`, 1)]]);
    }
    expect(judged(CC, ...chain, [99, [r(`step ${clients - 1}`, 1), r('cause', 1)]]).valid).toBe(true);
    const result = checkRwRegister(history(...chain, [99, [r(`step ${clients - 1}`, 1), r('cause', null)]]), {
      'consistency-models': [CC],
    });
    expect(result['anomaly-types']).toEqual(['causality-violation-process']);
    const records = result.anomalies?.['causality-violation-process'];
    const [record] = Array.isArray(records)
      ? (records as readonly { readonly cycle: readonly unknown[] }[])
      : [];
    // The cause, two transactions per client, the reader, and the cause again.
    expect(record?.cycle).toHaveLength(1 + 2 * (clients - 1) + 1 + 1);
  });

  it('without sessions only reads make causes', () => {
    const cerone = (...lines: readonly Line[]) =>
      checkRwRegister(history(...lines), { 'consistency-models': ['causal-cerone'], 'decide?': true });
    const read: Line[] = [
      [0, [w('x', 1)]],
      [1, [r('x', 1), w('y', 1)]],
      [2, [r('y', 1), w('z', 1)]],
    ];
    expect(cerone(...read, [3, [r('z', 1), r('x', 1)]])['valid?']).toBe(true);
    const result = cerone(...read, [3, [r('z', 1), r('x', null)]]);
    expect(result['anomaly-types']).toEqual(['causality-violation']);
    expect(result.not).toContain('causal-cerone');
    expect(judged(CC, ...read, [3, [r('z', 1), r('x', null)]]).types).toEqual(['causality-violation']);
    // Here the order of a process is needed.
    const done: Line[] = [
      [0, [w('x', 1)]],
      [0, [w('y', 1)]],
      [1, [r('y', 1), r('x', null)]],
    ];
    expect(cerone(...done)['valid?']).toBe(true);
    expect(judged(CC, ...done).types).toEqual(['causality-violation-process']);
  });

  it('clocks that would take too much memory leave the verdict open, unless sessions show a violation', () => {
    // None has seen another, and one transaction sees them all.
    const apart = Array.from({ length: 4200 }, (_, at): Line => [at, [w(at, 1)]]);
    const all: Line = [0, apart.map((_, at) => r(at, 1))];
    const { columns, visible } = visibleIn(...apart, all);
    const meter = new Meter(undefined);
    const alone = new Int32Array(columns.log.count).fill(-1);
    expect(() => forcedByCauses(visible, alone, meter, 2 ** 20)).toThrow(/takes more than 4 MiB/);
    expect(forcedByCauses(visible, alone, meter, 2 ** 26)?.missed).toHaveLength(0);
    const stale: Line[] = [
      [1, [w('x', 1)]],
      [1, [w('y', 1)]],
      [2, [r('y', 1), r('x', null)]],
    ];
    expect(judged(CC, ...apart, all, ...stale).types).toEqual(['causality-violation-process']);
  });

  it('a violation by reads alone has its name also if causes without sessions are too costly to follow', () => {
    const apart = Array.from({ length: 400 }, (_, at): Line => [at, [w(at, 1)]]);
    const all: Line = [0, apart.map((_, at) => r(at, 1))];
    const typesOf = (...lines: readonly Line[]) => {
      const { visible, columns } = visibleIn(...apart, all, ...lines);
      const found = new AnomalyTable();
      const request = requestOf({ 'consistency-models': [CC] });
      judgeWeakLevels({ columns, history: visible, request }, found, new Meter(undefined), 0);
      return found.types;
    };
    const seen: Line[] = [
      [500, [w('x', 1)]],
      [501, [r('x', 1), w('y', 1)]],
    ];
    expect(typesOf(...seen, [502, [r('y', 1), r('x', null)]])).toEqual(['causality-violation']);
    const done: Line[] = [
      [500, [w('x', 1)]],
      [500, [w('y', 1)]],
    ];
    expect(typesOf(...done, [501, [r('y', 1)]], [501, [r('x', null)]])).toEqual([
      'causality-violation-process',
    ]);
  });

  it('transactions of a hundred keys are compared by the smaller of write and read sets', () => {
    const keys = Array.from({ length: 100 }, (_, key) => key);
    const big: Line[] = [
      [0, keys.map((key) => w(key, 1))],
      [1, keys.map((key) => w(key, 2))],
    ];
    const reads = (shown: (key: number) => number): MicroOp[] => keys.map((key) => r(key, shown(key)));
    for (const level of [MAV, RA, CC]) {
      expect(judged(level, ...big, [2, reads(() => 2)]).valid).toBe(true);
      expect(judged(level, ...big, [2, [r(7, 1), r(8, 1)]]).valid).toBe(true);
    }
    const half = reads((key) => (key < 50 ? 1 : 2));
    expect(judged(RA, ...big, [2, half]).types).toEqual(['fractured-read']);
    expect(judged(RA, ...big, [2, [r(7, 1), r(8, 2)]]).types).toEqual(['fractured-read']);
    // One transaction sees 1 and then 2, another the reverse.
    expect(judged(MAV, ...big, [2, half], [3, half.toReversed()]).types).toEqual(['OTV']);
  });

  it('a read that misses its own write violates the levels that are defined over own writes', () => {
    const forgotten: Line[] = [
      [0, [w('x', 1)]],
      [1, [r('x', 1), w('x', 2), r('x', 1)]],
    ];
    expect(judged(RC_SESSIONS, ...forgotten).types).toEqual(['own-write-missed']);
    expect(judged(RA, ...forgotten).types).toEqual(['internal']);
  });

  it('a cycle of reads-from through a second read of a key is found', () => {
    const circle: Line[] = [
      [0, [w('a', 1), r('b', 2)]],
      [1, [w('c', 1), r('a', null), r('a', 1)]],
      [2, [w('b', 2), r('c', 1)]],
    ];
    expect(judged(MAV, ...circle).types).toEqual(['G1c']);
  });

  it('lists show orders that registers hide, and unread appends come after the read ones', () => {
    const append = (key: string, value: number): MicroOp => ['append', key, value];
    const list = (key: string, ...value: number[]): MicroOp => ['r', key, value];
    const judge = (...lines: readonly Line[]) =>
      checkListAppend(history(...lines), { 'consistency-models': [MAV] });
    const unseen: Line[] = [
      [0, [append('x', 1)]],
      [1, [append('x', 2), append('y', 2)]],
      [2, [list('x', 1)]],
    ];
    expect(judge(...unseen, [3, [list('x', 1), list('y', 2)]])['valid?']).toBe(true);
    const result = judge(...unseen, [3, [list('y', 2), list('x', 1)]]);
    expect(result['anomaly-types']).toEqual(['OTV']);
    expect(result.not).toContain('monotonic-atomic-view');
    expect(explainTransactions(result)).toMatchInlineSnapshot(`
      "OTV: T1 -> T2 -> T1.
        T1 is operation 3 (process 1): append "x" 2, append "y" 2
        T2 is operation 1 (process 0): append "x" 1
        T2's 1 is among the last elements that operation 7 (process 3) read of key "x", [1], although that operation also saw T1 (it read key "y" as [2]), which appended 2 there: T1 came before T2.
        Yet T1's append of 2 to key "x" came after T2's 1: T2 came before T1. That is a contradiction.
      So this is not consistent-view, nor monotonic-atomic-view, nor anything stronger."
    `);
  });

  it('levels that are not requested by name are checked as Elle does', () => {
    const torn: Line[] = [
      [0, [w('x', 1), w('y', 1)]],
      [1, [w('x', 2), w('y', 2)]],
      [2, [r('x', 1), r('y', 2)]],
    ];
    for (const model of ['causal-cerone', 'update-atomic', 'snapshot-isolation', 'serializable'])
      expect(judged(model, ...torn).valid).toBe(true);
    const { 'anomaly-types': types } = checkRwRegister(history(...torn), {
      'consistency-models': null,
      anomalies: ['fractured-read'],
    });
    expect(types).toEqual(['fractured-read']);
  });

  it('an exhausted budget leaves the verdict open', () => {
    const ops = history(...Array.from({ length: 6000 }, (_, at): Line => [at % 7, [w(at % 50, at)]]));
    let questions = 0;
    const judge = (last: number) =>
      checkRwRegister(ops, { 'consistency-models': [CC] }, { exhausted: () => ++questions > last });
    judge(Infinity);
    const all = questions;
    questions = 0;
    const result = judge(all - 1);
    expect(result).toMatchObject({ 'valid?': 'unknown', error: { type: 'budget-exhausted' } });
    expect(result.error?.['phase']).toContain('causal');
  });
});
