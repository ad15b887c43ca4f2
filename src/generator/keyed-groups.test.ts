import { describe, expect, it } from 'vitest';
import { Random } from '../world/random.ts';
import { keyedGroups } from './keyed-groups.ts';
import { limit, phases } from './ordering.ts';
import { repeatedly } from './operations.ts';
import { ThreadBoard } from './thread-board.ts';

const board = (concurrency: number): ThreadBoard =>
  new ThreadBoard({ concurrency, random: Random.fromSeed(1), log: () => undefined });

describe('keyed groups', () => {
  it('give each group its own key, and the next unused key when it is done', () => {
    const groups = [
      { from: 0, to: 2 },
      { from: 2, to: 4 },
    ];
    const start = keyedGroups(groups, (key) =>
      limit(
        2,
        repeatedly(() => ({ f: 'read', value: [key, null] })),
      ),
    );
    const threads = board(4);
    let generator = start;
    const seen: [unknown, boolean][] = [];
    for (let i = 0; i < 10; i++) {
      const next = generator.next(threads.everyone);
      if (next.kind !== 'op') throw new Error(`expected an operation, got ${next.kind}`);
      generator = next.rest;
      seen.push([(next.op.value as readonly [number, null])[0], Number(next.op.process) < 2]);
    }
    const groupOf = new Map<unknown, boolean>();
    for (const [key, first] of seen) {
      expect(groupOf.get(key) ?? first).toBe(first);
      groupOf.set(key, first);
    }
    expect([...groupOf.keys()]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('are pending while all threads of all groups are busy', () => {
    const threads = board(2);
    const generator = keyedGroups([{ from: 0, to: 2 }], (key) =>
      phases(repeatedly(() => ({ f: 'read', value: key }))),
    );
    threads.setBusy(0, true);
    threads.setBusy(1, true);
    expect(generator.next(threads.everyone).kind).toBe('pending');
  });
});
