/** What orders and refutations look like. test/brute-force checks `decide` against the definitions. */
import { expect, it } from 'vitest';
import { present } from '../../columns/present.ts';
import { Random } from '../../world/random.ts';
import { Meter } from '../budget/meter.ts';
import type { ChoiceStep } from './cycle-steps.ts';
import { decide } from './decide.ts';
import type { Refutation } from './decision.ts';
import type { VersionHistory } from './version-history.ts';

/** T0 writes x and y, T1 writes x and y, T2 reads one version of each. */
const torn = (x: number, y: number): VersionHistory => {
  const key = (read: number) => ({
    writers: [-1, 0, 1],
    readers: [0, 1, 2].map((version) => (version === read ? [2] : [])),
    parents: [-1, -1, -1],
    updated: [-1, -1, -1],
  });
  return { transactions: 3, keys: [key(x), key(y)], sessions: [], realtime: undefined, hints: [0, 1, 2] };
};
const cyclesOf = (refutation: Refutation): readonly (readonly ChoiceStep[])[] =>
  refutation.kind === 'cycle' ? [refutation.steps] : [refutation.first, refutation.second].flatMap(cyclesOf);
const meter = (): Meter => new Meter(undefined);

it('an order has every transaction once, and a reader between its writer and the next writer', () => {
  const decision = decide(torn(1, 1), 'serial', meter());
  if (decision.kind !== 'order') throw new Error(decision.kind);
  const order = decision.points.map(({ transaction }) => transaction);
  expect(new Set(order)).toEqual(new Set([0, 1, 2]));
  expect(order).toHaveLength(3);
  expect(order.indexOf(2)).toBe(order.indexOf(0) + 1);
});

it.each(['serial', 'snapshot', 'prefix'] as const)(
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

it('two transactions that read the same version of a key and write it have an order of prefixes, and no other', () => {
  const lost: VersionHistory = {
    transactions: 2,
    keys: [{ writers: [-1, 0, 1], readers: [[0, 1], [], []], parents: [-1, -1, -1], updated: [-1, 0, 0] }],
    sessions: [],
    realtime: undefined,
    hints: [0, 1],
  };
  expect(decide(lost, 'serial', meter()).kind).toBe('impossible');
  expect(decide(lost, 'snapshot', meter()).kind).toBe('impossible');
  const decision = decide(lost, 'prefix', meter());
  if (decision.kind !== 'order') throw new Error(decision.kind);
  expect(decision.points.map(({ isCommit }) => isCommit)).toEqual([false, false, true, true]);
});

it('a cycle of known edges is found, even if thousands of transactions come after it', () => {
  const behind = 5000;
  const key = (writer: number, reader: number) => ({
    writers: [-1, writer],
    readers: [[], [reader]],
    parents: [-1, 0],
    updated: [-1, -1],
  });
  // T0 and T1 read each other's writes; each later transaction reads what the previous one wrote.
  const chain = Array.from({ length: behind }, (_, at) => key(at + 1, at + 2));
  const transactions = behind + 2;
  const history: VersionHistory = {
    transactions,
    keys: [...chain, key(0, 1), key(1, 0)],
    sessions: [],
    realtime: undefined,
    hints: Array.from({ length: transactions }, (_, at) => at),
  };
  const decision = decide(history, 'serial', meter());
  if (decision.kind !== 'impossible') throw new Error(decision.kind);
  const around = cyclesOf(decision.refutation).map((steps) => new Set(steps.map(({ from }) => from)));
  expect(around).toEqual([new Set([0, 1])]);
});

/**
 * Serial transactions on two keys: each reads one key and writes the other blindly, and the hints are off by some
 * places.
 */
function hotKeys(transactions: number, random: Random): VersionHistory {
  const keys = [0, 1].map(() => ({
    writers: [-1],
    readers: [[]] as number[][],
    parents: [-1],
    updated: [-1],
  }));
  for (let transaction = 0; transaction < transactions; transaction++) {
    const read = present(keys[random.int(2)]);
    const written = present(keys[random.int(2)]);
    present(read.readers.at(-1)).push(transaction);
    // It writes a key blindly only if it did not read it.
    if (read === written) continue;
    written.writers.push(transaction);
    written.readers.push([]);
    written.parents.push(-1);
    written.updated.push(-1);
  }
  const hints = Array.from({ length: transactions }, (_, at) => at + random.int(30));
  return { transactions, keys, sessions: [], realtime: undefined, hints };
}

it.each(['serial', 'snapshot', 'prefix'] as const)(
  'hundreds of blind writes to few keys have a %s order in which each read fits',
  (isolation) => {
    const history = hotKeys(400, Random.fromSeed('hot'));
    const decision = decide(history, isolation, meter());
    if (decision.kind !== 'order') throw new Error(decision.kind);
    const seen = history.keys.map(() => 0);
    const begun = new Set<number>();
    for (const { transaction, isCommit } of decision.points) {
      if (!begun.has(transaction)) {
        begun.add(transaction);
        for (const [at, { readers }] of history.keys.entries()) {
          const version = readers.findIndex((some) => some.includes(transaction));
          if (version >= 0) expect(seen[at]).toBe(version);
        }
      }
      if (!isCommit) continue;
      for (const [at, { writers }] of history.keys.entries()) {
        const version = writers.indexOf(transaction);
        if (version > 0) seen[at] = version;
      }
    }
    expect(begun.size).toBe(400);
  },
);

it('nothing is claimed when the budget is exhausted', () => {
  // The budget is checked every 16,384 steps; the same two keys are repeated often enough to get there.
  const small = torn(1, 2);
  const large = { ...small, keys: Array.from({ length: 2000 }, () => small.keys).flat() };
  expect(decide(large, 'serial', meter()).kind).toBe('impossible');
  expect(decide(large, 'serial', new Meter({ exhausted: () => true }))).toEqual({
    kind: 'unknown',
    reason: expect.stringContaining('the budget was used up while'),
  });
});
