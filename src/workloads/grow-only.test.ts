import { describe, expect, it } from 'vitest';
import { limit } from '../generator/ordering.ts';
import { ThreadBoard } from '../generator/thread-board.ts';
import { Random } from '../world/random.ts';
import { elements } from './grow-only.ts';

function addedBy(repeats: number | undefined, count: number): readonly number[] {
  const board = new ThreadBoard({ concurrency: 1, random: Random.fromSeed(3) });
  const added: number[] = [];
  let generator = limit(count, elements('add', repeats));
  for (;;) {
    const next = generator.next(board.everyone);
    if (next.kind !== 'op') return added;
    added.push(Number(next.op.value));
    generator = next.rest;
  }
}

describe('the elements of a set', () => {
  it('are added once each by default', () => {
    expect(addedBy(undefined, 5)).toEqual([0, 1, 2, 3, 4]);
  });

  it('are added again with the requested probability', () => {
    const added = addedBy(0.25, 4000);
    const repeated = added.filter((element, at) => added.indexOf(element) < at).length;
    expect(repeated / added.length).toBeCloseTo(0.25, 1);
    expect(new Set(added).size).toBe(Math.max(...added) + 1);
  });
});
