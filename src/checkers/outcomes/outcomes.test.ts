import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { checkAvailability, explainAvailability } from './availability.ts';
import { checkStats, explainStats } from './stats.ts';

type Row = readonly [process: Op['process'], type: Op['type'], f: string, value?: Json];
const history = (...rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value = null], index) => ({
    index,
    time: index * 1e6,
    process,
    type,
    f,
    value,
  }));

describe('stats', () => {
  const ops = history(
    [0, 'invoke', 'read'],
    [0, 'ok', 'read'],
    [1, 'invoke', 'add'],
    [1, 'fail', 'add'],
    [1, 'invoke', 'add'],
    [1, 'info', 'add'],
    ['nemesis', 'info', 'start-partition'],
  );

  it('counts completions of clients, in all and by operation', () => {
    expect(checkStats(ops)).toEqual({
      'valid?': false,
      count: 3,
      'ok-count': 1,
      'fail-count': 1,
      'info-count': 1,
      'by-f': {
        add: { 'valid?': false, count: 2, 'ok-count': 0, 'fail-count': 1, 'info-count': 1 },
        read: { 'valid?': true, count: 1, 'ok-count': 1, 'fail-count': 0, 'info-count': 0 },
      },
    });
  });

  it('explains that an operation which never succeeded proved nothing', () => {
    expect(explainStats(checkStats(ops))).toBe(
      'Not one of 2 add operations succeeded (1 failed, 1 ended in doubt), so the run proved nothing about them.',
    );
    expect(explainStats(checkStats(ops.slice(0, 2)))).toBeUndefined();
  });

  it('a crash or a debug operation need not succeed, unless every operation is checked', () => {
    const kafka = history([0, 'info', 'crash'], [0, 'fail', 'debug-topic-partitions'], [0, 'ok', 'poll']);
    expect(checkStats(kafka)['valid?']).toBe(true);
    expect(checkStats(kafka, { judgeAll: true })['valid?']).toBe(false);
  });

  it("is not confused by operations with the names of Object's members", () => {
    const result = checkStats(history([0, 'ok', '__proto__'], [0, 'ok', 'constructor']));
    expect(Object.keys(result['by-f'] as object)).toEqual(['__proto__', 'constructor']);
  });
});

describe('availability', () => {
  const ops = history([0, 'invoke', 'read'], [0, 'ok', 'read'], [0, 'invoke', 'read'], [0, 'fail', 'read']);

  it('is the fraction of invocations that succeeded, 1 when there are none', () => {
    expect(checkAvailability(ops)).toEqual({ 'valid?': true, 'ok-fraction': 0.5 });
    expect(checkAvailability([])).toEqual({ 'valid?': true, 'ok-fraction': 1 });
  });

  it('must reach the required value', () => {
    expect(checkAvailability(ops, { availability: 0.5 })['valid?']).toBe(true);
    expect(checkAvailability(ops, { availability: 0.51 })['valid?']).toBe(false);
    expect(checkAvailability(ops, { availability: 'total' })['valid?']).toBe(false);
    expect(checkAvailability(ops.slice(0, 2), { availability: 'total' })['valid?']).toBe(true);
  });

  it('never shows 100 % for less than all', () => {
    const result = { 'valid?': false, 'ok-fraction': 0.999999999 };
    expect(explainAvailability(result, { availability: 'total' })).toBe(
      '99.999 % of the requests succeeded; all had to.',
    );
  });
});
