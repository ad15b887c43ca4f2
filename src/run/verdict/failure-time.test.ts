import { expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import { failureNanos } from './failure-time.ts';
import type { TestResults } from './test-results.ts';

const op = (index: number, process: number, type: Op['type'], time: number): Op => ({
  index,
  process,
  type,
  time,
  f: 'read',
  value: null,
});

/** Operations 0 (until 30), 1 (until 20) and 4 (without an end). */
const HISTORY = [
  op(0, 0, 'invoke', 1),
  op(1, 1, 'invoke', 2),
  op(2, 1, 'ok', 20),
  op(3, 0, 'ok', 30),
  op(4, 1, 'invoke', 50),
];
const NONE = {} as TestResults; // only invariants are read

it('an invariant fails at the time of its own failure', () => {
  const failure = (message: string, time: number) => ({
    message,
    time,
    invariant: 'i',
    node: 'n',
    turn: 1,
    states: {},
  });
  const failures = [failure('a 1', 7), failure('b 2', 9)];
  const results = {
    invariants: { 'valid?': false, failures, checks: 1, problems: [] },
  } as unknown as TestResults; // only invariants are read
  expect(failureNanos('invariant: b #', { results, evidence: undefined, history: HISTORY })).toBe(9);
});

it('an anomaly is there once the last operation of one of its cases has ended', () => {
  const anomaly = (type: string, ...cases: readonly (readonly number[])[]) => ({
    type,
    count: cases.length,
    examples: cases.map((operations) => ({ text: '', operations })),
    simplest: { text: '', cycle: undefined, operations: cases[0] ?? [], wrong: undefined },
  });
  const evidence = {
    kind: 'anomalies' as const,
    anomalies: [anomaly('G0', [4, 1]), anomaly('G1a', [0, 1], [1])],
  };
  const at = (kind: string) => failureNanos(kind, { results: NONE, evidence, history: HISTORY });
  expect([at('G0'), at('G1a'), at('G2-item')]).toEqual([50, 20, undefined]);
});

it('what spreading would still have shown has no time', () => {
  const evidence = {
    kind: 'elements' as const,
    elements: [
      { element: 1, fate: 'lost' as const, operations: [0] },
      { element: 2, fate: 'phantom' as const, operations: [1] },
    ],
  };
  const at = (kind: string) => failureNanos(kind, { results: NONE, evidence, history: HISTORY });
  expect([at('lost'), at('phantom')]).toEqual([undefined, 20]);
});

it('what is wrong in a valid run has the time of its own operations', () => {
  const evidence = {
    kind: 'keys' as const,
    keys: [],
    also: [{ kind: 'missing-keys', title: 'a key vanished', operations: [1, 0] }],
  };
  const at = (kind: string) => failureNanos(kind, { results: NONE, evidence, history: HISTORY });
  expect([at('missing-keys'), at('nonlinearizable')]).toEqual([30, undefined]);
});
