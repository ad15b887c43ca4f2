/**
 * Is a history linearizable? The windowed just-in-time frontier (of the Wing-Gong-Lowe family; after Lowe, "Testing for
 * linearizability", 2017), made tolerant of crashes by counting, and of breadth by not following all of it.
 *
 *     p0  |--- write 1 ---|                    walk the events in order, keep configurations the object could be
 *     p1       |--- read -> 1 ---|             in: (state, which open operations have taken effect, how often each
 *     p2    |--- cas 1 2 --- ...crashed        kind of crashed operation was used)
 *
 * What an event makes of a configuration (`expansion.ts`); each of these rules loses no linearization but those that can be
 * rearranged into one that is kept:
 *
 * - An operation takes effect as late as possible: only when one completes are others linearized before it, and only
 *   until it has taken effect itself.
 * - An open operation that only reads takes effect at once in any state that allows it.
 * - Crashed operations with equal arguments are interchangeable: only how many were used matters.
 * - Of open operations with equal arguments the one that completes first goes first, and goes before a crashed one.
 * - An overwrite (a register's write) that no read sees can come just before any other overwrite. So once one sets the state,
 *   all others that are open are free: they may set the state until they complete, or never.
 *
 *       p0  |------ write 1 ------|            write 2 made write 1 free: it was overwritten at once,
 *       p1     |- write 2 -| |- read -> 2 -|   or is still to come
 *
 * - An overwrite is not followed by another one before anything has seen the first.
 * - Of two configurations one can dominate the other (`configuration-set.ts`).
 *
 * What is followed: a right history needs only one linearization. So only a few configurations are kept after an event, those
 * that used up the least. When they come to a dead end, the search goes back to a checkpoint (`trail.ts`) and follows more,
 * then from farther back still more, in the end all: a dead end is a verdict only if none was left out. Or if it is one from
 * anywhere: when from a checkpoint on even all states with all sets of open operations, and crashed operations that never
 * run out, come to the same dead end, then no configuration that was left out could have passed it; and whatever completed
 * before has the linearization that led here. So invalid histories are detected near where they are wrong.
 *
 * The work is O(events x configurations kept x width) as long as dead ends are local, and the memory is that of the window and
 * the checkpoints: neither depends on how many interleavings there are. In the worst case it is all of them; the problem
 * is NP-complete.
 */
import { present } from '../../columns/present.ts';
import type { Budget } from '../checker.ts';
import { Expansion, type StepOutcome } from './expansion.ts';
import type { Configuration, FrontierObject, ObjectEvents, SearchOutcome } from './object-events.ts';
import { OpenWindow } from './open-window.ts';
import { Trail } from './trail.ts';

/** How narrow the search is, and how it widens: what it costs, never what it answers. */
export interface Pace {
  /** About how many configurations are kept after an event, as long as that goes well. */
  readonly narrow: number;
  /** By how much more is kept after a dead end. */
  readonly wider: number;
  /** How many events a dead end is gone back, and the distance between checkpoints. */
  readonly stepBack: number;
  /** By how much farther when that was not far enough. */
  readonly farther: number;
  /** How many configurations are followed at most when all that there could be are assumed. */
  readonly anything: number;
}

const PACE: Pace = { narrow: 8, wider: 8, stepBack: 128, farther: 4, anything: 4096 };
const SHOWN_CONFIGURATIONS = 10;

export function followFrontier(
  history: ObjectEvents,
  object: FrontierObject,
  budget?: Budget,
  pace: Pace = PACE,
): SearchOutcome {
  const { events, eventCount } = history;
  const window = new OpenWindow(history, object);
  const expansion = new Expansion(window, object, budget);
  const trail = new Trail(pace.stepBack);
  let limit = pace.narrow;
  let back = pace.stepBack;
  let wideUntil = 0;
  while (window.at < eventCount) {
    const { at } = window;
    const operation = present(events[at]) >> 1;
    trail.pass(at, expansion);
    if ((present(events[at]) & 1) === 0) {
      expansion.invoke(operation);
      window.forward();
      continue;
    }
    if (at > wideUntil) {
      limit = pace.narrow;
      back = pace.stepBack;
    }
    const outcome = expansion.complete(operation, limit);
    if (outcome === 'some left') {
      window.forward();
      continue;
    }
    if (outcome === 'exhausted') return givenUp(at);
    const impossible = { valid: false, operation, configurations: describe(expansion, operation) } as const;
    if (!expansion.truncated) return impossible;
    const again = at <= wideUntil;
    const checkpoint = trail.goBack(at - back);
    limit *= pace.wider;
    back *= pace.farther;
    wideUntil = Math.max(wideUntil, at + pace.stepBack);
    if (again) {
      const left = fromAnywhere(checkpoint.at, at);
      if (left === 'none left') return impossible;
      if (left === 'exhausted') return givenUp(at);
    }
    window.rewind(checkpoint.at);
    expansion.restore(checkpoint.kept, checkpoint.truncated);
  }
  return { valid: true };

  /** What is left after the event `to` of all configurations that there could be before the event `from`. */
  function fromAnywhere(from: number, to: number): StepOutcome {
    window.rewind(from);
    if (!expansion.assumeAnything(pace.anything)) return 'some left';
    while (window.at <= to) {
      const event = present(events[window.at]);
      if ((event & 1) === 0) expansion.invoke(event >> 1);
      else {
        const outcome = expansion.complete(event >> 1, pace.anything);
        if (expansion.truncated) return 'some left';
        if (outcome !== 'some left') return outcome;
      }
      window.forward();
    }
    return 'some left';
  }

  function givenUp(at: number): SearchOutcome {
    return {
      valid: 'unknown',
      reason: `gave up after ${at} of ${eventCount} events with ${expansion.size} configurations to follow`,
      event: at,
    };
  }
}

/**
 * Some of the configurations possible just before `operation` had to have taken effect, with what was pending in each: one
 * of each state first.
 */
function describe(expansion: Expansion, operation: number): Configuration[] {
  const { rows, size, stride, dominated } = expansion.current;
  const firsts: number[] = [];
  const others: number[] = [];
  const states = new Set<number>();
  for (let row = 0; row < size && firsts.length < SHOWN_CONFIGURATIONS; row++) {
    if (dominated[row] === 1) continue;
    const state = present(rows[row * stride]);
    (states.has(state) ? others : firsts).push(row);
    states.add(state);
  }
  return [...firsts, ...others].slice(0, SHOWN_CONFIGURATIONS).map((row) => ({
    state: present(rows[row * stride]),
    pending: [operation, ...expansion.pendingIn(row).filter((other) => other !== operation)],
  }));
}
