/**
 * Looks for an order by replaying the transactions one by one on a store that keeps one version of each key. It is
 * known which version each transaction read, so most of the order follows:
 *
 *     x is 1, and T5 must still read it:    a writer of x waits for T5
 *     T5 also reads y 2:                    and for T3, which writes it, and for all that must still read the current y
 *
 * Read-only transactions are placed as soon as possible, and so are writes that no transaction reads: neither can block
 * another. The open question is which of the other writers is next. The one due first is tried first. When the writers
 * wait for each other in a cycle, the last choice is undone. Gives up when that happens too often: finding no order
 * proves nothing.
 */
import { present } from '../../columns/present.ts';
import type { Meter } from '../budget/meter.ts';
import type { Polygraph } from './polygraph.ts';

/** Returns the position of each point in an order that agrees with all choices; undefined if none was found. */
export function replayOrder(polygraph: Polygraph, meter: Meter): Int32Array | undefined {
  // A serial order is also valid under snapshots, and leaves fewer choices.
  const apart = polygraph.isolation === 'serial' ? undefined : new Replay(polygraph, meter, true).order();
  return apart ?? new Replay(polygraph, meter, false).order();
}

/** Maximum number of choices undone before giving up. */
const MOST_TAKEN_BACK = 2000;
/** Number of unplaced transactions, earliest due first, that are considered as next, and how many of them are tried. */
const WINDOW = 64;
const TRIED = 8;
/** Maximum number of edges followed to detect writers that wait in a cycle. */
const LOOKED_AT = 1000;

/** A choice: the number of points placed before it, and the alternatives left. */
interface Fork {
  readonly length: number;
  others: number[] | undefined;
  readonly first: number;
}

class Replay {
  readonly #polygraph: Polygraph;
  readonly #meter: Meter;
  readonly #isSerial: boolean;
  /** Whether a snapshot is taken only when its commit can follow at once. */
  readonly #isAtOnce: boolean;
  readonly #reads: readonly (readonly number[])[];
  readonly #writes: readonly (readonly number[])[];
  readonly #indegrees: Int32Array;
  /** Transactions, earliest due first; and indexed by transaction, its position there. */
  #queue: Int32Array = new Int32Array(0);
  #ranks: Int32Array = new Int32Array(0);
  #next = 0;
  /** Indexed by point. */
  readonly #places: Int32Array;
  readonly #placed: number[] = [];
  /** Points that can and should be placed. */
  readonly #free: number[] = [];
  /** Indexed by key: the current version, and the running transaction that will write it, or -1. */
  readonly #current: Int32Array;
  readonly #locks: Int32Array;
  /** Indexed by version: the number of its readers that have not begun. */
  readonly #readersLeft: Int32Array;
  /** The version that each placed write replaced. */
  readonly #overwritten: number[] = [];
  /** Versions and locks added since the last choice. */
  readonly #freshVersions: number[] = [];
  readonly #freshLocks: number[] = [];
  #hashHigh = 0;
  #hashLow = 0;
  readonly #seen = new Set<number>();
  /** Indexed by point: the mark of the last search that reached it. */
  readonly #marks: Int32Array;
  #mark = 0;

  constructor(polygraph: Polygraph, meter: Meter, isAtOnce: boolean) {
    this.#isAtOnce = isAtOnce;
    this.#polygraph = polygraph;
    this.#meter = meter;
    this.#isSerial = polygraph.isolation === 'serial';
    const { graph, history, readers, firstVersions } = polygraph;
    this.#places = new Int32Array(graph.size).fill(-1);
    this.#marks = new Int32Array(graph.size);
    this.#indegrees = graph.indegrees();
    this.#current = Int32Array.from(firstVersions);
    this.#locks = new Int32Array(history.keys.length).fill(-1);
    this.#readersLeft = Int32Array.from(readers, ({ length }) => length);
    const { reads, writes } = polygraph.accesses();
    this.#reads = reads;
    this.#writes = writes;
  }

