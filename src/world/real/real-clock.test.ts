import { expect, test } from 'vitest';
import { NANOS_PER_MS } from '../clock.ts';
import { RealClock } from './real-clock.ts';

/** Returns the names of the calls in order, once `last` has been called. */
function calls(schedule: (clock: RealClock, note: (name: string) => () => void) => void): Promise<string[]> {
  const clock = new RealClock();
  const seen: string[] = [];
  return new Promise((resolve) => {
    schedule(clock, (name) => () => {
      seen.push(name);
      if (name === 'last') resolve(seen);
    });
  });
}

test('calls are made in the order of their times, then of scheduling', async () => {
  const seen = await calls((clock, note) => {
    const now = clock.nowNanos();
    clock.schedule(now + 6 * NANOS_PER_MS, note('last'));
    clock.schedule(now + 2 * NANOS_PER_MS, note('b'));
    clock.schedule(now + 2 * NANOS_PER_MS, note('c'));
    clock.schedule(now, note('a'));
    clock.schedule(now + NANOS_PER_MS, note('cancelled')).cancel();
    note('first')();
  });
  expect(seen).toEqual(['first', 'a', 'b', 'c', 'last']);
});

test('nothing is called before its time', async () => {
  const clock = new RealClock();
  for (const nanos of [0, 1, 300_000, 1_200_000, 5 * NANOS_PER_MS]) {
    const atNanos = clock.nowNanos() + nanos;
    const calledNanos = await new Promise<number>((resolve) => {
      clock.schedule(atNanos, () => resolve(clock.nowNanos()));
    });
    expect(calledNanos).toBeGreaterThanOrEqual(atNanos);
  }
});

test('a call that always schedules another due one lets everything else have its turn', async () => {
  const clock = new RealClock();
  let rounds = 0;
  const again = (): void => {
    rounds++;
    clock.schedule(0, again);
  };
  clock.schedule(0, again);
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(rounds).toBeGreaterThan(0);
  clock.close();
});

test('a call that throws does not stop those after it', async () => {
  const clock = new RealClock();
  const caught = new Promise((resolve) => process.once('uncaughtException', resolve));
  const others = process.listeners('uncaughtException').slice(0, -1);
  for (const other of others) process.off('uncaughtException', other);
  try {
    clock.schedule(0, () => {
      throw new Error('our bug');
    });
    await new Promise<void>((resolve) => clock.schedule(0, resolve));
    expect(await caught).toMatchObject({ message: 'our bug' });
  } finally {
    for (const other of others) process.on('uncaughtException', other);
  }
});

test('after close nothing is called', async () => {
  const clock = new RealClock();
  let called = false;
  clock.schedule(0, () => {
    called = true;
  });
  clock.close();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(called).toBe(false);
});

test('time that was stolen from this process does not count, time that it computed does', () => {
  let [nowMs, cpuMs] = [0, 0];
  const clock = new RealClock({ nowMs: () => nowMs, cpuMs: () => cpuMs });
  nowMs = 500;
  expect(clock.nowNanos()).toBe(500e6);
  // The machine slept for an hour.
  nowMs += 3_600_000;
  expect(clock.nowNanos()).toBe(500e6);
  nowMs += 300;
  expect(clock.nowNanos()).toBe(800e6);
  // It computed for two seconds without reading the clock.
  nowMs += 2000;
  cpuMs += 1900;
  expect(clock.nowNanos()).toBe(2800e6);
  clock.close();
});
