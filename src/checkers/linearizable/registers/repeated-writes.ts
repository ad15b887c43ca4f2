/**
 * Decides whether a register is linearizable if values that were read were written several times. The problem is NP-complete;
 * the ways below are tried in this order:
 *
 * 1. A guess which of its writes each read found (`write-guess.ts`): a linearization, if it fits.
 * 2. The frontier, for as long as most histories with few clients or few values take, unless very many operations overlap.
 * 3. The guess, mended.
 * 4. A proof from the reads that can have found one write only (`forced-writes.ts`) that there is no linearization.
 * 5. The frontier, for as long as the budget allows.
 */
import { present } from '../../../columns/present.ts';
import type { Budget } from '../../checker.ts';
import { followFrontier } from '../frontier/frontier.ts';
import type { Configuration, FrontierObject, ObjectEvents, SearchOutcome } from '../object-events.ts';
import { refutingEvent } from './forced-writes.ts';
import { PossibleWrites } from './possible-writes.ts';
import type { RegisterKinds } from './unique-writes.ts';
import { orderByGuess, WriteGuess } from './write-guess.ts';

/** Number of budget checks after which the first frontier ends: a base, and one more per this number of events. */
const QUESTIONS = 4;
const EVENTS_PER_QUESTION = 256;
/** With more operations open at once, the frontier has hardly begun by then. */
const WIDE = 32;

export function judgeRepeatedWrites(
  history: ObjectEvents,
  register: RegisterKinds & FrontierObject,
  budget?: Budget,
  wide = WIDE,
): SearchOutcome {
  const possible = new PossibleWrites(history, register);
  const guess = new WriteGuess(history, register, possible);
  const fitting = (): SearchOutcome | undefined => {
    const order = guess.linearization();
    return order && { valid: true, linearization: () => order };
  };
  const guessed = fitting();
  if (guessed !== undefined) return guessed;
  if (mostOpen(history) <= wide) {
    let left = QUESTIONS + history.eventCount / EVENTS_PER_QUESTION;
    const first = followFrontier(history, register, {
      exhausted: () => --left < 0 || budget?.exhausted() === true,
    });
    if (first.valid !== 'unknown' || budget?.exhausted() === true) return first;
  }
  guess.mend();
  const mended = fitting();
  if (mended !== undefined) return mended;
  const event = refutingEvent(history, register, possible);
  if (event === undefined) return followFrontier(history, register, budget);
  const before = prefixOf(history, event);
  const orderBefore = orderByGuess(before, register);
  const operation = present(history.events[event]) >> 1;
  if (orderBefore !== undefined)
    return { valid: false, operation, configurations: [configurationAfter(orderBefore, before, register)] };
  // An earlier operation may be impossible as well.
  const earlier = followFrontier(before, register, budget);
  return earlier.valid === false ? earlier : { valid: false, operation, configurations: [] };
}

/** Returns how many operations that complete are open at once, at most. */
function mostOpen({ events, eventCount, crashed }: ObjectEvents): number {
  let open = 0;
  let most = 0;
  for (let at = 0; at < eventCount; at++) {
    const event = present(events[at]);
    if (crashed[event >> 1] === 1) continue;
    open += (event & 1) === 0 ? 1 : -1;
    most = Math.max(most, open);
  }
  return most;
}

/** Returns the history before an event. */
const prefixOf = (history: ObjectEvents, event: number): ObjectEvents => ({
  ...history,
  events: history.events.subarray(0, event),
  eventCount: event,
});

/** Returns the state after these operations, and those that are still open. */
function configurationAfter(
  order: readonly number[],
  { events, eventCount, crashed, kindOf }: ObjectEvents,
  register: RegisterKinds,
): Configuration {
  const last = order.at(-1);
  const pending = new Set<number>();
  for (let at = 0; at < eventCount; at++) {
    const event = present(events[at]);
    if ((event & 1) === 1) pending.delete(event >> 1);
    else if (crashed[event >> 1] === 0) pending.add(event >> 1);
  }
  for (const operation of order) pending.delete(operation);
  return {
    state: last === undefined ? 0 : register.stateAfter(present(kindOf[last])),
    pending: [...pending],
  };
}
