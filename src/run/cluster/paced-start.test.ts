import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { startPaced } from './paced-start.ts';

interface Bench {
  readonly clock: ManualClock;
  readonly begun: number[];
  readonly end: (item: number) => void;
  readonly isDone: () => boolean;
}

function bench(count: number, atOnce: number, isOver: () => boolean = () => false): Bench {
  const clock = new ManualClock();
  const begun: number[] = [];
  const ends = new Map<number, () => void>();
  let done = 0;
  const items = Array.from({ length: count }, (_, at) => at);
  const begin = (item: number, ended: () => void): void => {
    begun.push(item);
    ends.set(item, ended);
  };
  startPaced(items, { clock, atOnce, begin, isOver }, () => done++);
  return { clock, begun, end: (item) => ends.get(item)?.(), isDone: () => done === 1 };
}

test('as many as allowed begin at once, and each that ends makes room for the next', () => {
  const { begun, end, isDone } = bench(5, 2);
  expect(begun).toEqual([0, 1]);
  end(1);
  expect(begun).toEqual([0, 1, 2]);
  for (const item of [0, 2, 3]) end(item);
  expect([begun, isDone()]).toEqual([[0, 1, 2, 3, 4], false]);
  end(4);
  expect(isDone()).toBe(true);
});

test('more begin every second, because some may wait for those that have not begun', () => {
  const { clock, begun } = bench(6, 2);
  clock.advance(NANOS_PER_SECOND);
  expect(begun).toEqual([0, 1, 2, 3]);
  clock.advance(NANOS_PER_SECOND);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
});

test('those that have not begun are left out when it is over, and an empty start is no start', () => {
  let over = false;
  const { begun, end, isDone } = bench(6, 2, () => over);
  over = true;
  end(0);
  expect([begun, isDone()]).toEqual([[0, 1], false]);
  end(1);
  expect(isDone()).toBe(true);
  expect(bench(0, 2).isDone()).toBe(true);
});
