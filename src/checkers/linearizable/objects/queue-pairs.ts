/**
 * Searches the order of a FIFO queue whose elements were enqueued several times.
 *
 *     enq a |---|                                deq -> a |---|       pair 1
 *        enq b |---|                       deq -> b |---|             pair 2
 *           enq a |---|                         deq -> a |--|         pair 3, or 1
 *
 * In a linearization the i-th enqueue and the i-th dequeue have the same element. So an order is a sequence of such
 * pairs: a search that takes pair after pair meets both ends of the queue at once, however long the queue is. It never
 * guesses an order of enqueues that only a much later dequeue refutes. A sequence of pairs is an order exactly when
 *
 * - enqueues, and dequeues, follow each other as they did in the history;
 * - no dequeue ended before its enqueue, or an enqueue of an earlier pair, began.
 *
 * What is left of the completed enqueues stays in the queue. Which pair comes next is a choice of its element only:
 * of several enqueues, or dequeues, of one element the one that ended first can come first, and those that completed
 * before those in doubt. If the first ones of all that are left make a pair, it is one in some order, if there is any,
 * and can come at once. So there is a choice only where one operation on an element lies within another:
 *
 *        enq a |-------------|
 *           enq a |---|                                               they could be first, each, in different orders
 *
 * The search goes from level to level, one pair each. It keeps some of the configurations, and more of them from
 * farther back after a dead end, in the end all.
 */
import { present } from '../../../columns/present.ts';
import type { Budget } from '../../checker.ts';
import type { ObjectEvents } from '../object-events.ts';
import { NEVER, queueSides, type Done, type InDoubt, type QueueSides, type Side } from './queue-sides.ts';
import type { QueueKinds } from './unique-elements.ts';

/** Configurations kept on a level while there is no dead end, and the factor by which it grows after one. */
const NARROW = 8;
const WIDER = 8;
/** Levels to go back from a dead end, and between checkpoints; the factor by which it grows if it was not enough. */
const STEP_BACK = 64;
const FARTHER = 4;
/** Maximum number of configurations made if no budget ends the search, and between looks at the budget. */
const MOST_CONFIGURATIONS = 16_000_000;
const UNASKED = 4096;

/** The pairs taken, the last one first. */
interface Trail {
  readonly enqueue: number;
  readonly dequeue: number;
  readonly before: Trail | undefined;
}

interface Configuration {
  readonly trail: Trail | undefined;
  readonly enqueued: Done;
  readonly dequeued: Done;
  /** The elements that dequeues in doubt took, in ascending order. With them, the rest follows. */
  readonly taken: readonly number[];
  /** The open dequeues among these. */
  readonly opened: readonly number[];
}

interface Checkpoint {
  readonly level: number;
  readonly configurations: readonly Configuration[];
  /** Whether these are all possible ones. */
  readonly isWhole: boolean;
}

export type PairsFound =
  | { readonly fits: true; readonly order: readonly number[]; readonly left: readonly number[] }
  | { readonly fits: false; readonly level: number }
  | { readonly fits: 'unknown'; readonly level: number };

/** Looks for an order of the operations before the event `end`; open ones may or may not have taken effect. */
export function findPairs(
  history: ObjectEvents,
  queue: QueueKinds,
  { end, budget }: { readonly end: number; readonly budget?: Budget | undefined },
): PairsFound {
  const sides = queueSides(history, queue, end);
  const pairs = new QueuePairs(sides, queue.elementCount);
  let current: readonly Configuration[] = [pairs.first];
  let isWhole = true;
  let level = 0;
  let width = NARROW;
  let back = STEP_BACK;
  let wideUntil = -1;
  let unasked = 0;
  let made = 0;
  const checkpoints: Checkpoint[] = [];
  for (;;) {
    const found = current.find(({ dequeued }) => sides.dequeues.isComplete(dequeued));
    if (found !== undefined) return { fits: true, ...inOneOrder(found, sides, history) };
    if (level > wideUntil) {
      width = NARROW;
      back = STEP_BACK;
    }
    if (level % STEP_BACK === 0 && checkpoints.at(-1)?.level !== level)
      checkpoints.push({ level, configurations: current, isWhole });
    const next = pairs.after(current);
    made += next.length;
    unasked += next.length + 1;
    if (unasked > UNASKED) {
      if (budget?.exhausted() === true || isTooMuch(budget, unasked, made)) return { fits: 'unknown', level };
      unasked = 0;
    }
    if (next.length > 0) {
      current = next.length > width ? pairs.best(next, width) : next;
      isWhole &&= next.length <= width;
      level++;
      continue;
    }
    if (isWhole) return { fits: false, level };
    wideUntil = Math.max(wideUntil, level + STEP_BACK);
    width *= WIDER;
    const from = Math.max(0, level - back);
    back *= FARTHER;
    while (checkpoints.length > 1 && present(checkpoints.at(-1)).level > from) checkpoints.pop();
    ({ level, configurations: current, isWhole } = present(checkpoints.at(-1)));
  }
}

