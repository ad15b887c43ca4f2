/** Finds a dequeue of an element that cannot have been there, whatever the order of the queue. */
import { present } from '../../../columns/present.ts';
import type { ObjectEvents } from '../object-events.ts';
import { DEQUEUE, ENQUEUE, type QueueKinds } from './unique-elements.ts';

export interface MissingElement {
  /** The completion of the dequeue. */
  readonly at: number;
  /** Indexed by element: how often it may have been in the queue by then. */
  readonly left: Int32Array;
}

/** Returns the first dequeue that took an element more often than its enqueues had begun. */
export function firstMissing(
  { events, eventCount, kindOf }: ObjectEvents,
  queue: Pick<QueueKinds, 'roleOf' | 'elementOf' | 'elementCount'>,
): MissingElement | undefined {
  const left = new Int32Array(queue.elementCount);
  for (let at = 0; at < eventCount; at++) {
    const event = present(events[at]);
    const kind = present(kindOf[event >> 1]);
    const element = queue.elementOf(kind);
    const count = present(left[element]);
    const role = queue.roleOf(kind);
    if (role === ENQUEUE) {
      if ((event & 1) === 0) left[element] = count + 1;
    } else if (role === DEQUEUE && (event & 1) === 1) {
      if (count === 0) return { at, left };
      left[element] = count - 1;
    }
  }
  return undefined;
}
