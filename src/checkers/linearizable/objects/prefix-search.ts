/** Finds the first completion that makes a history invalid, for checks that only decide whether a prefix is valid. */
import { firstNotBefore } from '../../../columns/lower-bound.ts';
import type { ObjectEvents } from '../object-events.ts';

/**
 * Returns the event of the first completion that makes the history invalid, or undefined. `fitsUpTo(end)` checks the
 * events before `end`, where open operations have not completed. An invalid prefix stays invalid, so binary search
 * applies.
 */
export function firstBadCompletion(
  { eventCount }: ObjectEvents,
  fitsUpTo: (end: number) => boolean,
): number | undefined {
  if (fitsUpTo(eventCount)) return undefined;
  return firstNotBefore(eventCount - 1, (event) => fitsUpTo(event + 1));
}
