/**
 * The writes whose value a read can have found: those of the value that it returned, except those that another value is known
 * to have followed before the read began.
 *
 *     p0  |- write 1 -|                                     not this one: 2 came after it, and the read after 2
 *     p1                |- write 2 -|  |- read -> 1 -|
 *     p2                               |-- write 1 --|      only this one
 */
import { firstNotBefore } from '../../../columns/lower-bound.ts';
import { present } from '../../../columns/present.ts';
import type { ObjectEvents } from '../object-events.ts';
import { NEVER, placesOf, type OperationPlaces } from '../operation-places.ts';
import type { RegisterKinds } from './unique-writes.ts';

const BEFORE_ALL = -2;
/** Maximum number of writes returned for a read. */
const MANY = 64;

/** The writes of one value in the order of their invocation. */
interface WritesOfValue {
  readonly completed: number[];
  /** For each of them, the last completion of it and those before it. */
  readonly completedBy: number[];
  readonly crashed: number[];
}

export class PossibleWrites implements OperationPlaces {
  readonly initial: number;
  readonly invokedAt: Int32Array;
  readonly returnsAt: Int32Array;
  private readonly writes: WritesOfValue[] = [];
  /** Indexed by operation: the last beginning of an operation with another value that ended before it began. */
  private readonly supersededAt: Int32Array;

  constructor(
    private readonly history: ObjectEvents,
    private readonly register: RegisterKinds,
  ) {
    const { eventCount, events } = history;
    ({ initial: this.initial, invokedAt: this.invokedAt, returnsAt: this.returnsAt } = placesOf(history));
    this.addWrite(this.initial, 0);
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      const kind = present(history.kindOf[event >> 1]);
      if ((event & 1) === 0 && !register.isReadOnly(kind))
        this.addWrite(event >> 1, register.stateAfter(kind));
    }
    this.supersededAt = this.superseded();
  }

  private addWrite(write: number, value: number): void {
    const of = (this.writes[value] ??= { completed: [], completedBy: [], crashed: [] });
    const returns = present(this.returnsAt[write]);
    if (returns === NEVER) of.crashed.push(write);
    else {
      of.completed.push(write);
      of.completedBy.push(Math.max(returns, of.completedBy.at(-1) ?? -1));
    }
  }

  /** Returns the value that an operation found, or -1 for a write. */
  found(operation: number): number {
    const kind = present(this.history.kindOf[operation]);
    return this.register.isReadOnly(kind) ? this.register.stateAfter(kind) : this.register.stateBefore(kind);
  }

  /**
   * Returns completed writes before crashed ones, the latest first; not all if they are very many. `end` is the place by which
   * the operation is known to have happened.
   */
  of(operation: number, end = present(this.returnsAt[operation])): readonly number[] {
    const { completed, completedBy, crashed } = this.writes[this.found(operation)] ?? NO_WRITES;
    const since = present(this.supersededAt[operation]);
    const possible: number[] = [];
    for (let at = this.lastBefore(completed, end); at >= 0 && possible.length < MANY; at--) {
      if (present(completedBy[at]) <= since) break;
      const write = present(completed[at]);
      if (write !== operation && present(this.returnsAt[write]) > since) possible.push(write);
    }
    for (let at = this.lastBefore(crashed, end); at >= 0 && possible.length < MANY; at--)
      if (crashed[at] !== operation) possible.push(present(crashed[at]));
    return possible;
  }

  /** Returns the position of the last write invoked before that place, or -1. */
  private lastBefore(writes: readonly number[], end: number): number {
    const { invokedAt } = this;
    return firstNotBefore(writes.length, (at) => present(invokedAt[present(writes[at])]) < end) - 1;
  }

  private superseded(): Int32Array {
    const { history, register, invokedAt } = this;
    const superseded = new Int32Array(history.operationCount + 1).fill(BEFORE_ALL);
    // The last beginning of all that ended so far, its value, and the last one with any other value.
    let last = BEFORE_ALL;
    let lastValue = -1;
    let other = BEFORE_ALL;
    for (let at = 0; at < history.eventCount; at++) {
      const event = present(history.events[at]);
      const operation = event >> 1;
      if ((event & 1) === 0) {
        superseded[operation] = this.found(operation) === lastValue ? other : last;
        continue;
      }
      const began = present(invokedAt[operation]);
      const value = register.stateAfter(present(history.kindOf[operation]));
      if (began > last) {
        if (value !== lastValue) other = last;
        last = began;
        lastValue = value;
      } else if (value !== lastValue && began > other) other = began;
    }
    return superseded;
  }
}

const NO_WRITES: WritesOfValue = { completed: [], completedBy: [], crashed: [] };
