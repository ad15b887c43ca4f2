/**
 * Is a history of any object linearizable? Depth first with a cache, after Wing, Gong and Lowe ("Testing for
 * linearizability", 2017), as Porcupine does it, but just in time.
 *
 *     p0  |--- append a ---|                  at the completion of append a: it takes effect first, or append b does
 *     p1     |--- append b ---|               the read settles it: the wrong guess is taken back
 *     p2               |--- get -> ba ---|
 *
 * - An operation takes effect as late as possible: only when one completes are others linearized before it. So a place in the
 *   history, the state and the open operations that took effect say all; what is done is never a set over the whole history.
 * - An open operation that only reads takes effect at once in any state that allows it.
 * - Of operations with equal arguments the one that completes first goes first, and goes before a crashed one.
 * - Configurations that were visited, or that a visited one dominates (`visited-set.ts`), are not visited again.
 *
 * Which guess is right shows when a read sees its state; a wrong one can cost all orders of what is open until then. So states that
 * some read will see are tried first, and in rounds: at first no two states in a row that no read will see, then more. A
 * round that found nothing and left nothing out is a proof.
 *
 * A register is better judged by `frontier.ts`, which knows of overwrites. Here nothing is known but `step`.
 *
 * A wrong history is proved wrong by visiting all configurations that can be reached; the completion at which the farthest
 * of them end is the first that makes the history wrong. Memory is bounded: when the cache or the states take too much, they are
 * forgotten, which costs time but changes no answer. The problem is NP-complete: in the worst case only a budget ends it.
 */
import type { Budget } from '../checker.ts';
import { Int32Column } from '../column.ts';
import { CrashUses } from './crash-uses.ts';
import type { Configuration, ObjectEvents, SearchOutcome, Transitions } from './object-events.ts';
import { CRASHED, MOVES, PendingOperations, READS } from './pending-operations.ts';
import { VisitedSet } from './visited-set.ts';

/** What this search asks of an object beyond its transitions. */
export interface SearchableObject extends Transitions {
  /** Whether an operation of that kind is possible in that state. */
  allows(state: number, kind: number): boolean;
  /** The states that a crashed operation may have led to: none where it cannot have taken effect. */
  afterCrash(state: number, kind: number): readonly number[];
  /** About how much memory the states take. */
  readonly stateBytes: number;
  /** Forgets all states but these; their new numbers. */
  keepStates(states: Iterable<number>): ReadonlyMap<number, number>;
}

export interface SearchMemory {
  /** Bytes of the cache, and of the states. */
  readonly cache: number;
  readonly states: number;
}

const MEMORY: SearchMemory = { cache: 384 * 2 ** 20, states: 384 * 2 ** 20 };
/** The budget is asked every so many configurations. */
const BUDGET_STRIDE = 1024;
const SHOWN_CONFIGURATIONS = 10;

/** A configuration on the path, and what was tried from it. */
const CHANGES = 0;
const PLACE = 1;
const STATE = 2;
const USES = 3;
/** The operation tried last, or -1. */
const TRIED = 4;
/** Of a crashed operation with several outcomes: the next one to try. */
const CHOICE = 5;
/** LIKELY or ANY: which operations are tried. */
const PHASE = 6;
/** How many states in a row no read will see. */
const BLIND = 7;
const FRAME = 8;

/** At first only what leads to a state that a read will see, then everything. */
const LIKELY = 0;
const ANY = 1;
/** How many events a read may be ahead. */
const AHEAD = 64;
/** The limits of the rounds: how many states in a row may be ones that no read will see. */
const LIMITS = [1, 2, 3, 4, 6, 8, Infinity];
/** What a limited round may take: so many configurations, and so many for each event. */
const ROUND_CONFIGURATIONS = 60_000;
const ROUND_PER_EVENT = 16;

export function searchDepthFirst(
  history: ObjectEvents,
  object: SearchableObject,
  budget?: Budget,
  memory: SearchMemory = MEMORY,
): SearchOutcome {
  return new DepthFirstSearch(history, object, memory).run(budget);
}

class DepthFirstSearch {
  private readonly pending: PendingOperations;
  private readonly uses = new CrashUses();
  private readonly visited: VisitedSet;
  private readonly row: Int32Array;
  private place = 0;
  private state = 0;
  private used = 0;
  private blind = 0;
  private limit = Infinity;
  /** Whether the limit of this round left something out. */
  private wasLimited = false;
  private initial = 0;
  private readonly frames = new Int32Column(FRAME * 64);
  private farthest = -1;
  private atFarthest: Configuration[] = [];

  constructor(
    private readonly history: ObjectEvents,
    private readonly object: SearchableObject,
    private readonly memory: SearchMemory,
  ) {
    this.pending = new PendingOperations(history, object);
    const { maskWords } = this.pending;
    this.visited = new VisitedSet(maskWords, this.uses);
    this.row = new Int32Array(4 + 2 * maskWords);
  }

