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
 * Which guess is right shows when a read sees its state; a wrong one can cost all orders of what is open until then. With the order
 * 'promising first', states that some read will see, or that are the beginning of one, are tried first, and of others at first only
 * two in a row; around a dead end more, and then more around that. When nothing was left out, a dead end is a proof. With the order
 * 'as invoked' nothing is guessed and nothing is left out: `alternating-search.ts` says which one is for what.
 *
 * A register is better judged by `frontier.ts`, which knows of overwrites. Here nothing is known but `step`.
 *
 * A wrong history is proved wrong by visiting all configurations that can be reached; the completion at which the farthest
 * of them end is the first that makes the history wrong.
 */
import { present } from '../../columns/present.ts';
import { Int32Column } from '../../columns/column.ts';
import { CrashUses } from './crash-uses.ts';
import type { Configuration, ObjectEvents, Transitions } from './object-events.ts';
import { CRASHED, MOVES, PendingOperations, READS } from './pending-operations.ts';
import { VisitedSet } from './visited-set.ts';

/** What this search asks of an object beyond its transitions. */
export interface SearchableObject extends Transitions {
  /** Whether that state looks like one in which, or soon after which, an operation of that kind is possible: only a guess. */
  leadsTo(state: number, kind: number): boolean;
  /** The states that a crashed operation may have led to: none where it cannot have taken effect. */
  afterCrash(state: number, kind: number): readonly number[];
  /** Whether a user gave the model, who could say more of it. */
  readonly isGiven: boolean;
  /** About how much memory the states take. */
  readonly stateBytes: number;
  /** How many usual states could have been made in the time that long ones took beyond that. */
  readonly longStates: number;
  /** Forgets all states but these; their new numbers. */
  keepStates(states: Iterable<number>): ReadonlyMap<number, number>;
}

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
/** How many states in a row promised nothing. */
const BLIND = 7;
const FRAME = 8;

/** At first only what leads to a state that promises something, then everything; or everything in order of invocation. */
const LIKELY = 0;
const ANY = 1;
const AS_INVOKED = 2;
/** How many events a read may be ahead. */
const AHEAD = 64;
/** How many states in a row may at first be ones that promise nothing. */
const FIRST_LIMIT = 2;
const LAST_LIMIT = 16;
/** How many events a dead end is gone back before more is allowed there; doubled each time when that was not enough. */
const STEP_BACK = 32;

/** How a search orders what it tries: as it was invoked, or first what leads to a state that promises something. */
export type SearchOrder = 'as invoked' | 'promising first';

/** 'incomplete' when all that the limits allow was visited; 'nothing left' is a proof. */
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
  /** Per place: how many states in a row may be ones that promise nothing; without limits any number. */
  private limits: Int32Array | undefined;
  /** Whether the limits left something out since more was allowed last, and whether they did before. */
  private wasLimited = false;
  private wasLimitedBefore = false;
  private stepBack = STEP_BACK;
  /** Where more was allowed last. */
  private deadEnd = -1;
  private readonly frames = new Int32Column(FRAME * 64);
  private end: SearchEnd | undefined;
  /** How many configurations were visited. */
  configurations = 0;
  /** The place farthest on that was reached. */
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
    if (this.advance()) this.end = 'found';
    else this.enterFrame();
  }

  /** Goes on for `steps` steps; undefined when there is more to do. */
  proceed(steps: number): SearchEnd | undefined {
    const { history, pending, frames } = this;
    for (let left = steps; this.end === undefined && left > 0; left--) {
      if (frames.length === 0) {
        this.end = this.wasLimited || this.wasLimitedBefore ? 'incomplete' : 'nothing left';
      } else if (!this.tryNext()) {
        if (!this.allowMore()) frames.length -= FRAME;
      } else {
        const completing = present(history.events[this.place]) >> 1;
        if (pending.done[completing] === 1 && this.advance()) this.end = 'found';
        else if (this.visit()) {
          this.configurations++;
          this.enterFrame();
        }
      }
    }
    return this.end;
  }

  /** Once it has found one: the operations in the order in which they took effect. */
  get linearization(): readonly number[] {
    return [...this.pending.effects()];
  }

  /** The operation at whose completion the farthest configurations end, and these. */
  get deadEndReached(): { readonly operation: number; readonly configurations: readonly Configuration[] } {
    const operation = present(this.history.events[this.farthest]) >> 1;
    return { operation, configurations: this.atFarthest };
  }

  /**
   * At a configuration from which all that is allowed was tried: when that is far enough before the dead end, allows more
   * between the two, and tries again from there.
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

  /** Goes on to the next completion of an operation that has not taken effect; true at the end of the history. */
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

  /** Remembers the first configurations of each state with which the farthest place was reached. */
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

  /** Lets the next operation take effect that can do so in the configuration on top of the path; false when none is left. */
  private tryNext(): boolean {
    const { frames, pending } = this;
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
      if (after < 0 || !this.isWorthwhile(after, base, operation === completing)) continue;
      this.used = crashes ? this.uses.add(used, present(this.history.kindOf[operation])) : used;
      pending.takeEffect(operation);
      this.state = after;
      if (after !== state) this.letReadsSee(after);
      return true;
    }
  }

  /** Whether to go to a state now, and how blindly that would be. What completes is always tried first. */
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

  /** Whether some read that is open or about to begin would see this state, or one that goes on from it: a guess. */
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

  /** What is tried after an operation: what completes comes first, then moves, then crashed operations; -1 at the end. */
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

  /** The next outcome of a crashed operation, or -1; one that changes nothing is as good as none. */
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

  /** Bytes that what was visited takes. */
  get cacheBytes(): number {
    return this.visited.bytes + this.uses.bytes;
  }

  /** The states that it goes on from, or shows. */
  get statesInUse(): readonly number[] {
    return [...this.onPath(STATE), ...this.atFarthest.map(({ state }) => state)];
  }

  /** Forgets what was visited. All states but those in use were forgotten as well, and these have new numbers. */
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