  order(): Int32Array | undefined {
    if (!this.#lineUp()) return undefined;
    const { size } = this.#polygraph.graph;
    for (let point = 0; point < size; point++) if (this.#indegrees[point] === 0) this.#enter(point);
    this.#placeFree();
    const forks: Fork[] = [];
    let takenBack = 0;
    while (this.#placed.length < size) {
      const [first] = this.#candidates(1);
      if (first !== undefined) {
        const fork: Fork = { length: this.#placed.length, first, others: undefined };
        const isSafe = this.#leavesNothing(first);
        const went = this.#go(first);
        if (!went || !isSafe) forks.push(fork);
        if (went) continue;
      }
      for (;;) {
        const fork = forks.at(-1);
        if (fork === undefined || ++takenBack > MOST_TAKEN_BACK) return undefined;
        this.#backTo(fork.length);
        fork.others ??= this.#candidates(TRIED)
          .filter((point) => point !== fork.first)
          .toReversed();
        const other = fork.others.pop();
        if (other === undefined) forks.pop();
        else if (this.#go(other)) break;
      }
    }
    return this.#places;
  }

  /**
   * Queues transactions by due time: the earliest completion among the transaction and those that must follow it. False
   * if the known edges form a cycle.
   */
  #lineUp(): boolean {
    const { graph, history } = this.#polygraph;
    const { transactions, hints } = history;
    const sorted = graph.sorted(this.#indegrees.slice());
    this.#meter.step(graph.edges);
    if (sorted.length < graph.size) return false;
    const due = new Float64Array(graph.size).fill(Infinity);
    for (const point of sorted.toReversed()) {
      const transaction = this.#polygraph.transactionAt(point);
      let least = transaction < 0 ? Infinity : present(hints[transaction]);
      for (let edge = present(graph.firstOut[point]); edge >= 0; edge = present(graph.nextOut.values[edge])) {
        const after = present(due[present(graph.tos.values[edge])]);
        if (after < least) least = after;
      }
      due[point] = least;
    }
    const dueOf = (transaction: number): number => present(due[this.#polygraph.commit(transaction)]);
    this.#queue = Int32Array.from({ length: transactions }, (_, transaction) => transaction).sort(
      (left, right) => dueOf(left) - dueOf(right) || present(hints[left]) - present(hints[right]),
    );
    this.#ranks = new Int32Array(transactions);
    for (const [rank, transaction] of this.#queue.entries()) this.#ranks[transaction] = rank;
    return true;
  }

  #isPlaced(point: number): boolean {
    return present(this.#places[point]) >= 0;
  }

  /**
   * Places a transaction's first point and everything that then follows. If that is a dead end, places nothing and
   * returns false.
   */
  #go(point: number): boolean {
    const lengthBefore = this.#placed.length;
    this.#freshVersions.length = this.#freshLocks.length = 0;
    this.#place(point);
    this.#placeFree();
    const state = (this.#hashHigh >>> 0) * 0x200000 + (this.#hashLow >>> 11);
    if (!this.#seen.has(state) && !this.#isStuck()) {
      this.#seen.add(state);
      return true;
    }
    this.#backTo(lengthBefore);
    return false;
  }

  /** Whether it can commit now, and no remaining transaction reads what it writes. */
  #leavesNothing(point: number): boolean {
    const writes = present(this.#writes[this.#polygraph.transactionAt(point)]);
    return writes.every((version) => this.#readersLeft[version] === 0) && this.#canCommit(point);
  }

  #placeFree(): void {
    for (let point = this.#free.pop(); point !== undefined; point = this.#free.pop())
      if (!this.#isPlaced(point)) this.#place(point);
  }

  /** Handles a point that has no unplaced known predecessor any more. */
  #enter(point: number): void {
    const transaction = this.#polygraph.transactionAt(point);
    if (transaction < 0 || present(this.#writes[transaction]).length === 0) this.#free.push(point);
    else if (!this.#isSerial && (point & 1) === 1 && this.#canCommit(point)) this.#free.push(point);
  }

  /** Returns the number of unstarted transactions other than `apart` that must read the current version of a key. */
  #waitingReaders(key: number, apart: number): number {
    const current = present(this.#current[key]);
    const left = present(this.#readersLeft[current]);
    const isOwn = left > 0 && present(this.#reads[apart]).includes(current);
    return isOwn && !this.#isPlaced(this.#polygraph.begin(apart)) ? left - 1 : left;
  }

  /** Whether a transaction's writes may take effect now, directly after its reads. */
  #canCommit(point: number): boolean {
    const transaction = this.#polygraph.transactionAt(point);
    return present(this.#writes[transaction]).every(
      (version) => this.#waitingReaders(present(this.#polygraph.keysOf[version]), transaction) === 0,
    );
  }

  #canBegin(transaction: number): boolean {
    const point = this.#polygraph.begin(transaction);
    if (this.#isPlaced(point) || present(this.#indegrees[point]) > 0) return false;
    if (this.#isSerial) return this.#canCommit(point);
    if (this.#isAtOnce && (this.#indegrees[point + 1] !== 1 || !this.#canCommit(point))) return false;
    return present(this.#writes[transaction]).every(
      (version) => present(this.#locks[present(this.#polygraph.keysOf[version])]) < 0,
    );
  }

  /** Returns the points that may begin next, most likely first. */
  #candidates(most: number): number[] {
    const { transactions } = this.#polygraph.history;
    const found: number[] = [];
    while (this.#next < transactions && this.#isBegun(present(this.#queue[this.#next]))) this.#next++;
    this.#findBehind(found, most);
    for (let rank = this.#next; rank < transactions && rank < this.#next + WINDOW; rank++) {
      if (found.length >= most) break;
      const transaction = present(this.#queue[rank]);
      this.#meter.step(1);
      const point = this.#polygraph.begin(transaction);
      if (this.#canBegin(transaction) && !found.includes(point)) found.push(point);
    }
    return found;
  }

  #isBegun(transaction: number): boolean {
    return this.#isPlaced(this.#polygraph.begin(transaction));
  }

  /** Finds points that can begin among those that the first in the queue waits for. */
  #findBehind(found: number[], most: number): void {
    const polygraph = this.#polygraph;
    const first = this.#queue[this.#next];
    if (first === undefined) return;
    const start = polygraph.begin(first);
    this.#eachWaitedFor(start, (point) => {
      const transaction = polygraph.transactionAt(point);
      if (transaction >= 0 && point === polygraph.begin(transaction) && this.#canBegin(transaction))
        found.push(point);
      return found.length >= most;
    });
  }

  /** Whether the versions and locks since the last choice make writers wait for each other in a cycle. */
  #isStuck(): boolean {
    const polygraph = this.#polygraph;
    for (const version of this.#freshVersions) {
      if (this.#readersLeft[version] === 0) continue;
      const key = present(polygraph.keysOf[version]);
      for (const reader of present(polygraph.readers[version])) {
        const start = polygraph.begin(reader);
        if (this.#isPlaced(start)) continue;
        const closes = (point: number): boolean => {
          if (point === start) return false;
          const transaction = polygraph.transactionAt(point);
          return (
            transaction >= 0 && point === polygraph.commit(transaction) && this.#doesWrite(transaction, key)
          );
        };
        if (this.#eachWaitedFor(start, closes)) return true;
      }
    }
    for (const transaction of this.#freshLocks) {
      const start = polygraph.commit(transaction);
      if (this.#isPlaced(start)) continue;
      const keys = present(this.#writes[transaction]).map((version) => present(polygraph.keysOf[version]));
      const closes = (point: number): boolean => {
        const other = polygraph.transactionAt(point);
        return (
          other >= 0 && point === polygraph.begin(other) && keys.some((key) => this.#doesWrite(other, key))
        );
      };
      if (this.#eachWaitedFor(start, closes)) return true;
    }
    return false;
  }

  #doesWrite(transaction: number, key: number): boolean {
    return present(this.#writes[transaction]).some((version) => this.#polygraph.keysOf[version] === key);
  }

  /**
   * Calls `isEnough` with a point and the points it waits for, transitively, until it returns true. Returns false if it
   * never did.
   */
  #eachWaitedFor(start: number, isEnough: (point: number) => boolean): boolean {
    const polygraph = this.#polygraph;
    const { graph, keysOf } = polygraph;
    const mark = ++this.#mark;
    const waitedFor: number[] = [start];
    this.#marks[start] = mark;
    let looked = 0;
    const note = (point: number): void => {
      looked++;
      if (this.#marks[point] === mark || this.#isPlaced(point)) return;
      this.#marks[point] = mark;
      waitedFor.push(point);
    };
    for (const point of waitedFor) {
      if (isEnough(point)) return true;
      if (looked > LOOKED_AT) break;
      graph.eachBefore(point, note);
      const transaction = polygraph.transactionAt(point);
      if (transaction < 0) continue;
      for (const version of present(this.#writes[transaction])) {
        const key = present(keysOf[version]);
        const lock = present(this.#locks[key]);
        if (point !== polygraph.commit(transaction)) {
          if (lock >= 0) note(polygraph.commit(lock));
          continue;
        }
        const current = present(this.#current[key]);
        if (present(this.#readersLeft[current]) === 0) continue;
        for (const reader of present(polygraph.readers[current]))
          if (reader !== transaction) note(polygraph.begin(reader));
      }
    }
    this.#meter.step(looked);
    return false;
  }

  #place(point: number): void {
    const polygraph = this.#polygraph;
    const { graph } = polygraph;
    this.#places[point] = this.#placed.push(point) - 1;
    const transaction = polygraph.transactionAt(point);
    if (transaction >= 0) {
      this.#hash(point);
      if (point === polygraph.begin(transaction)) this.#begin(transaction);
      if (point === polygraph.commit(transaction)) this.#commit(transaction);
    }
    for (let edge = present(graph.firstOut[point]); edge >= 0; edge = present(graph.nextOut.values[edge])) {
      this.#meter.step(1);
      const to = present(graph.tos.values[edge]);
      const left = present(this.#indegrees[to]) - 1;
      this.#indegrees[to] = left;
      if (left === 0) this.#enter(to);
    }
  }

  #begin(transaction: number): void {
    const { keysOf } = this.#polygraph;
    for (const version of present(this.#reads[transaction])) {
      const left = present(this.#readersLeft[version]) - 1;
      this.#readersLeft[version] = left;
      const lock = left > 0 ? -1 : present(this.#locks[present(keysOf[version])]);
      if (lock >= 0) this.#enterCommit(lock);
    }
    if (this.#isSerial || present(this.#writes[transaction]).length === 0) return;
    for (const version of present(this.#writes[transaction]))
      this.#locks[present(keysOf[version])] = transaction;
    this.#freshLocks.push(transaction);
  }

  #enterCommit(transaction: number): void {
    const point = this.#polygraph.commit(transaction);
    if (this.#indegrees[point] === 0 && !this.#isPlaced(point)) this.#enter(point);
  }

  #commit(transaction: number): void {
    for (const version of present(this.#writes[transaction])) {
      const key = present(this.#polygraph.keysOf[version]);
      this.#overwritten.push(present(this.#current[key]));
      this.#hash(-2 - present(this.#current[key]));
      this.#hash(-2 - version);
      this.#current[key] = version;
      this.#locks[key] = -1;
      this.#freshVersions.push(version);
    }
  }

  #backTo(length: number): void {
    const polygraph = this.#polygraph;
    const { graph } = polygraph;
    while (this.#placed.length > length) {
      const point = present(this.#placed.pop());
      this.#places[point] = -1;
      for (let edge = present(graph.firstOut[point]); edge >= 0; edge = present(graph.nextOut.values[edge])) {
        const to = present(graph.tos.values[edge]);
        this.#indegrees[to] = present(this.#indegrees[to]) + 1;
      }
      const transaction = polygraph.transactionAt(point);
      if (transaction < 0) continue;
      this.#hash(point);
      if (point === polygraph.commit(transaction)) this.#takeBackCommit(transaction);
      if (point === polygraph.begin(transaction)) this.#takeBackBegin(transaction);
    }
  }

  #takeBackCommit(transaction: number): void {
    for (const version of present(this.#writes[transaction]).toReversed()) {
      const key = present(this.#polygraph.keysOf[version]);
      const before = present(this.#overwritten.pop());
      this.#hash(-2 - before);
      this.#hash(-2 - version);
      this.#current[key] = before;
      if (!this.#isSerial) this.#locks[key] = transaction;
    }
  }

  #takeBackBegin(transaction: number): void {
    for (const version of present(this.#reads[transaction]))
      this.#readersLeft[version] = present(this.#readersLeft[version]) + 1;
    if (!this.#isSerial)
      for (const version of present(this.#writes[transaction]))
        this.#locks[present(this.#polygraph.keysOf[version])] = -1;
    this.#next = Math.min(this.#next, present(this.#ranks[transaction]));
  }

  /** Updates an order-independent hash of what is placed and what is current. */
  #hash(item: number): void {
    this.#hashHigh ^= mixed(item, 0x9e3779b1);
    this.#hashLow ^= mixed(item, 0x85ebca6b);
  }
}

function mixed(item: number, salt: number): number {
  let hash = Math.imul(item ^ salt, 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 13), salt | 1);
  return hash ^ (hash >>> 16);
}
