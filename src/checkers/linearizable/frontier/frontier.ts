/**
 * Decides whether a history is linearizable. The windowed just-in-time frontier (of the Wing-Gong-Lowe family; after
 * Lowe, "Testing for linearizability", 2017), made tolerant of crashes by counting, and of breadth by following only
 * part of it.
 *
 *     p0  |--- write 1 ---|                    walk the events in order, keep configurations the object could be
 *     p1       |--- read -> 1 ---|             in: (state, which open operations have taken effect, how often each
 *     p2    |--- cas 1 2 --- ...crashed        kind of crashed operation was used)
 *
 * The rules by which an event changes the configurations (`expansion.ts`). Each loses only linearizations that can be
 * rearranged into one that is kept:
 *
 * - An operation takes effect as late as possible: only when one completes are others linearized before it, and only
 *   until it has taken effect itself.
 * - An open read-only operation takes effect at once in any state that allows it.
 * - Crashed operations with equal arguments are interchangeable: only the number used matters.
 * - Of open operations with equal arguments the one that completes first takes effect first, and before crashed ones.
 * - An overwrite (a register's write) that no read sees can come just before any other overwrite. So once one sets the
 *   state, all other open ones are free: they may set the state until they complete, or never.
 *
 *       p0  |------ write 1 ------|            write 2 made write 1 free: it was overwritten at once,
 *       p1     |- write 2 -| |- read -> 2 -|   or is still to come
 *
 * - An overwrite is not followed by another before something has seen the first.
 * - Of two configurations one can dominate the other (`configuration-set.ts`).
 *
 * A valid history needs only one linearization, so only a few configurations are kept after an event, those of lowest
 * cost. At a dead end, the search returns to a checkpoint (`trail.ts`) and follows more, then from farther back still
 * more, in the end all. A dead end is a verdict only if no configuration was left out, or if it is a dead end from
 * anywhere: if from a checkpoint on even all states with all sets of open operations, and crashed operations that never
 * run out, reach the same dead end, then no configuration that was left out could have passed it, and everything
 * completed before the checkpoint has the linearization that led there. So invalid histories are detected near the
 * point where they fail.
 *
 * The work is O(events x configurations kept x width) while dead ends are local, and memory is that of the window and
 * the checkpoints: neither depends on the number of interleavings. In the worst case all are visited; the problem is
 * NP-complete.
 */
import { present } from '../../../columns/present.ts';
import type { Budget } from '../../checker.ts';
import { Expansion, type StepOutcome } from './expansion.ts';
import type { Configuration, FrontierObject, ObjectEvents, SearchOutcome } from '../object-events.ts';
import { OpenWindow } from './open-window.ts';
import { Trail } from './trail.ts';

/** How narrow the search is, and how it widens. Affects its cost, never its answer. */
export interface Pace {
  /** Approximate number of configurations kept after an event while there is no dead end. */
  readonly narrow: number;
  /** Factor by which that number grows after a dead end. */
  readonly wider: number;
  /** Number of events to go back from a dead end, and the distance between checkpoints. */
  readonly stepBack: number;
  /** Factor by which that distance grows when it was not enough. */
  readonly farther: number;
  /** Maximum number of configurations followed when all possible ones are assumed. */
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

  /** Returns what is left after the event `to` of all configurations possible before the event `from`. */
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
 * Returns some of the configurations possible just before `operation` must have taken effect, with the operations
 * pending in each: first one of each state.
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
