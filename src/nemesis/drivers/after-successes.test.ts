import { expect, test } from 'vitest';
import { trace, type Ending } from '../../../test/support/generator-trace.ts';
import { any } from '../../generator/choosing.ts';
import { repeatedly } from '../../generator/operations.ts';
import { limit } from '../../generator/ordering.ts';
import { delay } from '../../generator/pacing.ts';
import { clients, nemesis } from '../../generator/threads.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { afterSuccesses } from './after-successes.ts';

const FAULTS = 5;

/** Requests begin a second apart and take half a second; returns when the faults come, in seconds. */
function faultTimes(successes: number, meanSeconds: number, type: Ending['type']): readonly number[] {
  const requests = clients(
    limit(
      40,
      delay(
        1,
        repeatedly(() => ({ f: 'read' })),
      ),
    ),
  );
  const faults = nemesis(
    limit(
      FAULTS,
      afterSuccesses(
        successes,
        meanSeconds,
        repeatedly(() => ({ f: 'fault' })),
      ),
    ),
  );
  const ops = trace(any(requests, faults), {
    concurrency: 4,
    ending: ({ process }) =>
      process === 'nemesis' ? { afterNanos: 0, type: 'ok' } : { afterNanos: 0.5 * NANOS_PER_SECOND, type },
  });
  // Each begins and completes at once.
  const times = ops.filter(({ process }) => process === 'nemesis').map(({ time }) => time / NANOS_PER_SECOND);
  return times.filter((_, at) => at % 2 === 0);
}

test('each fault comes as soon as that many requests that began after the last one have succeeded', () => {
  expect(faultTimes(1, 1e6, 'ok')).toEqual([0.5, 1.5, 2.5, 3.5, 4.5]);
  expect(faultTimes(3, 1e6, 'ok')).toEqual([2.5, 5.5, 8.5, 11.5, 14.5]);
});

test('if none succeed, faults come at random times', () => {
  const times = faultTimes(1, 2, 'fail');
  expect(times).toHaveLength(FAULTS);
  for (const [at, time] of times.entries()) expect(time - (times[at - 1] ?? 0)).toBeLessThanOrEqual(4);
  expect(new Set(times.map((time) => time % 1)).size).toBe(FAULTS);
});
