/**
 * The operations of a FIFO queue before an event, as a search for its order needs them: enqueues and dequeues that
 * completed, in the order of their invocations, and those in doubt, by element.
 */
import { addTo, groupedBy } from '../../../columns/groups.ts';
import { lowerBound } from '../../../columns/lower-bound.ts';
import { present } from '../../../columns/present.ts';
import type { ObjectEvents } from '../object-events.ts';
import { DEQUEUE, DEQUEUE_ANY, ENQUEUE, type QueueKinds } from './unique-elements.ts';

export const NEVER = 0x7fffffff;

/** Enqueues, or dequeues, that completed. Those done are all before `next` but the skipped ones. */
export interface Done {
  readonly next: number;
  readonly skipped: readonly number[];
  /** When the first of the others ended: those that began later cannot come before it. */
  readonly deadline: number;
}

/** Operations of one kind that completed, in the order of their invocations. */
export class Side {
  readonly operations: Int32Array;
  readonly begins: Int32Array;
  readonly ends: Int32Array;
  readonly elements: Int32Array;
  /** The first end among an operation and all that began later. */
  private readonly firstEnds: Int32Array;
  private readonly byElement = new Map<number, OfElement>();

  constructor(found: readonly Found[]) {
    this.operations = Int32Array.from(found, ({ operation }) => operation);
    this.begins = Int32Array.from(found, ({ begin }) => begin);
    this.ends = Int32Array.from(found, ({ end }) => end);
    this.elements = Int32Array.from(found, ({ element }) => element);
    this.firstEnds = new Int32Array(found.length + 1).fill(NEVER);
    for (let at = found.length - 1; at >= 0; at--)
      this.firstEnds[at] = Math.min(present(this.firstEnds[at + 1]), present(this.ends[at]));
    const places = groupedBy(this.operations.keys(), (at) => present(this.elements[at]));
    for (const [element, own] of places) {
      const firstEnds = new Int32Array(own.length + 1).fill(NEVER);
      for (let i = own.length - 1; i >= 0; i--)
        firstEnds[i] = Math.min(present(firstEnds[i + 1]), present(this.ends[present(own[i])]));
      this.byElement.set(element, { places: own, firstEnds });
    }
  }

  get count(): number {
    return this.operations.length;
  }

  get noneDone(): Done {
    return { next: 0, skipped: [], deadline: present(this.firstEnds[0]) };
  }

  with(done: Done, at: number): Done {
    const skipped = done.skipped.filter((other) => other !== at);
    let { next } = done;
    while (next < at) skipped.push(next++);
    if (next === at) next++;
    let deadline = present(this.firstEnds[next]);
    for (const other of skipped) deadline = Math.min(deadline, present(this.ends[other]));
    return { next, skipped, deadline };
  }

  isComplete({ next, skipped }: Done): boolean {
    return next === this.count && skipped.length === 0;
  }

  /** Visits those not done that began before a place. */
  visit({ next, skipped }: Done, before: number, visitor: (at: number) => void): void {
    for (const at of skipped) if (present(this.begins[at]) < before) visitor(at);
    for (let at = next; at < this.count && present(this.begins[at]) < before; at++) visitor(at);
  }

  /** Returns how many operations have an element. */
  countOf(element: number): number {
    return this.byElement.get(element)?.places.length ?? 0;
  }

  /** Returns how many of them are done. */
  doneOf(element: number, { next, skipped }: Done): number {
    let count = lowerBound(this.byElement.get(element)?.places ?? [], next);
    for (const at of skipped) if (this.elements[at] === element) count--;
    return count;
  }

  /** Returns when the first of those not done ended. */
  firstEndOf(element: number, { next, skipped }: Done): number {
    const own = this.byElement.get(element);
    if (own === undefined) return NEVER;
    let first = present(own.firstEnds[lowerBound(own.places, next)]);
    for (const at of skipped)
      if (this.elements[at] === element) first = Math.min(first, present(this.ends[at]));
    return first;
  }

  /** Returns the operations not done. */
  left({ next, skipped }: Done): readonly number[] {
    return [...skipped, ...Array.from({ length: this.count - next }, (_, i) => next + i)];
  }
}

interface OfElement {
  readonly places: readonly number[];
  /** The first end among one of them and all that began later. */
  readonly firstEnds: Int32Array;
}

interface Found {
  readonly operation: number;
  readonly element: number;
  readonly begin: number;
  readonly end: number;
}

/** An operation that crashed, or is still open. */
export interface InDoubt {
  readonly operation: number;
  readonly begin: number;
}

export interface QueueSides {
  readonly enqueues: Side;
  readonly dequeues: Side;
  /** By element, in the order of invocation. */
  readonly enqueuesInDoubt: ReadonlyMap<number, readonly InDoubt[]>;
  /** Dequeues that are open, by the element they return later. */
  readonly openDequeues: ReadonlyMap<number, readonly InDoubt[]>;
  /** Dequeues that crashed, which may have taken any element. */
  readonly crashedDequeues: readonly InDoubt[];
}

/** Returns the operations that began before the event `end`; those that ended later are open there. */
export function queueSides(history: ObjectEvents, queue: QueueKinds, end: number): QueueSides {
  const { events, kindOf, operationCount } = history;
  const ends = new Int32Array(operationCount).fill(NEVER);
  for (let at = 0; at < end; at++) {
    const event = present(events[at]);
    if ((event & 1) === 1) ends[event >> 1] = at;
  }
  const enqueues: Found[] = [];
  const dequeues: Found[] = [];
  const enqueuesInDoubt = new Map<number, InDoubt[]>();
  const openDequeues = new Map<number, InDoubt[]>();
  const crashedDequeues: InDoubt[] = [];
  for (let begin = 0; begin < end; begin++) {
    const event = present(events[begin]);
    if ((event & 1) === 1) continue;
    const operation = event >> 1;
    const kind = present(kindOf[operation]);
    const element = queue.elementOf(kind);
    const role = queue.roleOf(kind);
    const found = { operation, element, begin, end: present(ends[operation]) };
    if (role === DEQUEUE_ANY) crashedDequeues.push(found);
    else if (found.end < NEVER) (role === ENQUEUE ? enqueues : dequeues).push(found);
    else addTo(role === DEQUEUE ? openDequeues : enqueuesInDoubt, element, found);
  }
  return {
    enqueues: new Side(enqueues),
    dequeues: new Side(dequeues),
    enqueuesInDoubt,
    openDequeues,
    crashedDequeues,
  };
}
