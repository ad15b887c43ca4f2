/**
 * Guesses an order of all points that agrees with the known edges and likely with the choices too: transactions in
 * order of completion, except that a writer of a key waits for all readers of the current version. Most valid histories
 * need nothing more.
 *
 *     x is 1, and T5 must still read it:     T7, which writes x, waits until T5 is placed
 *
 * Where all wait for each other, one goes ahead, and the search repairs the consequences.
 */
import { present } from '../../columns/present.ts';
import type { Meter } from '../budget/meter.ts';
import { Heap } from '../../columns/heap.ts';
import type { Polygraph } from './polygraph.ts';

/** Returns the position of each point; undefined if the known edges form a cycle. */
export function guessOrder(polygraph: Polygraph, meter: Meter): Int32Array | undefined {
  return new Guess(polygraph, meter).order();
}

/** Maximum number of waiting points examined before one is forced. */
const FORCED_AT_ONCE = 16;

class Guess {
  readonly #polygraph: Polygraph;
  readonly #meter: Meter;
  readonly #places: Int32Array;
  #placed = 0;
  readonly #indegrees: Int32Array;
  /** Helpers and ends of blocks, which wait for no key. */
  readonly #free: number[] = [];
  readonly #ready: Heap;
  readonly #waiting: Heap;
  /** Indexed by key: points that wait for it. */
  readonly #waitingFor: readonly Heap[];
  /** Keys for which a waiting point may be able to continue. */
  readonly #released: number[] = [];
  /** Indexed by key: the current version, and the running transaction that will write it, or -1. */
  readonly #current: Int32Array;
  readonly #locks: Int32Array;
  /** Indexed by version: the number of its readers that are not placed. */
  readonly #readersLeft: Int32Array;
  readonly #reads: readonly (readonly number[])[];
  readonly #writes: readonly (readonly number[])[];

  constructor(polygraph: Polygraph, meter: Meter) {
    this.#polygraph = polygraph;
    this.#meter = meter;
    const { graph, history, readers, firstVersions } = polygraph;
    this.#places = new Int32Array(graph.size).fill(-1);
    this.#indegrees = graph.indegrees();
    const ranks = Float64Array.from({ length: graph.size }, (_, point) => {
      const transaction = polygraph.transactionAt(point);
      return transaction < 0 ? -1 : present(history.hints[transaction]);
    });
    this.#ready = new Heap(ranks);
    this.#waiting = new Heap(ranks);
    this.#waitingFor = history.keys.map(() => new Heap(ranks));
    this.#current = Int32Array.from(firstVersions);
    this.#locks = new Int32Array(history.keys.length).fill(-1);
    this.#readersLeft = Int32Array.from(readers, ({ length }) => length);
    const { reads, writes } = polygraph.accesses();
    this.#reads = reads;
    this.#writes = writes;
  }