  run(budget: Budget | undefined): SearchOutcome {
    const { events, eventCount } = this.history;
    for (const limit of this.pending.hasReads ? LIMITS : [Infinity]) {
      const outcome = this.round(limit, budget);
      if (outcome === 'found') return { valid: true };
      if (outcome === 'exhausted') return this.givenUp(eventCount);
      if (outcome === 'nothing left') break;
    }
    const operation = (events[this.farthest] as number) >> 1;
    return { valid: false, operation, configurations: this.atFarthest };
  }

  private round(
    limit: number,
    budget: Budget | undefined,
  ): 'found' | 'nothing left' | 'limited' | 'exhausted' {
    const { history, pending, frames } = this;
    this.restart(limit);
    let left = limit === Infinity ? Infinity : ROUND_CONFIGURATIONS + ROUND_PER_EVENT * history.eventCount;
    if (this.advance()) return 'found';
    this.enterFrame();
    for (let steps = 1; frames.length > 0; steps++) {
      if (steps % BUDGET_STRIDE === 0) {
        this.saveMemory();
        if (budget?.exhausted() === true) return 'exhausted';
      }
      if (!this.tryNext()) {
        frames.length -= FRAME;
        continue;
      }
      const completing = (history.events[this.place] as number) >> 1;
      if (pending.done[completing] === 1 && this.advance()) return 'found';
      if (!this.visit()) continue;
      if (left-- <= 0) return 'limited';
      this.enterFrame();
    }
    return this.wasLimited ? 'limited' : 'nothing left';
  }

  private restart(limit: number): void {
    this.pending.undoTo(0);
    this.visited.clear();
    this.frames.length = 0;
    this.limit = limit;
    this.wasLimited = false;
    this.place = 0;
    this.state = this.initial;
    this.used = 0;
    this.blind = 0;
  }

  private givenUp(eventCount: number): SearchOutcome {
    const { farthest } = this;
    return {
      valid: 'unknown',
      reason: `gave up after ${farthest} of ${eventCount} events: no order of the operations was found that leads farther`,
      event: farthest,
    };
  }

  /** Goes on to the next completion of an operation that has not taken effect; true at the end of the history. */
  private advance(): boolean {
    const { history, pending, object } = this;
    const { events, eventCount, kindOf } = history;
    for (; this.place < eventCount; this.place++) {
      const event = events[this.place] as number;
      const operation = event >> 1;
      if ((event & 1) === 1) {
        if (pending.done[operation] === 0) return false;
        pending.complete(operation);
      } else if (
        pending.listOf[operation] === READS &&
        object.transition(this.state, kindOf[operation] as number) >= 0
      )
        pending.seeAtOnce(operation);
      else pending.invoke(operation);
    }
    return true;
  }

  private enterFrame(): void {
    const { frames } = this;
    if (this.place >= this.farthest) this.note(frames.length);
    frames.push(this.pending.changes);
    frames.push(this.place);
    frames.push(this.state);
    frames.push(this.used);
    frames.push(-1);
    frames.push(0);
    frames.push(LIKELY);
    frames.push(this.blind);
  }

  /** Remembers the first configurations of each state with which the farthest place was reached. */
  private note(depth: number): void {
    const { place, farthest, frames, pending, history } = this;
    if (place > farthest) {
      this.farthest = place;
      this.atFarthest = [];
    } else if (depth > 0 && frames.values[depth - FRAME + PLACE] === place) return;
    const shown = this.atFarthest;
    if (shown.length === SHOWN_CONFIGURATIONS || shown.some(({ state }) => state === this.state)) return;
    const operation = (history.events[place] as number) >> 1;
    const others = [...pending.pendingIn(MOVES), ...pending.pendingIn(READS)].sort((a, b) => a - b);
    shown.push({ state: this.state, pending: [operation, ...others.filter((other) => other !== operation)] });
  }

  /** Lets the next operation take effect that can do so in the configuration on top of the path; false when none is left. */
  private tryNext(): boolean {
    const { frames, pending } = this;
    const { values } = frames;
    const base = frames.length - FRAME;
    pending.undoTo(values[base + CHANGES] as number);
    this.place = values[base + PLACE] as number;
    const state = values[base + STATE] as number;
    const used = values[base + USES] as number;
    const completing = (this.history.events[this.place] as number) >> 1;
    for (;;) {
      const choice = values[base + CHOICE] as number;
      const operation =
        choice > 0
          ? (values[base + TRIED] as number)
          : this.following(values[base + TRIED] as number, completing);
      if (operation < 0) {
        if (values[base + PHASE] === ANY) return false;
        values[base + PHASE] = ANY;
        values[base + TRIED] = -1;
        continue;
      }
      values[base + TRIED] = operation;
      const crashes = pending.listOf[operation] === CRASHED;
      const after = crashes ? this.crashFrom(state, operation, base) : this.moveFrom(state, operation);
      if (after < 0 || !this.isWorthwhile(after, base)) continue;
      this.used = crashes ? this.uses.add(used, this.history.kindOf[operation] as number) : used;
      pending.takeEffect(operation);
      this.state = after;
      if (after !== state) this.letReadsSee(after);
      return true;
    }
  }

