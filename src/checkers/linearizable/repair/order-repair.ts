/**
 * Looks for a linearization by repairing an order of the operations. It begins as the order in which they completed. Where
 * one of them is impossible, operations are moved until it is possible:
 *
 *     p0  push a |-----|                          push a, push b, pop -> a: impossible
 *     p1  push b   |-----|                        push b, push a, pop -> a: possible
 *     p2                      |--- pop -> a ---|
 *
 * Searching depth first, a wrong guess about the pushes comes to light when the elements are taken out, hundreds of operations
 * later, and all orders of those are tried before the guess is undone. Here the operations that mention the impossible value,
 * and those that overlap with them, are moved directly.
 *
 * A move that lets the impossible operation happen is made at once. If there is none, the one after which most operations
 * are possible is made, and what was moved stays for a while (tabu search). An order found is a linearization; that none is
 * found proves nothing.
 */
import { present } from '../../../columns/present.ts';
import type { Json } from '../../../protocol/json.ts';
import type { ObjectEvents } from '../object-events.ts';
import { NEVER, placesOf } from '../operation-places.ts';
import { RelatedOperations } from './related-operations.ts';

/** An object whose operations can be tried in any state. */
export interface SteppedObject {
  readonly initial: Json;
  valueOf(kind: number): Json;
  /**
   * Returns the state after an operation of that kind; undefined if it is impossible. One that is not kept need not be
   * checked.
   */
  stepFrom(state: Json, kind: number, isKept: boolean): Json | undefined;
  /** Returns the states that a crashed operation may have led to. */
  stepsOfCrashed(state: Json, kind: number): readonly Json[];
  /** Returns the approximate memory of a state, in bytes. */
  bytesOf(state: Json): number;
}

/** Maximum number of neighbours in the order, on each side, that are moved for an operation. */
const NEIGHBOURS = 40;
/** Maximum number of operations about the same value that are moved, with their neighbours. */
const RELATED = 6;
/** Maximum number of crashed operations of which it is tried whether they happened. */
const CRASHED = 8;
/** Which outcomes of a crashed operation are tried. */
const UNTRIED_OUTCOMES = [0, 1, 2, 3] as const;
/** Maximum distance of a move. */
const FARTHEST = 256;
/** Number of moves for which what was moved stays, at least and at most. */
const STAYS = [8, 16] as const;
/** Maximum memory of the states, in bytes. They are measured at every 64th place. */
const MOST_BYTES = 2 ** 27;
const MEASURED_EACH = 64;
/** Maximum number of steps: half a minute or so. */
const MOST_STEPS = 32_000_000;

/** Of an operation from a place in the order to another. NOWHERE stands for a crashed operation that did not happen. */
interface Move {
  readonly operation: number;
  readonly from: number;
  readonly to: number;
  /** Which outcome of a crashed operation. */
  readonly outcome: number;
}
const NOWHERE = -1;

export class OrderRepair {
  private readonly invokedAt: Int32Array;
  private readonly returnsAt: Int32Array;
  private readonly related: RelatedOperations;
  private readonly order: number[] = [];
  /** Indexed by operation. */
  private readonly placeOf: Int32Array;
  private readonly outcomeOf: Uint8Array;
  /** Indexed by operation: the move until which it stays. */
  private readonly staysUntil: Int32Array;
  private readonly crashed: readonly number[];
  /** Indexed by place: the state before it, up to the first impossible operation. */
  private readonly states: Json[];
  private readonly bytesAt: number[] = [];
  bytes = 0;
  /** The place of the first impossible operation, and the farthest that it has been. */
  private impossibleAt = 0;
  private farthest = 0;
  private moves = 0;
  private steps = 0;
  private luck = 1;
  private readonly work: Generator<undefined, boolean>;
  private isFound: boolean | undefined;