  order(): Int32Array | undefined {
    const { size } = this.#polygraph.graph;
    for (let point = 0; point < size; point++) if (this.#indegrees[point] === 0) this.#enter(point);
    while (this.#placed < size) {
      this.#meter.step(1);
      const free = this.#free.pop();
      if (free !== undefined) {
        this.#place(free);
        continue;
      }
      const key = this.#released.pop();
      if (key !== undefined) {
        this.#releaseFrom(key);
        continue;
      }
      const ready = this.#ready.pop() ?? this.#forced();
      if (ready === undefined) return undefined;
      if (this.#places[ready] === -1) this.#tryPoint(ready);
    }
    return this.#places;
  }

  #enter(point: number): void {
    if (this.#polygraph.transactionAt(point) < 0) this.#free.push(point);
    else this.#ready.push(point);
  }

  /** Retries the points that wait for a key until one of them is still blocked by that key. */
  #releaseFrom(key: number): void {
    const waiting = present(this.#waitingFor[key]);
    for (let point = waiting.pop(); point !== undefined; point = waiting.pop()) {
      this.#meter.step(1);
      if (this.#places[point] !== -1) continue;
      if (this.#tryPoint(point) === key) return;
    }
  }

  /** Places a point, or queues it for a key and returns that key. */
  #tryPoint(point: number): number {
    const key = this.#hindrance(point);
    if (key < 0) this.#place(point);
    else {
      present(this.#waitingFor[key]).push(point);
      this.#waiting.push(point);
    }
    return key;
  }

  /** Returns the key that blocks a point; -1 for none. */
  #hindrance(point: number): number {
    const polygraph = this.#polygraph;
    const transaction = polygraph.transactionAt(point);
    const writes = present(this.#writes[transaction]);
    const isCommit = point === polygraph.commit(transaction);
    const isBegin = point === polygraph.begin(transaction);
    for (const version of writes) {
      const key = present(polygraph.keysOf[version]);
      const current = present(this.#current[key]);
      const isNext = polygraph.parents[version] === current;
      const own = isBegin && isNext ? 1 : 0;
      if (isBegin) {
        const lock = present(this.#locks[key]);
        if (lock >= 0 && lock !== transaction) return key;
        if (!isNext && present(polygraph.onlyChildren[current]) >= 0) return key;
      }
      // Take a snapshot only when its writes can be committed at once.
      if (present(this.#readersLeft[current]) > own) return key;
    }
    if (isBegin && !isCommit && writes.length > 0 && this.#indegrees[point + 1] !== 1)
      return present(polygraph.keysOf[present(writes[0])]);
    return -1;
  }

  /** Places and returns the first waiting point that certainly breaks nothing, or else the first waiting point. */
  #forced(): number | undefined {
    const looked: number[] = [];
    let chosen: number | undefined;
    while (chosen === undefined && looked.length < FORCED_AT_ONCE) {
      const point = this.#waiting.pop();
      if (point === undefined) break;
      if (this.#places[point] !== -1) continue;
      if (this.#breaksNothing(point)) chosen = point;
      else looked.push(point);
    }
    const [first, ...others] = looked;
    if (chosen !== undefined) looked.forEach((point) => this.#waiting.push(point));
    else if (first !== undefined) others.forEach((point) => this.#waiting.push(point));
    const point = chosen ?? first;
    if (point !== undefined) this.#place(point);
    return point;
  }

  /** Whether a snapshot may be taken here even though it cannot be committed yet. */
  #breaksNothing(point: number): boolean {
    const polygraph = this.#polygraph;
    const transaction = polygraph.transactionAt(point);
    if (point === polygraph.commit(transaction)) return false;
    return present(this.#writes[transaction]).every((version) => {
      const key = present(polygraph.keysOf[version]);
      const current = present(this.#current[key]);
      if (present(this.#locks[key]) >= 0) return false;
      return polygraph.parents[version] === current || present(polygraph.onlyChildren[current]) < 0;
    });
  }

  #place(point: number): void {
    const polygraph = this.#polygraph;
    const { graph } = polygraph;
    this.#places[point] = this.#placed++;
    const transaction = polygraph.transactionAt(point);
    if (transaction >= 0 && point === polygraph.begin(transaction)) this.#begin(transaction);
    if (transaction >= 0 && point === polygraph.commit(transaction)) this.#commit(transaction);
    for (let edge = present(graph.firstOut[point]); edge >= 0; edge = present(graph.nextOut.values[edge])) {
      this.#meter.step(1);
      const to = present(graph.tos.values[edge]);
      const left = present(this.#indegrees[to]) - 1;
      this.#indegrees[to] = left;
      if (left === 0) this.#enter(to);
      else if (left === 1 && polygraph.isolation === 'snapshot') this.#noteAlmostReady(to);
    }
  }

  /** Readies a snapshot that was waiting for its commit to depend on nothing else. */
  #noteAlmostReady(point: number): void {
    const transaction = this.#polygraph.transactionAt(point);
    if (transaction < 0 || (point & 1) === 0 || this.#places[point - 1] !== -1) return;
    if (this.#indegrees[point - 1] === 0) this.#ready.push(point - 1);
  }

  #begin(transaction: number): void {
    for (const version of present(this.#reads[transaction])) {
      const left = present(this.#readersLeft[version]) - 1;
      this.#readersLeft[version] = left;
      const key = present(this.#polygraph.keysOf[version]);
      if (left <= 1 && this.#current[key] === version) this.#released.push(key);
    }
    for (const version of present(this.#writes[transaction]))
      this.#locks[present(this.#polygraph.keysOf[version])] = transaction;
  }

  #commit(transaction: number): void {
    for (const version of present(this.#writes[transaction])) {
      const key = present(this.#polygraph.keysOf[version]);
      this.#current[key] = version;
      if (this.#locks[key] === transaction) this.#locks[key] = -1;
      this.#released.push(key);
    }
  }
}
