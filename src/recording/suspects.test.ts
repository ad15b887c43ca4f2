import { describe, expect, it } from 'vitest';
import { opsOf } from '../../test/support/sample-run.ts';
import type { Evidence } from '../checkers/evidence.ts';
import { transactionsEvidence } from '../checkers/elle/explaining/anomaly-evidence.ts';
import { checkListAppend } from '../checkers/elle/list-append/list-append.ts';
import { setFullEvidence } from '../checkers/sets/explain-set-full.ts';
import { kafkaEvidence } from '../checkers/kafka/explain-kafka.ts';
import { checkKafka } from '../checkers/kafka/kafka.ts';
import { CasRegisterChecker } from '../checkers/linearizable/cas-register.ts';
import { checkPnCounter, pnCounterEvidence } from '../checkers/counters/pn-counter.ts';
import { checkSetFull } from '../checkers/sets/set-full.ts';
import { linKv } from '../workloads/lin-kv/lin-kv.ts';
import { LinKvChecker } from '../workloads/lin-kv/lin-kv-results.ts';
import { MissingKeysChecker } from '../workloads/lin-kv/missing-keys.ts';
import { suspectsOf } from './suspects.ts';

describe('suspects', () => {
  it('of a set are the elements, with the operations that prove their fate', () => {
    const ops = opsOf([
      [1, 'invoke', 0, 'add', 5],
      [2, 'ok', 0, 'add', 5],
      [3, 'invoke', 0, 'read', null],
      [4, 'ok', 0, 'read', [5]],
      [5, 'invoke', 1, 'read', null],
      [6, 'ok', 1, 'read', [9]],
    ]);
    expect(suspectsOf(setFullEvidence(checkSetFull(ops)))).toEqual([
      { title: 'Element 5 was lost', operations: [1, 2, 4] },
      { title: 'Element 9 was never added', operations: [5] },
    ]);
  });

  it('of a counter are the wrong final reads', () => {
    const read = opsOf([
      [1, 'invoke', 0, 'read', null],
      [2, 'ok', 0, 'read', 7],
    ]).map((op) => ({ ...op, final: true }));
    expect(suspectsOf(pnCounterEvidence(checkPnCounter(read)))).toEqual([
      { title: 'final read of process 0: 7', operations: [1] },
    ]);
  });

  it('of transactions are the anomalies, one by one', () => {
    const ops = opsOf([
      [1, 'invoke', 0, 'txn', [['append', 'x', 1]]],
      [2, 'fail', 0, 'txn', [['append', 'x', 1]]],
      [3, 'invoke', 1, 'txn', [['r', 'x', null]]],
      [4, 'ok', 1, 'txn', [['r', 'x', [1]]]],
      [5, 'invoke', 1, 'txn', [['r', 'x', null]]],
      [6, 'ok', 1, 'txn', [['r', 'x', [1]]]],
    ]);
    expect(suspectsOf(transactionsEvidence(checkListAppend(ops)))).toEqual([
      {
        title:
          'G1a: Operation 3 (process 1) read key "x" as [1]; 1 was written by operation 1 (process 0), which failed, so its writes must not be visible (1 of 2)',
        operations: [1, 3],
      },
      expect.objectContaining({ operations: [1, 5] }),
    ]);
  });

  it('of logs are the errors, and the members of components without a cycle of a known kind', () => {
    const ops = opsOf([
      [1, 'invoke', 0, 'txn', [['send', 'a', 1], ['poll']]],
      [1, 'invoke', 1, 'txn', [['send', 'b', 2], ['poll']]],
      [2, 'ok', 0, 'txn', [['send', 'a', [0, 1]], ['poll', { b: [[0, 2]] }]]], // prettier-ignore
      [2, 'ok', 1, 'txn', [['send', 'b', [0, 2]], ['poll', { a: [[0, 1]] }]]], // prettier-ignore
    ]);
    expect(suspectsOf(kafkaEvidence(checkKafka(ops)))).toEqual([
      { title: 'G1c: T1 -> T2 -> T1', operations: [2, 3] },
      {
        title: expect.stringMatching(/^PL-2-cycle-exists: operation 2, operation 3 each/),
        operations: [2, 3],
      },
    ]);
  });

  it('of keys are the impossible operation and those in flight, and a missing key', () => {
    const ops = opsOf([
      [1, 'invoke', 0, 'write', [4, 1]],
      [2, 'ok', 0, 'write', [4, 1]],
      [3, 'invoke', 2, 'write', [4, 3]],
      [4, 'invoke', 1, 'read', [4, null]],
      [5, 'ok', 1, 'read', [4, 2]],
      [6, 'invoke', 0, 'read', [4, null]],
      [7, 'fail', 0, 'read', [4, null]],
    ]).map((op) => (op.type === 'fail' ? { ...op, error: ['key-does-not-exist', 'no such key'] } : op));
    const checker = new LinKvChecker(
      new MissingKeysChecker(new CasRegisterChecker({ 'independent?': true })),
    );
    for (const op of ops) checker.observe(op);
    expect(suspectsOf(linKv.evidence?.(checker.result()))).toEqual([
      { title: 'Key 4 is not linearizable', operations: [3, 4] },
      { title: 'a key was reported missing after it had been written', operations: [1, 6] },
    ]);
  });

  it('that name no operation are left out, and titles are short and safe to show', () => {
    const evidence: Evidence = {
      kind: 'ids',
      ids: ['a'],
      also: [
        { title: 'nothing to look at', operations: [] },
        { title: `\u001b[2J${'x'.repeat(1000)}`, operations: [3, 1, 3] },
      ],
    };
    const [only, ...others] = suspectsOf(evidence);
    expect(others).toEqual([]);
    expect(only?.operations).toEqual([1, 3]);
    expect(only?.title).toMatch(/^\\u001b\[2Jx+\.\.\. \(1004 characters\)$/);
    expect(suspectsOf(undefined)).toEqual([]);
  });
});
