/** What only deciding finds at the levels below snapshot isolation, and what it does not mistake for a violation. */
import { describe, expect, it } from 'vitest';
import { atOnce, history, serially } from '../../../../test/support/transaction-lines.ts';
import type { Json } from '../../../protocol/json.ts';
import type { TransactionOp } from '../transactions/transaction-log.ts';
import { checkRwRegister } from './rw-register.ts';

const w = (key: string, value: number): Json => ['w', key, value];
const r = (key: string, value: number | null): Json => ['r', key, value];

describe('prefix consistency, decided', () => {
  const judged = (model: string, ops: readonly TransactionOp[]): unknown =>
    checkRwRegister(ops, { 'consistency-models': [model], 'decide?': true })['anomaly-types'] ?? [];

  it('forbids a long fork, which inference alone lets pass', () => {
    const fork = atOnce([w('x', 1)], [w('y', 1)], [r('x', 1), r('y', null)], [r('x', null), r('y', 1)]);
    expect(judged('prefix', fork)).toEqual(['no-prefix-order']);
    expect(checkRwRegister(fork, { 'consistency-models': ['prefix'] })).toMatchObject({ 'valid?': true });
    expect(judged('parallel-snapshot-isolation', fork)).toEqual([]);
  });

  it('allows a lost update and a write skew', () => {
    expect(
      judged('prefix', atOnce([r('x', null), w('x', 1)], [r('x', null), w('x', 2)], [r('x', 1)])),
    ).toEqual([]);
    expect(judged('prefix', atOnce([r('x', null), w('y', 1)], [r('y', null), w('x', 1)]))).toEqual([]);
  });

  it('leaves to `causality-violation` what a chain of reads shows', () => {
    const missed = atOnce([w('x', 1)], [r('x', 1), w('y', 1)], [r('y', 1), r('x', null)]);
    expect(judged('prefix', missed)).toEqual(['causality-violation']);
  });

  it('with sessions forbids that a process misses what it did, and in real time that it misses what was over', () => {
    const missedOwn = serially([w('x', 1)], [r('x', null)]);
    expect(judged('prefix', missedOwn)).toEqual([]);
    const skew = history(
      ['invoke', 0, [w('x', 1)]],
      ['invoke', 1, [w('y', 1)]],
      ['ok', 0, [w('x', 1)]],
      ['ok', 1, [w('y', 1)]],
      ['invoke', 0, [r('y', null)]],
      ['invoke', 1, [r('x', null)]],
      ['ok', 0, [r('y', null)]],
      ['ok', 1, [r('x', null)]],
    );
    expect(judged('prefix', skew)).toEqual([]);
    expect(judged('strong-session-causal', skew)).toEqual([]);
    expect(judged('prefix-biswas', skew)).toEqual(['no-prefix-order-process']);
    const apart = serially([w('x', 1)], [w('x', 2)], [r('x', 1)]).map((op, at) => ({
      ...op,
      process: at >> 1,
    }));
    expect(judged('strong-session-prefix', apart)).toEqual([]);
    expect(judged('strong-prefix', apart)).toEqual(['no-prefix-order-realtime']);
  });
});

describe('read committed', () => {
  const judged = (model: string, decide: boolean, ops: readonly TransactionOp[]): unknown =>
    checkRwRegister(ops, { 'consistency-models': [model], ...(decide && { 'decide?': true }) })[
      'anomaly-types'
    ] ?? [];

  it.each([
    ['after its own write of the key', [w('x', 1), r('x', 2), w('y', 1)]],
    ['after another read of the key', [r('x', null), r('x', 2), w('y', 1)]],
  ])(
    'is violated by transactions that read from each other, one of them %s, if it is decided',
    (_, first) => {
      const ops = atOnce(first, [w('x', 2), r('y', 1)]);
      // Elle passes over such a read.
      expect(judged('read-committed', false, ops)).toEqual([]);
      expect(judged('read-committed', true, ops)).toEqual(['G1c']);
      expect(judged('cursor-stability', true, ops)).toEqual(['G1c']);
      expect(judged('monotonic-atomic-view', false, ops)).toEqual(['G1c']);
      expect(judged('read-uncommitted', true, ops)).toEqual([]);
    },
  );

  it('of sessions is violated by a process whose earlier transaction saw what its later one wrote', () => {
    const ops = history(
      ['invoke', 0, [w('x', 1), r('x', 2)]],
      ['invoke', 1, [w('x', 2), r('y', 3)]],
      ['ok', 0, [w('x', 1), r('x', 2)]],
      ['invoke', 0, [w('y', 3)]],
      ['ok', 0, [w('y', 3)]],
      ['ok', 1, [w('x', 2), r('y', 3)]],
    );
    expect(judged('read-committed', true, ops)).toEqual([]);
    expect(judged('strong-session-read-committed', true, ops)).toEqual(['G1c-process']);
  });
});
