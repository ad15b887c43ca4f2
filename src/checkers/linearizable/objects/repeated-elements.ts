/**
 * Checks a FIFO queue whose elements may be enqueued several times, by the pairs of `queue-pairs.ts`. If a history is
 * invalid, that takes all configurations; two linear checks find most errors at once, and the search then only has to
 * show that what comes before them is valid:
 *
 * - an element was dequeued more often than it was enqueued;
 * - the elements that were enqueued once are not in order: without the others it is still a history of a FIFO queue.
 */
import { firstNotBefore } from '../../../columns/lower-bound.ts';
import { present } from '../../../columns/present.ts';
import type { Budget } from '../../checker.ts';
import type { ObjectEvents, SearchOutcome } from '../object-events.ts';
import { firstMissing } from './missing-elements.ts';
import { findPairs } from './queue-pairs.ts';
import { DEQUEUE, DEQUEUE_ANY, ENQUEUE, judgeUniqueElements, type QueueKinds } from './unique-elements.ts';

/** Events from the one that is probably wrong to the first others that are tried. */
const FIRST_STEP = 32;

export function judgeRepeatedElements(
  history: ObjectEvents,
  queue: QueueKinds,
  budget?: Budget,
): SearchOutcome {
  const { events, eventCount } = history;
  const surelyBad = firstSurelyBad(history, queue);
  const found = findPairs(history, queue, { end: surelyBad ?? eventCount, budget });
  if (surelyBad === undefined) {
    if (found.fits === true) return { valid: true, linearization: () => found.order };
    if (found.fits === 'unknown') {
      const event = eventOfDequeue(history, queue, found.level);
      return {
        valid: 'unknown',
        reason: `gave up after ${event} of ${eventCount} events: no order of the operations was found that leads farther`,
        event,
      };
    }
  }
  const bad =
    found.fits === false
      ? firstBadNear(
          eventOfDequeue(history, queue, found.level),
          surelyBad ?? eventCount,
          (end) => findPairs(history, queue, { end, budget }).fits === false,
        )
      : (surelyBad ?? eventCount - 1);
  const operation = present(events[bad]) >> 1;
  const before = bad === surelyBad ? found : findPairs(history, queue, { end: bad, budget });
  const pending = [operation, ...openAt(history, bad).filter((other) => other !== operation)];
  const state = before.fits === true ? stateOf(history, queue, before.left) : undefined;
  return { valid: false, operation, configurations: state === undefined ? [] : [{ state, pending }] };
}

/** Returns the operations of a valid history in a possible order; undefined if none was found within the budget. */
export function orderOf(
  history: ObjectEvents,
  queue: QueueKinds,
  budget?: Budget,
): readonly number[] | undefined {
  const found = findPairs(history, queue, { end: history.eventCount, budget });
  return found.fits === true ? found.order : undefined;
}

function stateOf({ kindOf }: ObjectEvents, queue: QueueKinds, enqueues: readonly number[]): number {
  return queue.stateOfElements(enqueues.map((enqueue) => queue.elementOf(present(kindOf[enqueue]))));
}

/** Returns a completion that cannot have happened, if the linear checks find one. An earlier one may be impossible too. */
function firstSurelyBad(history: ObjectEvents, queue: QueueKinds): number | undefined {
  const missing = firstMissing(history, queue)?.at;
  const outOfOrder = judgeUniqueElements(withElementsOnce(history, queue), queue);
  if (outOfOrder?.valid !== false) return missing;
  const completion = history.events.indexOf(outOfOrder.operation * 2 + 1);
  return missing === undefined ? completion : Math.min(missing, completion);
}

/** Returns the history of the elements that were enqueued at most once. */
function withElementsOnce(history: ObjectEvents, queue: QueueKinds): ObjectEvents {
  const { events, eventCount, kindOf } = history;
  const enqueued = new Int32Array(queue.elementCount);
  const kindAt = (at: number): number => present(kindOf[present(events[at]) >> 1]);
  for (let at = 0; at < eventCount; at++) {
    const element = queue.elementOf(kindAt(at));
    if ((present(events[at]) & 1) === 0 && queue.roleOf(kindAt(at)) === ENQUEUE)
      enqueued[element] = present(enqueued[element]) + 1;
  }
  const kept = new Int32Array(eventCount);
  let count = 0;
  for (let at = 0; at < eventCount; at++) {
    const kind = kindAt(at);
    if (queue.roleOf(kind) === DEQUEUE_ANY || present(enqueued[queue.elementOf(kind)]) < 2)
      kept[count++] = present(events[at]);
  }
  return { ...history, events: kept, eventCount: count };
}

/** Returns the event at which that many dequeues have completed. */
function eventOfDequeue(
  { events, eventCount, kindOf }: ObjectEvents,
  queue: QueueKinds,
  count: number,
): number {
  let left = count;
  for (let at = 0; at < eventCount; at++) {
    const event = present(events[at]);
    if ((event & 1) === 1 && queue.roleOf(present(kindOf[event >> 1])) === DEQUEUE && left-- === 0) return at;
  }
  return eventCount - 1;
}

/**
 * Returns the first completion that makes the history invalid, which is probably near an event. The events before `end`
 * are invalid, and an invalid prefix stays invalid.
 */
function firstBadNear(event: number, end: number, isBadUpTo: (end: number) => boolean): number {
  let good = 0;
  let bad = end;
  for (let step = FIRST_STEP; event + step < bad; step *= 4) {
    if (isBadUpTo(event + step)) bad = event + step;
    else good = event + step;
  }
  for (let step = FIRST_STEP; event - step > good; step *= 4) {
    if (isBadUpTo(event - step)) bad = event - step;
    else good = event - step;
  }
  return good + firstNotBefore(bad - good - 1, (more) => !isBadUpTo(good + more + 1));
}

/** Returns the operations that are open at an event and complete later. */
function openAt({ events, eventCount }: ObjectEvents, at: number): readonly number[] {
  const begun = new Set<number>();
  for (let before = 0; before < at; before++) begun.add(present(events[before]) >> 1);
  const open: number[] = [];
  for (let after = at; after < eventCount; after++) {
    const event = present(events[after]);
    if ((event & 1) === 1 && begun.has(event >> 1)) open.push(event >> 1);
  }
  return open.sort((a, b) => a - b);
}
