/** Finds the first completion that makes a history wrong, for judges that only say whether a beginning of it is right. */
import { firstNotBefore } from '../../columns/lower-bound.ts';
import type { ObjectEvents } from './object-events.ts';

/**
 * The event of the first completion with which the history up to it is wrong, or undefined. `fitsUpTo(end)` judges the
 * events before `end`: what is open there has not completed. What is wrong stays wrong, so halving finds the first.
 */
export function firstBadCompletion(
  { eventCount }: ObjectEvents,
  fitsUpTo: (end: number) => boolean,
): number | undefined {
  if (fitsUpTo(eventCount)) return undefined;
  return firstNotBefore(eventCount - 1, (event) => fitsUpTo(event + 1));
}
