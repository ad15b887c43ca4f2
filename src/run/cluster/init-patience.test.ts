import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { InitPatience, type Waited } from './init-patience.ts';

interface Node {
  readonly seconds?: number;
  /** Seconds during which it uses the whole processor; after that it is idle. */
  readonly busyFor?: number;
  readonly hasCpu?: boolean;
  /** Second until which other nodes still wait to be started. */
  readonly othersUntil?: number;
}

/** Advances the clock by 90 seconds; returns how each wait ended, and when. */
function waitFor({ seconds, busyFor = 0, hasCpu = true, othersUntil = 0 }: Node, stopAfter = Infinity) {
  const clock = new ManualClock();
  const now = (): number => clock.nowNanos() / NANOS_PER_SECOND;
  const ends: (Waited & { readonly at: number })[] = [];
  const patience = new InitPatience({
    clock,
    seconds,
    cpuNanos: () => (hasCpu ? Math.min(now(), busyFor) * NANOS_PER_SECOND : undefined),
    othersStart: () => now() < othersUntil,
    onEnd: (waited) => ends.push({ ...waited, at: now() }),
  });
  for (let second = 0; second < 90; second++) {
    if (second >= stopAfter) patience.stop();
    clock.advance(NANOS_PER_SECOND);
  }
  return { ends, longestMs: patience.longestMs };
}

test('an idle node is given ten seconds', () => {
  expect(waitFor({}).ends).toEqual([{ seconds: 10, isBusy: false, at: 10 }]);
});

test('a node that uses the processor all the time is given a minute', () => {
  expect(waitFor({ busyFor: 90 }).ends).toEqual([{ seconds: 60, isBusy: true, at: 60 }]);
});

test('a node that was busy and then waits is given only the time to notice that', () => {
  expect(waitFor({ busyFor: 22 }).ends).toEqual([{ seconds: 30, isBusy: false, at: 30 }]);
});

test('while other nodes are still to be started, a silence may be our fault', () => {
  expect(waitFor({ othersUntil: 33 }).ends).toEqual([{ seconds: 35, isBusy: false, at: 35 }]);
  expect(waitFor({ othersUntil: 90 }).ends).toEqual([{ seconds: 60, isBusy: false, at: 60 }]);
});

test('two idle nodes do not wait for each other, and one of them waits for a busy one', () => {
  const clock = new ManualClock();
  const now = (): number => clock.nowNanos() / NANOS_PER_SECOND;
  const ends: (readonly [name: string, at: number])[] = [];
  const patiences = new Map<string, InitPatience>();
  const start = (name: string, busyFor: number): void => {
    const patience = new InitPatience({
      clock,
      seconds: undefined,
      cpuNanos: () => Math.min(now(), busyFor) * NANOS_PER_SECOND,
      othersStart: () => [...patiences].some(([other, one]) => other !== name && one.isBusy),
      onEnd: () => {
        ends.push([name, now()]);
        patiences.delete(name);
      },
    });
    patiences.set(name, patience);
  };
  // Both compile for a moment, as an interpreter does.
  start('n1', 1);
  start('n2', 1);
  for (let second = 0; second < 20; second++) clock.advance(NANOS_PER_SECOND);
  expect(ends).toEqual([
    ['n1', 10],
    ['n2', 10],
  ]);
  ends.length = 0;
  start('n3', 0);
  start('n4', 42);
  for (let second = 20; second < 42; second++) clock.advance(NANOS_PER_SECOND);
  expect(ends).toEqual([]);
  patiences.get('n4')?.stop();
  patiences.delete('n4'); // it has answered
  for (let second = 42; second < 60; second++) clock.advance(NANOS_PER_SECOND);
  expect(ends).toEqual([['n3', 45]]);
});

test('if processor time is unknown, a node counts as waiting', () => {
  expect(waitFor({ hasCpu: false, busyFor: 90 }).ends).toEqual([{ seconds: 10, isBusy: false, at: 10 }]);
});

test.each([0.5, 3, 40])('a requested limit of %s s is kept exactly, also for a busy node', (seconds) => {
  const { ends, longestMs } = waitFor({ seconds, busyFor: 90, othersUntil: 90 });
  expect(ends).toEqual([{ seconds, isBusy: true, at: seconds }]);
  expect(longestMs).toBeGreaterThan(1000 * seconds);
});

test('a node that has answered is not waited for any longer', () => {
  expect(waitFor({}, 7).ends).toEqual([]);
  expect(waitFor({ busyFor: 90 }, 31).ends).toEqual([]);
});

test('the request is never given up before the patience ends', () => {
  expect(waitFor({ busyFor: 90 }).longestMs).toBeGreaterThan(60_000);
});
