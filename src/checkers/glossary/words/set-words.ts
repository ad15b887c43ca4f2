/** Words for elements of sets that are lost, late or not expected. */
import type { SetAnomaly } from '../examples/set-examples.ts';
import type { AnomalyWords } from './anomaly-words.ts';

export const SET_WORDS: Readonly<Record<SetAnomaly, AnomalyWords>> = {
  lost: {
    title: 'A lost element',
    meaning: 'An element was acknowledged or read, and the latest reads lack it. The run is invalid.',
    cause: 'A message between nodes was lost and not resent; or a node lost acknowledged data in a crash.',
  },
  'never-read': {
    title: 'An element that no read shows',
    meaning:
      'An element was added and no read contains it, but it is not known to be in the set: its add is in doubt, or no read followed it. This is not an error.',
    cause: 'The request failed or was not answered.',
  },
  stale: {
    title: 'A stale element',
    meaning:
      'An element was missing from a read after it was known, and was read later. This is not an error, unless the set must be linearizable; the latencies show how long it was missing.',
    cause: 'An element takes time to reach all nodes.',
  },
  phantom: {
    title: 'An element that was never added',
    meaning: 'A read contains an element that no client tried to add. The run is invalid.',
    cause: 'Elements are mixed up or converted, such as `"1"` for 1.',
  },
  repeated: {
    title: 'An element listed twice',
    meaning: 'A read lists an element more than once. This is a warning, and invalid with `--strict`.',
    cause: 'Elements are kept in a list, and an element that is received twice is appended twice.',
  },
};