  constructor(
    private readonly history: ObjectEvents,
    private readonly object: SteppedObject,
  ) {
    const { operationCount, events, eventCount, crashed, kindOf } = history;
    const { invokedAt, returnsAt } = placesOf(history);
    this.invokedAt = invokedAt;
    this.returnsAt = returnsAt;
    this.placeOf = new Int32Array(operationCount).fill(NOWHERE);
    this.outcomeOf = new Uint8Array(operationCount);
    this.staysUntil = new Int32Array(operationCount).fill(-1);
    const begun: number[] = [];
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      if ((event & 1) === 0) begun.push(event >> 1);
      else this.placeOf[event >> 1] = this.order.push(event >> 1) - 1;
    }
    this.related = new RelatedOperations(begun, (operation) => object.valueOf(present(kindOf[operation])));
    this.crashed = begun.filter((operation) => crashed[operation] === 1);
    this.states = [object.initial];
    this.play(0);
    this.work = this.repair();
  }

  /** Works for about that many steps. Returns whether there is an order; undefined if it is not over. */
  proceed(steps: number): boolean | undefined {
    const until = this.steps + steps;
    while (this.isFound === undefined && this.steps < until) {
      const { done, value } = this.work.next();
      if (done === true) this.isFound = value;
    }
    return this.isFound;
  }

  /** The operations in the order in which they took effect. Valid once it was found. */
  get linearization(): readonly number[] {
    return this.order;
  }

  private *repair(): Generator<undefined, boolean> {
    while (this.impossibleAt < this.order.length) {
      if (this.steps > MOST_STEPS || this.bytes > MOST_BYTES) return false;
      const move = yield* this.nextMove();
      if (move !== undefined) this.make(move);
      else if (this.staysUntil.every((until) => until <= this.moves)) return false;
      else this.staysUntil.fill(-1);
    }
    this.assertRealtimeOrder();
    return true;
  }

  /** A verdict rests on it, and it costs nothing beside the search. */
  private assertRealtimeOrder(): void {
    let begun = -1;
    for (const operation of this.order) {
      if (present(this.returnsAt[operation]) < begun)
        throw new Error('a repaired order broke realtime order');
      begun = Math.max(begun, present(this.invokedAt[operation]));
    }
  }

  /** Returns the first move that lets the impossible operation happen, or else one that gets farthest. */
  private *nextMove(): Generator<undefined, Move | undefined> {
    const { impossibleAt, farthest, moves, staysUntil } = this;
    let best: Move | undefined;
    let most = -1;
    let equal = 0;
    for (const operation of this.candidates(present(this.order[impossibleAt]))) {
      for (const move of this.movesOf(operation)) {
        const reached = this.reach(move);
        if (reached < 0 || (present(staysUntil[operation]) > moves && reached <= farthest)) continue;
        if (reached > impossibleAt) return move;
        if (reached > most) equal = 0;
        if (reached < most || this.draw(++equal) > 0) continue;
        most = reached;
        best = move;
      }
      yield undefined;
    }
    return best;
  }

  /** Returns the operations to move: the impossible one, those around it, and those about its value with those around them. */
  private candidates(impossible: number): ReadonlySet<number> {
    const found = new Set([impossible]);
    this.addNeighbours(impossible, found);
    const related = this.related.nearest(impossible, RELATED);
    for (const operation of related) found.add(operation);
    for (const operation of related) this.addNeighbours(operation, found);
    const end = present(this.returnsAt[impossible]);
    let left = CRASHED;
    for (let at = this.crashed.length - 1; at >= 0 && left > 0; at--) {
      const operation = present(this.crashed[at]);
      if (present(this.invokedAt[operation]) > end || found.has(operation)) continue;
      found.add(operation);
      left--;
    }
    return found;
  }

  /** Adds the operations that overlap with one, the nearest in the order first. */
  private addNeighbours(operation: number, found: Set<number>): void {
    const { order, invokedAt, returnsAt } = this;
    const place = present(this.placeOf[operation]);
    if (place === NOWHERE) return;
    const [begin, end] = [present(invokedAt[operation]), present(returnsAt[operation])];
    for (let away = 1; away <= NEIGHBOURS; away++) {
      const [before, after] = [order[place - away], order[place + away]];
      if (before !== undefined && present(returnsAt[before]) > begin) found.add(before);
      if (after !== undefined && present(invokedAt[after]) < end) found.add(after);
    }
  }

  /** Yields the moves of an operation that realtime order allows and that change what happens before the impossible one. */
  private *movesOf(operation: number): Generator<Move> {
    const { order, invokedAt, returnsAt, impossibleAt } = this;
    const from = present(this.placeOf[operation]);
    const [begin, end] = [present(invokedAt[operation]), present(returnsAt[operation])];
    const isPlaced = from !== NOWHERE;
    const outcomes = isPlaced ? [present(this.outcomeOf[operation])] : UNTRIED_OUTCOMES;
    if (!isPlaced && this.isTooLate(begin)) return;
    const last = isPlaced ? from : impossibleAt + 1;
    for (let to = last - 1; to >= 0 && to > last - FARTHEST; to--) {
      if (present(returnsAt[present(order[to])]) < begin) break;
      if (to <= impossibleAt) for (const outcome of outcomes) yield { operation, from, to, outcome };
    }
    if (!isPlaced || from > impossibleAt) return;
    for (let to = from + 1; to < order.length && to < from + FARTHEST; to++) {
      if (present(invokedAt[present(order[to])]) > end) break;
      yield { operation, from, to, outcome: present(outcomes[0]) };
    }
    if (end === NEVER) yield { operation, from, to: NOWHERE, outcome: 0 };
  }

  /** Whether an operation that stands behind the impossible one had completed before that moment. */
  private isTooLate(begin: number): boolean {
    const { order, invokedAt, returnsAt } = this;
    for (let place = this.impossibleAt + 1; place < order.length; place++) {
      const operation = present(order[place]);
      if (present(returnsAt[operation]) < begin) return true;
      // What completed before that moment stands before what began after it.
      if (present(invokedAt[operation]) > begin) return false;
    }
    return false;
  }

  /**
   * Returns the place, in the present order, of the first operation that is impossible after a move; any place beyond the
   * operation that is impossible now, if all up to there become possible; -1 for a crashed one that cannot happen there.
   */
  private reach({ operation, from, to, outcome }: Move): number {
    const { order, states, impossibleAt } = this;
    const [isAdded, isRemoved] = [from === NOWHERE, to === NOWHERE];
    const low = isAdded ? to : isRemoved ? from : Math.min(from, to);
    const high = Math.max(from, to);
    let state = present(states[low]);
    for (let place = low; ; place++) {
      const inOrder = isAdded && place > to ? place - 1 : isRemoved ? place + 1 : place;
      if (inOrder >= order.length || (place > high && inOrder > impossibleAt)) return inOrder;
      const isMoved = place === to && !isRemoved;
      const shift = isAdded || isRemoved || place < low || place > high ? 0 : to < from ? -1 : 1;
      const next = isMoved ? operation : present(order[inOrder + shift]);
      this.steps++;
      const after = this.after(state, next, { isKept: false, outcome: isMoved ? outcome : undefined });
      if (after === undefined) return isMoved && isAdded ? -1 : inOrder;
      state = after;
    }
  }

  private make({ operation, from, to, outcome }: Move): void {
    const { order, placeOf } = this;
    if (from !== NOWHERE) order.splice(from, 1);
    if (to === NOWHERE) placeOf[operation] = NOWHERE;
    else order.splice(to, 0, operation);
    this.outcomeOf[operation] = outcome;
    const isShift = from !== NOWHERE && to !== NOWHERE;
    const low = isShift ? Math.min(from, to) : Math.max(from, to);
    const high = isShift ? Math.max(from, to) : order.length - 1;
    for (let place = low; place <= high; place++) placeOf[present(order[place])] = place;
    const [least, most] = STAYS;
    this.staysUntil[operation] = ++this.moves + least + this.draw(most - least);
    this.play(low);
  }

  /** Repeats the order from a place up to the first impossible operation, or until the states take too much memory. */
  private play(from: number): void {
    const { order, states, bytesAt } = this;
    let state = present(states[from]);
    let place = from;
    for (; place < order.length; place++) {
      this.steps++;
      const after = this.after(state, present(order[place]), { isKept: true });
      if (after === undefined) break;
      state = after;
      states[place + 1] = state;
      if (place % MEASURED_EACH > 0) continue;
      const at = place / MEASURED_EACH;
      this.bytes -= bytesAt[at] ?? 0;
      this.bytes += bytesAt[at] = this.object.bytesOf(state) * MEASURED_EACH;
      if (this.bytes > MOST_BYTES) break;
    }
    this.impossibleAt = place;
    this.farthest = Math.max(this.farthest, place);
  }

  /** Returns the state after an operation, a crashed one with its outcome in the order or another. */
  private after(
    state: Json,
    operation: number,
    { isKept, outcome }: { readonly isKept: boolean; readonly outcome?: number | undefined },
  ): Json | undefined {
    const kind = present(this.history.kindOf[operation]);
    if (this.history.crashed[operation] === 0) return this.object.stepFrom(state, kind, isKept);
    return this.object.stepsOfCrashed(state, kind)[outcome ?? present(this.outcomeOf[operation])];
  }

  /** Returns a number from 0 up to `count`, exclusive. The same run always draws the same. */
  private draw(count: number): number {
    this.luck = (Math.imul(this.luck, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.luck / 2 ** 32) * count);
  }
}