function isTooMuch(budget: Budget | undefined, unasked: number, made: number): boolean {
  if (budget?.isFinite === true) return false;
  const shared = budget?.shared;
  if (shared !== undefined) shared.configurationsLeft -= unasked;
  return made > MOST_CONFIGURATIONS || (shared?.configurationsLeft ?? 0) < 0;
}

class QueuePairs {
  /** Indexed by element: the operation that could come next, valid if marked in this round. */
  private readonly enqueueOf: Int32Array;
  private readonly enqueueRound: Int32Array;
  private readonly dequeueOf: Int32Array;
  private readonly dequeueRound: Int32Array;
  private round = 0;

  constructor(
    private readonly sides: QueueSides,
    elementCount: number,
  ) {
    this.enqueueOf = new Int32Array(elementCount);
    this.enqueueRound = new Int32Array(elementCount);
    this.dequeueOf = new Int32Array(elementCount);
    this.dequeueRound = new Int32Array(elementCount);
  }

  get first(): Configuration {
    const { enqueues, dequeues } = this.sides;
    return {
      trail: undefined,
      enqueued: enqueues.noneDone,
      dequeued: dequeues.noneDone,
      taken: [],
      opened: [],
    };
  }

  /** Returns the configurations with one more pair, each once. */
  after(current: readonly Configuration[]): readonly Configuration[] {
    const byHash = new Map<number, Configuration[]>();
    const all: Configuration[] = [];
    const add = (one: Configuration): void => {
      const hash = hashOf(one);
      const known = byHash.get(hash);
      if (known === undefined) byHash.set(hash, [one]);
      else if (known.some((other) => isSame(one, other))) return;
      else known.push(one);
      all.push(one);
    };
    for (const one of current) this.visitNext(one, add);
    return all;
  }

  /** Returns those that can go farthest, it seems: what is most urgent is done. */
  best(configurations: readonly Configuration[], width: number): readonly Configuration[] {
    const urgent = ({ enqueued, dequeued }: Configuration): number => enqueued.deadline + dequeued.deadline;
    return configurations.toSorted((one, other) => urgent(other) - urgent(one)).slice(0, width);
  }

  private visitNext(from: Configuration, add: (one: Configuration) => void): void {
    const { enqueues, dequeues, enqueuesInDoubt } = this.sides;
    const { enqueued, dequeued } = from;
    const round = ++this.round;
    const latest = Math.min(enqueued.deadline, dequeued.deadline);
    const enqueueElements = firstOfEach(enqueues, {
      done: enqueued,
      before: latest,
      round,
      rounds: this.enqueueRound,
      found: this.enqueueOf,
    });
    const dequeueElements = firstOfEach(dequeues, {
      done: dequeued,
      before: dequeued.deadline,
      round,
      rounds: this.dequeueRound,
      found: this.dequeueOf,
    });
    const isFirst = (element: number): boolean =>
      dequeues.firstEndOf(element, dequeued) === dequeues.ends[present(this.dequeueOf[element])] &&
      enqueues.firstEndOf(element, enqueued) ===
        (this.enqueueRound[element] === round ? enqueues.ends[present(this.enqueueOf[element])] : NEVER);
    const pair = (element: number): Configuration | undefined => {
      const dequeue = present(this.dequeueOf[element]);
      const trail = { dequeue: present(dequeues.operations[dequeue]), before: from.trail };
      if (this.enqueueRound[element] === round) {
        const enqueue = present(this.enqueueOf[element]);
        return {
          ...from,
          trail: { ...trail, enqueue: present(enqueues.operations[enqueue]) },
          enqueued: enqueues.with(enqueued, enqueue),
          dequeued: dequeues.with(dequeued, dequeue),
        };
      }
      const inDoubt = enqueuesInDoubt.get(element)?.[this.usedInDoubt(from, element)];
      if (inDoubt === undefined || inDoubt.begin > latest) return undefined;
      return {
        ...from,
        trail: { ...trail, enqueue: inDoubt.operation },
        dequeued: dequeues.with(dequeued, dequeue),
      };
    };
    for (const element of dequeueElements) {
      const first = isFirst(element) ? pair(element) : undefined;
      if (first !== undefined) return add(first);
    }
    for (const element of dequeueElements) {
      const one = pair(element);
      if (one !== undefined) add(one);
    }
    for (const element of enqueueElements)
      if (this.dequeueRound[element] !== round) this.takeInDoubt(from, element, add);
  }

