/** Finds where two runs diverge: the first event that differs between their indexes. */
import type { Branch } from '../../recording/travel-view.ts';
import type { EventIndex } from './event-index.ts';

/** Returns the first differing event with its rows, or undefined if there is none. */
export function firstDifference(original: EventIndex, branch: EventIndex): Branch['difference'] {
  const most = Math.max(original.count, branch.count);
  for (let event = 0; event < most; event++) {
    if (event < branch.count && original.isSame(event, branch.raw(event))) continue;
    return {
      event,
      ...(event < original.count ? { original: original.row(event) } : {}),
      ...(event < branch.count ? { branch: branch.row(event) } : {}),
    };
  }
  return undefined;
}
