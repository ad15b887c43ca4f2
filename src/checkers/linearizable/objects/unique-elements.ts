/**
 * Checks a FIFO queue whose elements were each enqueued once in linear time, after Henzinger, Sezgin and Vafeiadis
 * ("Aspect-oriented linearizability proofs", 2013). A history is invalid exactly when
 *
 * - an element is dequeued without having been enqueued, or before its enqueue began, or twice;
 * - of two elements the one that was certainly enqueued later is certainly dequeued before the other:
 *
 *       enq a |--|   |--| enq b   deq b |--|   |--| deq a        or a is never dequeued
 *
 * Crashed operations are added with care: an enqueue counts if its element was dequeued, and then never ends. A dequeue
 * may have taken any remaining element. An overtaken element needs a crashed dequeue that began before its deadline,
 * and only the earliest dequeues matter, so counting decides.
 */
import { present } from '../../../columns/present.ts';
import type { ObjectEvents, SearchOutcome } from '../object-events.ts';
import { firstBadCompletion } from './prefix-search.ts';

export interface QueueKinds {
  /** Returns ENQUEUE, DEQUEUE, or DEQUEUE_ANY for a crashed dequeue. */
  roleOf(kind: number): number;
  /** Returns the element as a number. */
  elementOf(kind: number): number;
  readonly elementCount: number;
  /** Returns the state of a queue of these elements. */
  stateOfElements(elements: readonly number[]): number;
}

export const ENQUEUE = 0;
export const DEQUEUE = 1;
export const DEQUEUE_ANY = 2;

const NEVER = 0x7fffffff;

/** Returns undefined if an element was enqueued more than once, when this check does not apply. */
export function judgeUniqueElements(history: ObjectEvents, queue: QueueKinds): SearchOutcome | undefined {
  const elements = Elements.of(history, queue);
  if (elements === undefined) return undefined;
  const bad = firstBadCompletion(history, (end) => elements.fitUpTo(end));
  if (bad === undefined) return { valid: true };
  const failing = present(history.events[bad]) >> 1;
  return {
    valid: false,
    operation: failing,
    configurations: [
      {
        state: queue.stateOfElements(elements.leftAt(bad)),
        pending: [failing, ...elements.openAt(bad).filter((operation) => operation !== failing)],
      },
    ],
  };
}

/** The times at which each element was enqueued and dequeued, as places in the history. */
class Elements {
  private readonly enqueueBegins: Int32Array;
  private readonly enqueueEnds: Int32Array;
  /** Indexed by dequeue operation. */
  private readonly dequeueBegins: Int32Array;
  private readonly returnsAt: Int32Array;

  static of(history: ObjectEvents, queue: QueueKinds): Elements | undefined {
    const elements = new Elements(history, queue);
    return elements.read() ? elements : undefined;
  }

  private constructor(
    private readonly history: ObjectEvents,
    private readonly queue: QueueKinds,
  ) {
    const { elementCount } = queue;
    this.enqueueBegins = new Int32Array(elementCount).fill(NEVER);
    this.enqueueEnds = new Int32Array(elementCount).fill(NEVER);
    this.dequeueBegins = new Int32Array(history.operationCount);
    this.returnsAt = new Int32Array(history.operationCount).fill(NEVER);
  }

