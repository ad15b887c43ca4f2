/**
 * Decides whether a history of any object is linearizable: depth-first search with a cache, after Wing, Gong and Lowe
 * ("Testing for linearizability", 2017), as in Porcupine, but just in time.
 *
 *     p0  |--- append a ---|                  at the completion of append a: it takes effect first, or append b does
 *     p1     |--- append b ---|               the read settles it: the wrong guess is undone
 *     p2               |--- get -> ba ---|
 *
 * - An operation takes effect as late as possible: only when one completes are others linearized before it. So a
 *   configuration is a place in the history, the state, and the open operations that took effect, never a set over the
 *   whole history.
 * - An open read-only operation takes effect at once in any state that allows it.
 * - Of operations with equal arguments the one that completes first takes effect first, and before crashed ones.
 * - Configurations that were visited, or that a visited one dominates (`visited-set.ts`), are not visited again.
 *
 * Which guess is right becomes clear when a read sees its state; a wrong one can cost all orders of the operations open
 * until then. With the order 'promising first', states that some read will see, or that are a prefix of one, are tried
 * first, and at first only two other states in a row are allowed. Around a dead end more are allowed, and then more
 * around that. If nothing was left out, a dead end is a proof. With the order 'as invoked' nothing is guessed and
 * nothing is left out; `alternating-search.ts` explains when each is better.
 *
 * Registers are better checked by `frontier/frontier.ts`, which knows about overwrites. This search knows only `step`.
 *
 * An invalid history is refuted by visiting all reachable configurations. The completion at which the farthest of them
 * end is the first that makes the history invalid.
 */
import { present } from '../../../columns/present.ts';
import { Int32Column } from '../../../columns/column.ts';
import { CrashUses } from './crash-uses.ts';
import type { Configuration, ObjectEvents, Transitions } from '../object-events.ts';
import type { SteppedObject } from '../repair/order-repair.ts';
import { CRASHED, MOVES, PendingOperations, READS } from './pending-operations.ts';
import { VisitedSet } from './visited-set.ts';

/** What this search requires from an object beyond its transitions. */
export interface SearchableObject extends Transitions {
  /** Whether an operation of that kind seems possible in that state or soon after. Only a guess. */
  leadsTo(state: number, kind: number): boolean;
  /** Returns the states that a crashed operation may have led to; none if it cannot have taken effect. */
  afterCrash(state: number, kind: number): readonly number[];
  /** Whether the model was given by a user, who could add details to it. */
  readonly isGiven: boolean;
  /** Approximate memory taken by the states, in bytes. */
  readonly stateBytes: number;
  /** Extra time spent on long states, as the number of ordinary states that could have been made in it. */
  readonly longStates: number;
  /** Forgets all other states. Returns the new numbers of those kept. */
  keepStates(states: Iterable<number>): ReadonlyMap<number, number>;
  readonly foresight?: Foresight;
  /** Its operations on states as they are, for repairing an order. */
  readonly stepped?: SteppedObject;
}

/** What an object knows of the rest of the history, beyond its transitions. */
export interface Foresight {
  /** Whether a linearization may let this operation, which leads to the state `after`, take effect next. */
  allows(state: number, operation: number, after: number, place: number, pending: PendingOperations): boolean;
  /** Returns the state that stands for all that allow the same from now on. */
  settled(state: number, place: number, pending: PendingOperations): number;
  /** Whether an operation may as well take effect at once, since that forbids nothing. */
  isFree(state: number, operation: number, place: number, pending: PendingOperations): boolean;
}

const SHOWN_CONFIGURATIONS = 10;

/** Fields of a frame: a configuration on the path, and what was tried from it. */
const CHANGES = 0;
const PLACE = 1;
const STATE = 2;
const USES = 3;
/** The operation tried last, or -1. */
const TRIED = 4;
/** The next outcome to try of a crashed operation with several. */
const CHOICE = 5;
/** LIKELY, ANY or AS_INVOKED: which operations are tried. */
const PHASE = 6;
/** Number of consecutive unpromising states. */
const BLIND = 7;
const FRAME = 8;

/**
 * LIKELY tries only what leads to a promising state, ANY everything; AS_INVOKED tries everything in order of
 * invocation.
 */
