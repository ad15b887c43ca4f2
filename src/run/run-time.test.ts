import { expect, it } from 'vitest';
import { RunTime } from './run-time.ts';

it('a time before the zero is labelled as one since the start, also when the zero is known', () => {
  let nanos = 0;
  const time = new RunTime({
    nowNanos: () => nanos,
    schedule: () => {
      throw new Error('labels need no timers');
    },
  });
  expect(time.label(120_000_000)).toBe('start+0.120');
  nanos = 500_000_000;
  time.begin();
  expect([time.label(499_999_999), time.label(120_000_000)]).toEqual(['start+0.500', 'start+0.120']);
  expect([time.label(), time.label(512_000_000)]).toEqual(['0.000', '0.012']);
});