  /** Reads the history. Returns false if an element is enqueued twice. */
  private read(): boolean {
    const { events, eventCount, kindOf } = this.history;
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      const operation = event >> 1;
      const kind = present(kindOf[operation]);
      const ends = (event & 1) === 1;
      if (ends) this.returnsAt[operation] = at;
      if (this.queue.roleOf(kind) !== ENQUEUE) {
        if (!ends) this.dequeueBegins[operation] = at;
        continue;
      }
      const element = this.queue.elementOf(kind);
      if (ends) this.enqueueEnds[element] = at;
      else if (this.enqueueBegins[element] === NEVER) this.enqueueBegins[element] = at;
      else return false;
    }
    return true;
  }

  /** Whether the history before the event `end` fits. Operations open there may or may not have taken effect. */
  fitUpTo(end: number): boolean {
    const taken = this.takenBefore(end);
    if (taken === undefined || !this.inOrder(end, taken)) return false;
    const deadlines = this.deadlinesOf(end, taken)
      .map(({ deadline }) => deadline)
      .sort((a, b) => a - b);
    return deadlines.every((deadline, i) => (taken.byAny[i] ?? NEVER) < deadline);
  }

  /** Returns the elements in the queue at an event before which the history fits, first enqueued first. */
  leftAt(end: number): readonly number[] {
    const taken = this.takenBefore(end);
    if (taken === undefined) return [];
    const gone = new Set(this.deadlinesOf(end, taken, true).map(({ element }) => element));
    const left: number[] = [];
    this.walk(end, (element, at) => {
      if (this.enqueueEnds[element] === at && taken.ends[element] === NEVER && !gone.has(element))
        left.push(element);
      return true;
    });
    return left;
  }

  /** Returns the operations that are open at an event and complete later. */
  openAt(end: number): readonly number[] {
    const { events } = this.history;
    const open: number[] = [];
    for (let at = 0; at < end; at++) {
      const event = present(events[at]);
      const returns = present(this.returnsAt[event >> 1]);
      if ((event & 1) === 0 && returns >= end && returns < NEVER) open.push(event >> 1);
    }
    return open;
  }

  /** Returns undefined if an element was dequeued that was not there, or twice. */
  private takenBefore(end: number): Taken | undefined {
    const { events, kindOf } = this.history;
    const { queue, enqueueBegins, dequeueBegins } = this;
    const taken: Taken = {
      begins: new Int32Array(queue.elementCount).fill(NEVER),
      ends: new Int32Array(queue.elementCount).fill(NEVER),
      byAny: [],
    };
    for (let at = 0; at < end; at++) {
      const event = present(events[at]);
      const operation = event >> 1;
      const kind = present(kindOf[operation]);
      const role = queue.roleOf(kind);
      if (role === ENQUEUE) continue;
      if (role === DEQUEUE_ANY) {
        taken.byAny.push(at);
        continue;
      }
      const element = queue.elementOf(kind);
      if ((event & 1) === 0) {
        // If it is still open at `end`, it may have taken its element.
        if (taken.ends[element] === NEVER && at < present(taken.begins[element])) taken.begins[element] = at;
        continue;
      }
      if (present(enqueueBegins[element]) > at || taken.ends[element] !== NEVER) return undefined;
      taken.begins[element] = present(dequeueBegins[operation]);
      taken.ends[element] = at;
    }
    return taken;
  }

  /** Whether no dequeued element overtook one that was dequeued later. */
  private inOrder(end: number, { begins, ends }: Taken): boolean {
    let lastBegin = -1;
    return this.walk(end, (element, at) => {
      if (ends[element] === NEVER) return true;
      if (this.enqueueEnds[element] === at) lastBegin = Math.max(lastBegin, present(begins[element]));
      return this.enqueueBegins[element] !== at || lastBegin < present(ends[element]);
    });
  }

  /**
   * Returns elements still in the queue although one enqueued later was dequeued, each with the deadline before which
   * its dequeue must have begun. With `all`, includes those that their own open dequeue may have taken in time.
   */
  private deadlinesOf(end: number, { begins, ends }: Taken, all = false): readonly Overtaken[] {
    const overtaken: Overtaken[] = [];
    let deadline = NEVER;
    const { events, kindOf } = this.history;
    for (let at = end - 1; at >= 0; at--) {
      const kind = present(kindOf[present(events[at]) >> 1]);
      if (this.queue.roleOf(kind) !== ENQUEUE) continue;
      const element = this.queue.elementOf(kind);
      const dequeued = present(ends[element]);
      if (this.enqueueBegins[element] === at) deadline = Math.min(deadline, dequeued);
      else if (dequeued === NEVER && deadline < NEVER && (all || present(begins[element]) > deadline))
        overtaken.push({ element, deadline });
    }
    return overtaken;
  }

  /** Visits the beginnings and ends of enqueues until the visitor returns false. Returns true if it never did. */
  private walk(end: number, visit: (element: number, at: number) => boolean): boolean {
    const { events, kindOf } = this.history;
    for (let at = 0; at < end; at++) {
      const kind = present(kindOf[present(events[at]) >> 1]);
      if (this.queue.roleOf(kind) === ENQUEUE && !visit(this.queue.elementOf(kind), at)) return false;
    }
    return true;
  }
}

interface Taken {
  /** Indexed by element: when its dequeue began and ended; NEVER if it is open or missing. */
  readonly begins: Int32Array;
  readonly ends: Int32Array;
  /** Beginnings of crashed dequeues, which may have taken any element. */
  readonly byAny: number[];
}

interface Overtaken {
  readonly element: number;
  readonly deadline: number;
}