const LIKELY = 0;
const ANY = 1;
const AS_INVOKED = 2;
/** Maximum number of events that a read may be ahead. */
const AHEAD = 64;
/** Maximum number of consecutive unpromising states, at first and at last. */
const FIRST_LIMIT = 2;
const LAST_LIMIT = 16;
/** Number of events before a dead end at which more is allowed. Doubled each time that was not enough. */
const STEP_BACK = 32;

/** The order in which a search tries operations: as invoked, or promising states first. */
export type SearchOrder = 'as invoked' | 'promising first';

/** 'incomplete' when everything within the limits was visited; 'nothing left' is a proof. */
export type SearchEnd = 'found' | 'nothing left' | 'incomplete';

export class DepthFirstSearch {
  private readonly pending: PendingOperations;
  private readonly uses = new CrashUses();
  private readonly visited: VisitedSet;
  private readonly row: Int32Array;
  private place = 0;
  private state = 0;
  private used = 0;
  private blind = 0;
  /** Indexed by place: maximum number of consecutive unpromising states; undefined for no limit. */
  private limits: Int32Array | undefined;
  /** Whether the limits left something out since they were last raised, and whether they had before. */
  private wasLimited = false;
  private wasLimitedBefore = false;
  private stepBack = STEP_BACK;
  /** The dead end around which limits were last raised. */
  private deadEnd = -1;
  private readonly frames = new Int32Column(FRAME * 64);
  private end: SearchEnd | undefined;
  /** Number of configurations visited. */
  configurations = 0;
  /** The farthest place reached. */
  farthest = -1;
  private atFarthest: Configuration[] = [];

  constructor(
    private readonly history: ObjectEvents,
    private readonly object: SearchableObject,
    private readonly order: SearchOrder,
  ) {
    this.pending = new PendingOperations(history, object);
    const { maskWords } = this.pending;
    this.visited = new VisitedSet(maskWords, this.uses);
    this.row = new Int32Array(4 + 2 * maskWords);
    if (order === 'promising first' && this.pending.hasReads)
      this.limits = new Int32Array(history.eventCount).fill(FIRST_LIMIT);
    if (this.reachesEnd(false)) this.end = 'found';
    else this.enterFrame();
  }

  /** Runs `steps` steps. Returns undefined if the search is not over. */
  proceed(steps: number): SearchEnd | undefined {
    const { history, pending, frames } = this;
    for (let left = steps; this.end === undefined && left > 0; left--) {
      if (frames.length === 0) {
        this.end = this.wasLimited || this.wasLimitedBefore ? 'incomplete' : 'nothing left';
      } else if (!this.tryNext()) {
        if (!this.allowMore()) frames.length -= FRAME;
      } else {
        const completing = present(history.events[this.place]) >> 1;
        if (this.reachesEnd(pending.done[completing] === 0)) this.end = 'found';
        else if (this.visit()) {
          this.configurations++;
          this.enterFrame();
        }
      }
    }
    return this.end;
  }

  /** The operations in the order in which they took effect. Valid once a linearization was found. */
  get linearization(): readonly number[] {
    return [...this.pending.effects()];
  }

  /** The operation at whose completion the farthest configurations end, and those configurations. */
  get deadEndReached(): { readonly operation: number; readonly configurations: readonly Configuration[] } {
    const operation = present(this.history.events[this.farthest]) >> 1;
    return { operation, configurations: this.atFarthest };
  }

  /**
   * Raises the limits between an exhausted configuration and the dead end, if it is far enough before the dead end, and
   * tries again from there. Returns whether it did.
   */
  private allowMore(): boolean {
    const { limits, frames, farthest } = this;
    if (limits === undefined || !this.wasLimited) return false;
    const base = frames.length - FRAME;
    const place = present(frames.values[base + PLACE]);
    if (farthest > this.deadEnd) this.stepBack = STEP_BACK;
    const isFirst = frames.length === FRAME;
    if (isFirst ? present(limits[farthest]) > LAST_LIMIT : place > farthest - this.stepBack) return false;
    this.wasLimitedBefore = !isFirst;
    this.wasLimited = false;
    this.deadEnd = farthest;
    this.stepBack *= 2;
    for (let at = place; at <= farthest; at++) limits[at] = present(limits[at]) + 1;
    this.visited.clear();
    frames.values[base + TRIED] = -1;
    frames.values[base + CHOICE] = 0;
    frames.values[base + PHASE] = LIKELY;
    return true;
  }