  /** Whether to go to a state now, and how blindly that would be. */
  private isWorthwhile(after: number, base: number): boolean {
    const { values } = this.frames;
    const { limit } = this;
    const isLikely = values[base + PHASE] === LIKELY;
    if (!isLikely && limit === Infinity) return true;
    this.blind = this.willBeSeen(after) ? 0 : (values[base + BLIND] as number) + 1;
    // What is likely was tried before.
    if (isLikely || this.blind === 0) return isLikely && this.blind === 0;
    if (this.blind <= limit) return true;
    this.wasLimited = true;
    return false;
  }

  /** Whether some read that is open or about to begin would see this state: then it is likely to be right. */
  private willBeSeen(state: number): boolean {
    const { pending, object, history } = this;
    const { next, listOf } = pending;
    const { events, eventCount, kindOf } = history;
    const head = pending.headOf(READS);
    for (let read = next[head] as number; read !== head; read = next[read] as number)
      if (object.allows(state, kindOf[read] as number)) return true;
    const end = Math.min(eventCount, this.place + AHEAD);
    for (let at = this.place; at < end; at++) {
      const event = events[at] as number;
      const operation = event >> 1;
      if (
        (event & 1) === 0 &&
        listOf[operation] === READS &&
        object.allows(state, kindOf[operation] as number)
      )
        return true;
    }
    return false;
  }

  /** What is tried after an operation: what completes comes first, then moves, then crashed operations; -1 at the end. */
  private following(tried: number, completing: number): number {
    const { pending } = this;
    const { next, listOf } = pending;
    const moves = pending.headOf(MOVES);
    const crashed = pending.headOf(CRASHED);
    if (tried < 0 && listOf[completing] === MOVES) return completing;
    let place = (tried < 0 || tried === completing ? next[moves] : next[tried]) as number;
    if (place === completing) place = next[place] as number;
    if (place === moves) place = next[crashed] as number;
    return place === crashed ? -1 : place;
  }

  private moveFrom(state: number, operation: number): number {
    if (this.pending.hasTwinAhead(operation)) return -1;
    return this.object.transition(state, this.history.kindOf[operation] as number);
  }

  /** The next outcome of a crashed operation, or -1; one that changes nothing is as good as none. */
  private crashFrom(state: number, operation: number, base: number): number {
    const { values } = this.frames;
    const choice = values[base + CHOICE] as number;
    values[base + CHOICE] = 0;
    if (this.pending.hasTwinAhead(operation)) return -1;
    const outcomes = this.object.afterCrash(state, this.history.kindOf[operation] as number);
    if (choice + 1 < outcomes.length) values[base + CHOICE] = choice + 1;
    const after = outcomes[choice];
    return after === undefined || after === state ? -1 : after;
  }

  private letReadsSee(state: number): void {
    const { pending, object } = this;
    const { next } = pending;
    const { kindOf } = this.history;
    const head = pending.headOf(READS);
    for (let read = next[head] as number; read !== head; read = next[read] as number)
      if (object.transition(state, kindOf[read] as number) >= 0) pending.takeEffect(read);
  }

  private visit(): boolean {
    const { row, pending } = this;
    row[0] = this.place;
    row[1] = this.state;
    row.set(pending.masks, 2);
    row[row.length - 2] = this.used;
    row[row.length - 1] = this.limit === Infinity ? 0 : this.blind;
    return this.visited.add(row);
  }

  /** Forgets what was visited, and all states but those of the path, when they take too much memory. */
  private saveMemory(): void {
    const { visited, uses, object, memory } = this;
    if (object.stateBytes < memory.states && visited.bytes + uses.bytes < memory.cache) return;
    visited.clear();
    const states = object.keepStates([
      this.initial,
      ...this.onPath(STATE),
      ...this.atFarthest.map(({ state }) => state),
    ]);
    this.initial = renamed(states, this.initial);
    this.renumber(STATE, states);
    this.atFarthest = this.atFarthest.map(({ state, pending }) => ({
      state: renamed(states, state),
      pending,
    }));
    this.renumber(USES, uses.keep(this.onPath(USES)));
  }

  private onPath(field: typeof STATE | typeof USES): Set<number> {
    const { length, values } = this.frames;
    const numbers = new Set<number>();
    for (let base = 0; base < length; base += FRAME) numbers.add(values[base + field] as number);
    return numbers;
  }

  private renumber(field: typeof STATE | typeof USES, names: ReadonlyMap<number, number>): void {
    const { length, values } = this.frames;
    for (let base = field; base < length; base += FRAME)
      values[base] = renamed(names, values[base] as number);
  }
}

function renamed(names: ReadonlyMap<number, number>, number: number): number {
  const name = names.get(number);
  if (name === undefined) throw new Error(`${number} was forgotten while it was in use`);
  return name;
}
