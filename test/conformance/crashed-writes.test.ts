/**
 * Crashed transactions whose effects were read took effect: the conclusions from that, compared with an exhaustive search over
 * the orders of the transactions of small histories.
 */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/protocol/json.ts';
import { checkListAppend, explainListAppend } from '../../src/checkers/elle/list-append/list-append.ts';
import { checkRwRegister } from '../../src/checkers/elle/rw-register/rw-register.ts';
import { isExplained, smallHistory, type SessionOrder } from './small-transactions.ts';
import type { TransactionOp } from '../../src/checkers/elle/transactions/transaction-log.ts';

const MODELS: readonly (readonly [string, SessionOrder])[] = [
  ['serializable', 'none'],
  ['strong-session-serializable', 'process'],
  ['strict-serializable', 'realtime'],
];

const SOURCES = [{ 'wfr-keys?': false }, { 'wfr-keys?': true }] as const;

describe('a process whose crashed transaction was seen without its previous one', () => {
  const op = (index: number, type: TransactionOp['type'], process: number, value: Json): TransactionOp => ({
    index,
    time: index,
    type,
    process,
    f: 'txn',
    value,
  });

  it.each(['info', 'open'])('violates its session (%s)', (end) => {
    const crash = [
      ['append', 'y', 1],
      ['append', 'z', 1],
    ];
    const ops = [
      op(0, 'invoke', 1, [
        ['r', 'y', null],
        ['r', 'x', null],
      ]),
      op(1, 'invoke', 0, [['append', 'x', 1]]),
      op(2, 'ok', 0, [['append', 'x', 1]]),
      op(3, 'invoke', 0, crash),
      ...(end === 'info' ? [op(4, 'info', 0, crash)] : []),
      op(5, 'ok', 1, [
        ['r', 'y', [1]],
        ['r', 'x', []],
      ]),
    ];
    expect(checkListAppend(ops, { 'consistency-models': ['serializable'] })['valid?']).toBe(true);
    const result = checkListAppend(ops, { 'consistency-models': ['strong-session-serializable'] });
    expect(result).toMatchObject({ 'valid?': false, 'anomaly-types': ['G-single-item-process'] });
    expect(explainListAppend(result)).toContain('process 0 finished');
    const registers = ops.map((one) => ({
      ...one,
      value: (one.value as readonly (readonly [string, Json, Json])[]).map(([f, key, value]): Json =>
        f === 'append'
          ? ['w', key, value]
          : [f, key, Array.isArray(value) ? ((value as Json[])[0] ?? null) : value],
      ),
    }));
    expect(checkRwRegister(registers, { 'consistency-models': ['serializable'] })['valid?']).toBe(true);
    expect(
      checkRwRegister(registers, { 'consistency-models': ['strong-session-serializable'] }),
    ).toMatchObject({
      'valid?': false,
      'anomaly-types': ['G-single-item-process'],
    });
    expect(checkRwRegister(registers)['valid?']).toBe(false);
  });

  it('does not if only a crashed or failed transaction saw it', () => {
    for (const type of ['info', 'fail'] as const) {
      const ops = [
        op(0, 'invoke', 1, [['r', 'y', null]]),
        op(1, 'invoke', 0, [['append', 'x', 1]]),
        op(2, 'ok', 0, [['append', 'x', 1]]),
        op(3, 'invoke', 0, [['append', 'y', 1]]),
        op(4, 'info', 0, [['append', 'y', 1]]),
        op(5, type, 1, [
          ['r', 'y', [1]],
          ['r', 'x', []],
        ]),
        op(6, 'invoke', 2, [['r', 'x', null]]),
        op(7, 'ok', 2, [['r', 'x', [1]]]),
      ];
      expect(checkListAppend(ops, { 'consistency-models': ['strong-session-serializable'] })['valid?']).toBe(
        true,
      );
    }
  });
});

describe.each(MODELS)('under %s', (model, order) => {
  it('a list-append history is invalid exactly if no order explains it, provided every append was read', () => {
    const seen = { valid: 0, invalid: 0, crashed: 0 };
    for (let seed = 0; seed < 4000; seed++) {
      const { ops, everythingRead } = smallHistory('append', seed);
      const verdict = checkListAppend(ops, { 'consistency-models': [model] })['valid?'];
      const explained = isExplained(ops, 'append', order);
      if (verdict === false) expect([seed, explained]).toEqual([seed, false]);
      if (!everythingRead) continue;
      seen[explained ? 'valid' : 'invalid']++;
      if (!explained) seen.crashed += ops.some(({ type }) => type === 'info') ? 1 : 0;
      expect([seed, verdict === false]).toEqual([seed, !explained]);
    }
    expect(Math.min(seen.valid, seen.invalid, seen.crashed)).toBeGreaterThan(40);
  });

  it('an rw-register history is invalid only if no order explains it', () => {
    let invalid = 0;
    for (let seed = 0; seed < 4000; seed++) {
      const { ops } = smallHistory('w', seed);
      for (const sources of SOURCES) {
        const result = checkRwRegister(ops, { 'consistency-models': [model], ...sources });
        if (result['valid?'] !== false) continue;
        invalid++;
        expect([seed, isExplained(ops, 'w', order)]).toEqual([seed, false]);
      }
    }
    expect(invalid).toBeGreaterThan(40);
  });
});
