/** Where two lines of events part: the first event that is not the same in both, by their columns. */
import type { Branch } from '../recording/travel-view.ts';
import type { EventIndex } from './event-index.ts';

/** Undefined when nothing differs. */
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
