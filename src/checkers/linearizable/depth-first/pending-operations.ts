/**
 * The operations pending at one place of a history (invoked, but without effect yet), as linked lists: moves, reads and
 * crashed operations, each in order of invocation.
 *
 * Every change is recorded on a trail. Undoing changes in reverse order restores the lists exactly ("dancing links"),
 * so that a search that stands at some operation of a list can continue from there.
 */
import { present } from '../../../columns/present.ts';
import { Int32Column } from '../../../columns/column.ts';
import type { ObjectEvents, Transitions } from '../object-events.ts';

export const MOVES = 0;
export const READS = 1;
export const CRASHED = 2;

const UNLINKED = 0;
const INVOKED = 1;
const RETURNED = 2;
const SEEN_AT_ONCE = 3;

export class PendingOperations {
  /** Indexed by operation, then by list for its head: neighbours. */
  readonly next: Int32Array;
  private readonly previous: Int32Array;
  /** Indexed by operation: MOVES, READS or CRASHED. */
  readonly listOf: Uint8Array;
  /** Indexed by operation: 1 once it has taken effect. */
  readonly done: Uint8Array;
  /** Indexed by operation: the event at which it completes; beyond all events if it crashed. */
  readonly deadlineOf: Int32Array;
  /** Indexed by kind: the number of pending operations. */
  private readonly pendingOfKind: Int32Array;
  readonly maskWords: number;
  /** Which open moves have taken effect, then which open reads: one bit per slot. */
  readonly masks: Int32Array;
  private readonly slotOf: Int32Array;
  private readonly trail = new Int32Column();

  constructor(
    private readonly history: ObjectEvents,
    object: Transitions,
  ) {
    const { operationCount, kindCount, kindOf, crashed, eventCount } = history;
    this.next = new Int32Array(operationCount + 3);
    this.previous = new Int32Array(operationCount + 3);
    for (const list of [MOVES, READS, CRASHED]) {
      const head = this.headOf(list);
      this.next[head] = head;
      this.previous[head] = head;
    }
    this.listOf = new Uint8Array(operationCount);
    for (let operation = 0; operation < operationCount; operation++)
      this.listOf[operation] =
        crashed[operation] === 1 ? CRASHED : object.isReadOnly(present(kindOf[operation])) ? READS : MOVES;
    this.done = new Uint8Array(operationCount);
    this.deadlineOf = new Int32Array(operationCount).fill(eventCount);
    this.pendingOfKind = new Int32Array(kindCount);
    this.slotOf = new Int32Array(operationCount).fill(-1);
    this.maskWords = this.survey();
    this.masks = new Int32Array(2 * this.maskWords);
  }

  /**
   * Scans ahead for deadlines and slots: each operation gets the one freed last. Returns the number of words for the
   * slots.
   */
  private survey(): number {
    const { events, eventCount, crashed } = this.history;
    const free: number[] = [];
    let slots = 0;
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      const operation = event >> 1;
      if ((event & 1) === 1) {
        this.deadlineOf[operation] = at;
        free.push(present(this.slotOf[operation]));
      } else if (crashed[operation] !== 1) this.slotOf[operation] = free.pop() ?? slots++;
    }
    return Math.max(1, Math.ceil(slots / 32));
  }

  /** The head of a list, before its first operation and after its last, for walking along `next`. */
  headOf(list: number): number {
    return this.history.operationCount + list;
  }

  get hasReads(): boolean {
    return this.listOf.includes(READS);
  }

  /** Number of changes so far, for `undoTo`. */
  get changes(): number {
    return this.trail.length;
  }

  invoke(operation: number): void {
    const head = this.headOf(present(this.listOf[operation]));
    const last = present(this.previous[head]);
    this.link(operation, last, head);
    this.trail.push(operation * 4 + INVOKED);
  }

  /** Adds a read that takes effect as soon as it is invoked. */
  seeAtOnce(operation: number): void {
    this.done[operation] = 1;
    this.flip(operation);
    this.trail.push(operation * 4 + SEEN_AT_ONCE);
  }

  takeEffect(operation: number): void {
    this.unlink(operation);
    this.done[operation] = 1;
    if (this.listOf[operation] !== CRASHED) this.flip(operation);
    this.trail.push(operation * 4 + UNLINKED);
  }

  /** Completes an operation that has taken effect, which frees its slot. */
  complete(operation: number): void {
    this.flip(operation);
    this.trail.push(operation * 4 + RETURNED);
  }

  undoTo(changes: number): void {
    const { trail } = this;
    while (trail.length > changes) {
      const change = present(trail.values[--trail.length]);
      const operation = change >> 2;
      switch (change & 3) {
        case UNLINKED:
          this.done[operation] = 0;
          if (this.listOf[operation] !== CRASHED) this.flip(operation);
          this.link(operation, present(this.previous[operation]), present(this.next[operation]));
          break;
        case INVOKED:
          this.unlink(operation);
          break;
        case RETURNED:
          this.flip(operation);
          break;
        default:
          this.done[operation] = 0;
          this.flip(operation);
      }
    }
  }

  /**
   * Whether another pending operation of the same kind should go first, because it completes earlier or crashed
   * earlier. They are interchangeable, so one order of them is enough.
   */
  hasTwinAhead(operation: number): boolean {
    const { next, deadlineOf } = this;
    const { kindOf } = this.history;
    const kind = present(kindOf[operation]);
    if (this.pendingOfKind[kind] === 1) return false;
    const crashed = this.listOf[operation] === CRASHED;
    const moves = this.headOf(MOVES);
    const deadline = present(deadlineOf[operation]);
    for (let other = present(next[moves]); other !== moves; other = present(next[other]))
      if (kindOf[other] === kind && present(deadlineOf[other]) < deadline) return true;
    if (!crashed) return false;
    const head = this.headOf(CRASHED);
    for (let other = present(next[head]); other !== operation; other = present(next[other]))
      if (kindOf[other] === kind) return true;
    return false;
  }

  /** Yields the operations that have taken effect so far, in that order. */
  *effects(): Iterable<number> {
    for (let at = 0; at < this.trail.length; at++) {
      const change = this.trail.at(at);
      if ((change & 3) === UNLINKED || (change & 3) === SEEN_AT_ONCE) yield change >> 2;
    }
  }

  /** Yields the operations of a list, for showing them. */
  *pendingIn(list: number): Iterable<number> {
    const head = this.headOf(list);
    for (
      let operation = present(this.next[head]);
      operation !== head;
      operation = present(this.next[operation])
    )
      yield operation;
  }

  private link(operation: number, before: number, after: number): void {
    this.previous[operation] = before;
    this.next[operation] = after;
    this.next[before] = operation;
    this.previous[after] = operation;
    this.countKind(operation, 1);
  }

  private unlink(operation: number): void {
    const before = present(this.previous[operation]);
    const after = present(this.next[operation]);
    this.next[before] = after;
    this.previous[after] = before;
    this.countKind(operation, -1);
  }

  private countKind(operation: number, by: number): void {
    const kind = present(this.history.kindOf[operation]);
    this.pendingOfKind[kind] = present(this.pendingOfKind[kind]) + by;
  }

  private flip(operation: number): void {
    const slot = present(this.slotOf[operation]);
    const at = (slot >> 5) + (this.listOf[operation] === READS ? this.maskWords : 0);
    this.masks[at] = present(this.masks[at]) ^ (1 << (slot & 31));
  }
}
