/**
 * Makes a run as long by itself as its slowest request makes it. The main phase lasts until each request has ended, so
 * one that gets no answer, with the fault that keeps the answer back, may be needed for the time it takes alone: a
 * partition heals only after that phase.
 */
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../world/clock.ts';
import type { Coursed } from './course-edits.ts';
import { isLighter, weightOf } from './weight.ts';
import type { Trials } from './trials.ts';

export async function longEnough(
  best: Coursed,
  trials: Trials,
  reduce: (longer: Coursed) => Promise<Coursed>,
): Promise<Coursed> {
  if (best.course.ops.length < 2) return best;
  const looked = await trials.look(best);
  if (looked === undefined) return best;
  const begun = new Map<unknown, number>();
  let endNanos = 0;
  for (const { type, process, time } of looked.history) {
    if (process === 'nemesis') continue;
    if (type === 'invoke') begun.set(process, time);
    // Final operations begin later.
    else if ((begun.get(process) ?? Infinity) <= best.timeLimitSeconds * NANOS_PER_SECOND)
      endNanos = Math.max(endNanos, time);
  }
  const seconds = Math.ceil(endNanos / NANOS_PER_MS) / 1000;
  if (seconds <= best.timeLimitSeconds) return best;
  const longer = { ...best, timeLimitSeconds: seconds };
  if (!(await trials.fails(longer))) return best;
  const smaller = await reduce(longer);
  return isLighter(weightOf(smaller), weightOf(best)) ? smaller : best;
}