  /** Lets a dequeue in doubt take an element, if the others of its kind suffice for the dequeues that completed. */
  private takeInDoubt(from: Configuration, element: number, add: (one: Configuration) => void): void {
    const { enqueues, dequeues, enqueuesInDoubt, openDequeues, crashedDequeues } = this.sides;
    const { taken, opened, dequeued } = from;
    const isAvailable = (one: InDoubt | undefined): one is InDoubt =>
      one !== undefined && one.begin < dequeued.deadline;
    const open = openDequeues
      .get(element)
      ?.find((one) => isAvailable(one) && !opened.includes(one.operation));
    const crashed = crashedDequeues[taken.length - opened.length];
    const inDoubt = open ?? (isAvailable(crashed) ? crashed : undefined);
    if (inDoubt === undefined) return;
    const spare =
      enqueues.countOf(element) +
      (enqueuesInDoubt.get(element)?.length ?? 0) -
      dequeues.countOf(element) -
      countIn(taken, element);
    if (spare <= 0) return;
    const enqueue = present(this.enqueueOf[element]);
    add({
      trail: {
        enqueue: present(enqueues.operations[enqueue]),
        dequeue: inDoubt.operation,
        before: from.trail,
      },
      enqueued: enqueues.with(from.enqueued, enqueue),
      dequeued,
      taken: [...taken, element].sort((a, b) => a - b),
      opened: open === undefined ? opened : [...opened, open.operation].sort((a, b) => a - b),
    });
  }

  /** Returns how many enqueues in doubt of an element have been dequeued. */
  private usedInDoubt({ enqueued, dequeued, taken }: Configuration, element: number): number {
    const { enqueues, dequeues } = this.sides;
    return dequeues.doneOf(element, dequeued) + countIn(taken, element) - enqueues.doneOf(element, enqueued);
  }
}

/** Finds, for each element, the operation not done that ended first. Returns the elements found. */
function firstOfEach(
  side: Side,
  {
    done,
    before,
    round,
    rounds,
    found,
  }: {
    readonly done: Done;
    readonly before: number;
    readonly round: number;
    readonly rounds: Int32Array;
    readonly found: Int32Array;
  },
): readonly number[] {
  const elements: number[] = [];
  side.visit(done, before, (at) => {
    const element = present(side.elements[at]);
    if (rounds[element] !== round) {
      rounds[element] = round;
      found[element] = at;
      elements.push(element);
    } else if (present(side.ends[at]) < present(side.ends[present(found[element])])) found[element] = at;
  });
  return elements;
}

function countIn(elements: readonly number[], element: number): number {
  let count = 0;
  for (const other of elements) if (other === element) count++;
  return count;
}

function hashOf({ enqueued, dequeued, taken, opened }: Configuration): number {
  let hash = Math.imul(enqueued.next, 0x9e3779b1) ^ Math.imul(dequeued.next, 0x85ebca6b);
  for (const numbers of [enqueued.skipped, dequeued.skipped, taken, opened])
    for (const number of numbers) hash = Math.imul(hash ^ number, 0x01000193) ^ (hash >>> 15);
  return hash;
}

function isSame(one: Configuration, other: Configuration): boolean {
  return (
    one.enqueued.next === other.enqueued.next &&
    one.dequeued.next === other.dequeued.next &&
    areEqual(one.enqueued.skipped, other.enqueued.skipped) &&
    areEqual(one.dequeued.skipped, other.dequeued.skipped) &&
    areEqual(one.taken, other.taken) &&
    areEqual(one.opened, other.opened)
  );
}

const areEqual = (one: readonly number[], other: readonly number[]): boolean =>
  one === other || (one.length === other.length && one.every((number, at) => number === other[at]));

/** Returns the operations in an order that the pairs allow, and the enqueues whose elements are left. */
function inOneOrder(
  { trail, enqueued }: Configuration,
  { enqueues }: QueueSides,
  history: ObjectEvents,
): { readonly order: readonly number[]; readonly left: readonly number[] } {
  const pairs: Trail[] = [];
  for (let one = trail; one !== undefined; one = one.before) pairs.push(one);
  pairs.reverse();
  const left = enqueues
    .left(enqueued)
    .toSorted((one, other) => present(enqueues.begins[one]) - present(enqueues.begins[other]))
    .map((at) => present(enqueues.operations[at]));
  const first = [...pairs.map(({ enqueue }) => enqueue), ...left];
  const begins = new Int32Array(history.operationCount);
  const ends = new Float64Array(history.operationCount).fill(Infinity);
  for (let at = 0; at < history.eventCount; at++) {
    const event = present(history.events[at]);
    if ((event & 1) === 0) begins[event >> 1] = at;
    else ends[event >> 1] = at;
  }
  // The first end among an enqueue and those after it: a dequeue that began later must wait for them.
  const firstEnds = new Float64Array(first.length + 1).fill(Infinity);
  for (let at = first.length - 1; at >= 0; at--)
    firstEnds[at] = Math.min(present(firstEnds[at + 1]), present(ends[present(first[at])]));
  const order: number[] = [];
  let done = 0;
  for (const [at, { dequeue }] of pairs.entries()) {
    while (done <= at || present(firstEnds[done]) < present(begins[dequeue]))
      order.push(present(first[done++]));
    order.push(dequeue);
  }
  return { order: [...order, ...first.slice(done)], left };
}
