/** Beside test/brute-force, which holds deciding against the definitions: what an order and a refutation look like. */
import { expect, it } from 'vitest';
import { Meter } from '../elle/meter.ts';
import type { ChoiceStep } from './cycle-steps.ts';
import { decide, type Refutation } from './decide.ts';
import type { VersionHistory } from './version-history.ts';

/** T0 writes x and y, T1 writes x and y, T2 reads one version of each. */
const torn = (x: number, y: number): VersionHistory => {
  const key = (read: number) => ({
    writers: [-1, 0, 1],
    readers: [0, 1, 2].map((version) => (version === read ? [2] : [])),
    parents: [-1, -1, -1],
  });
  return { transactions: 3, keys: [key(x), key(y)], sessions: [], realtime: undefined, hints: [0, 1, 2] };
};
const cyclesOf = (refutation: Refutation): readonly (readonly ChoiceStep[])[] =>
  refutation.kind === 'cycle' ? [refutation.steps] : [refutation.first, refutation.second].flatMap(cyclesOf);
const meter = (): Meter => new Meter(undefined);

it('an order has every transaction once, and a reader between its writer and the next one', () => {
  const decision = decide(torn(1, 1), 'serial', meter());
  if (decision.kind !== 'order') throw new Error(decision.kind);
  const order = decision.points.map(({ transaction }) => transaction);
  expect(new Set(order)).toEqual(new Set([0, 1, 2]));
  expect(order).toHaveLength(3);
  expect(order.indexOf(2)).toBe(order.indexOf(0) + 1);
});

it.each(['serial', 'snapshot'] as const)(
  'a torn read has no %s order, whichever write came first',
  (isolation) => {
    const decision = decide(torn(1, 2), isolation, meter());
    if (decision.kind !== 'impossible') throw new Error(decision.kind);
    const { refutation } = decision;
    expect(refutation.kind).toBe('choice');
    for (const steps of cyclesOf(refutation))
      for (const [at, { to }] of steps.entries()) expect(to).toBe(steps[(at + 1) % steps.length]?.from);
  },
);

it('past its budget nothing is claimed', () => {
  // The budget is asked every 16,384 steps: the same two keys so often that it is asked.
  const small = torn(1, 2);
  const large = { ...small, keys: Array.from({ length: 2000 }, () => small.keys).flat() };
  expect(decide(large, 'serial', meter()).kind).toBe('impossible');
  expect(decide(large, 'serial', new Meter({ exhausted: () => true }))).toEqual({
    kind: 'unknown',
    reason: expect.stringContaining('the budget was used up while'),
  });
});