  /**
   * Advances, unless an operation has yet to take effect here, until one has. Returns true at the end of the history.
   */
  private reachesEnd(isWaiting: boolean): boolean {
    if (!isWaiting && this.advance()) return true;
    while (this.settle()) if (this.advance()) return true;
    return false;
  }

  /** Uses the object's foresight. Returns true if that lets the operation that completes next take effect. */
  private settle(): boolean {
    const { pending, place } = this;
    const { foresight } = this.object;
    if (foresight === undefined) return false;
    this.state = foresight.settled(this.state, place, pending);
    const { next } = pending;
    const moves = pending.headOf(MOVES);
    for (let move = present(next[moves]); move !== moves; move = present(next[move]))
      if (foresight.isFree(this.state, move, place, pending)) pending.takeEffect(move);
    return pending.done[present(this.history.events[place]) >> 1] === 1;
  }

  /** Advances to the next completion of an operation without effect yet. Returns true at the end of the history. */
  private advance(): boolean {
    const { history, pending, object } = this;
    const { events, eventCount, kindOf } = history;
    for (; this.place < eventCount; this.place++) {
      const event = present(events[this.place]);
      const operation = event >> 1;
      if ((event & 1) === 1) {
        if (pending.done[operation] === 0) return false;
        pending.complete(operation);
      } else if (
        pending.listOf[operation] === READS &&
        object.transition(this.state, present(kindOf[operation])) >= 0
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
    frames.push(this.order === 'as invoked' ? AS_INVOKED : LIKELY);
    frames.push(this.blind);
  }

  /** Records the first configurations of each state that reached the farthest place. */
  private note(depth: number): void {
    const { place, farthest, frames, pending, history } = this;
    if (place > farthest) {
      this.farthest = place;
      this.atFarthest = [];
    } else if (depth > 0 && frames.values[depth - FRAME + PLACE] === place) return;
    const shown = this.atFarthest;
    if (shown.length === SHOWN_CONFIGURATIONS || shown.some(({ state }) => state === this.state)) return;
    const operation = present(history.events[place]) >> 1;
    const others = [...pending.pendingIn(MOVES), ...pending.pendingIn(READS)].sort((a, b) => a - b);
    shown.push({ state: this.state, pending: [operation, ...others.filter((other) => other !== operation)] });
  }

  /**
   * Lets the next possible operation take effect in the topmost configuration of the path. Returns false if none is
   * left.
   */
  private tryNext(): boolean {
    const { frames, pending, object } = this;
    const { values } = frames;
    const base = frames.length - FRAME;
    pending.undoTo(present(values[base + CHANGES]));
    this.place = present(values[base + PLACE]);
    const state = present(values[base + STATE]);
    const used = present(values[base + USES]);
    const completing = present(this.history.events[this.place]) >> 1;
    for (;;) {
      const choice = present(values[base + CHOICE]);
      const operation =
        choice > 0
          ? present(values[base + TRIED])
          : this.following(present(values[base + TRIED]), completing);
      if (operation < 0) {
        if (values[base + PHASE] !== LIKELY) return false;
        values[base + PHASE] = ANY;
        values[base + TRIED] = -1;
        continue;
      }
      values[base + TRIED] = operation;
      const crashes = pending.listOf[operation] === CRASHED;
      const after = crashes ? this.crashFrom(state, operation, base) : this.moveFrom(state, operation);
      if (after < 0 || object.foresight?.allows(state, operation, after, this.place, pending) === false)
        continue;
      if (!this.isWorthwhile(after, base, operation === completing)) continue;
      this.used = crashes ? this.uses.add(used, present(this.history.kindOf[operation])) : used;
      pending.takeEffect(operation);
      this.state = after;
      if (after !== state) this.letReadsSee(after);
      return true;
    }
  }

  /** Whether to enter a state now; sets `blind`. What completes is always tried first. */
  private isWorthwhile(after: number, base: number, completes: boolean): boolean {
    if (this.order === 'as invoked') return true;
    const { values } = this.frames;
    const isLikely = values[base + PHASE] === LIKELY;
    if (this.limits === undefined) return completes === isLikely;
    const promises = this.isPromising(after);
    if ((completes || promises) !== isLikely) return false;
    this.blind = promises ? 0 : present(values[base + BLIND]) + (completes ? 0 : 1);
    if (this.blind <= present(this.limits[present(values[base + PLACE])])) return true;
    this.wasLimited = true;
    return false;
  }

  /** Whether an open or upcoming read would see this state or one that continues it. A guess. */
  private isPromising(state: number): boolean {
    const { pending, object, history } = this;
    const { next, listOf } = pending;
    const { events, eventCount, kindOf } = history;
    const head = pending.headOf(READS);
    for (let read = present(next[head]); read !== head; read = present(next[read]))
      if (object.leadsTo(state, present(kindOf[read]))) return true;
    const end = Math.min(eventCount, this.place + AHEAD);
    for (let at = this.place; at < end; at++) {
      const event = present(events[at]);
      const operation = event >> 1;
      if (
        (event & 1) === 0 &&
        listOf[operation] === READS &&
        object.leadsTo(state, present(kindOf[operation]))
      )
        return true;
    }
    return false;
  }

  /**
   * Returns what is tried after an operation: first what completes, then moves, then crashed operations; -1 at the end.
   */
  private following(tried: number, completing: number): number {
    const { pending } = this;
    const { next, listOf } = pending;
    const moves = pending.headOf(MOVES);
    const crashed = pending.headOf(CRASHED);
    if (this.order === 'as invoked') {
      const following = present(next[tried < 0 ? moves : tried]);
      const place = following === moves ? present(next[crashed]) : following;
      return place === crashed ? -1 : place;
    }
    if (tried < 0 && listOf[completing] === MOVES) return completing;
    let place = (tried < 0 || tried === completing ? next[moves] : next[tried]) as number;
    if (place === completing) place = present(next[place]);
    if (place === moves) place = present(next[crashed]);
    return place === crashed ? -1 : place;
  }

  private moveFrom(state: number, operation: number): number {
    if (this.pending.hasTwinAhead(operation)) return -1;
    return this.object.transition(state, present(this.history.kindOf[operation]));
  }

  /** Returns the next outcome of a crashed operation, or -1. An outcome that changes nothing counts as none. */
  private crashFrom(state: number, operation: number, base: number): number {
    const { values } = this.frames;
    const choice = present(values[base + CHOICE]);
    values[base + CHOICE] = 0;
    if (this.pending.hasTwinAhead(operation)) return -1;
    const outcomes = this.object.afterCrash(state, present(this.history.kindOf[operation]));
    if (choice + 1 < outcomes.length) values[base + CHOICE] = choice + 1;
    const after = outcomes[choice];
    return after === undefined || after === state ? -1 : after;
  }

  private letReadsSee(state: number): void {
    const { pending, object } = this;
    const { next } = pending;
    const { kindOf } = this.history;
    const head = pending.headOf(READS);
    for (let read = present(next[head]); read !== head; read = present(next[read]))
      if (object.transition(state, present(kindOf[read])) >= 0) pending.takeEffect(read);
  }

  private visit(): boolean {
    const { row, pending } = this;
    row[0] = this.place;
    row[1] = this.state;
    row.set(pending.masks, 2);
    row[row.length - 2] = this.used;
    row[row.length - 1] = this.limits === undefined ? 0 : this.blind;
    return this.visited.add(row);
  }

  /** Bytes taken by visited configurations. */
  get cacheBytes(): number {
    return this.visited.bytes + this.uses.bytes;
  }

  /** The states that the search continues from or shows. */
  get statesInUse(): readonly number[] {
    return [...this.onPath(STATE), ...this.atFarthest.map(({ state }) => state)];
  }

  /** Forgets visited configurations and renumbers the states in use. */
  forget(states: ReadonlyMap<number, number>): void {
    this.visited.clear();
    this.renumber(STATE, states);
    this.atFarthest = this.atFarthest.map(({ state, pending }) => ({
      state: renamed(states, state),
      pending,
    }));
    this.renumber(USES, this.uses.keep(this.onPath(USES)));
  }

  private onPath(field: typeof STATE | typeof USES): Set<number> {
    const { length, values } = this.frames;
    const numbers = new Set<number>();
    for (let base = 0; base < length; base += FRAME) numbers.add(present(values[base + field]));
    return numbers;
  }

  private renumber(field: typeof STATE | typeof USES, names: ReadonlyMap<number, number>): void {
    const { length, values } = this.frames;
    for (let base = field; base < length; base += FRAME) values[base] = renamed(names, present(values[base]));
  }
}

function renamed(names: ReadonlyMap<number, number>, number: number): number {
  const name = names.get(number);
  if (name === undefined) throw new Error(`${number} was forgotten while it was in use`);
  return name;
}
