/**
 * Looks for an order by running the transactions again, one after the other, on a store that keeps one version of a key. Who reads
 * what is known, so most of it follows:
 *
 *     x is 1, and T5 has still to read that:     a writer of x waits for T5
 *     T5 reads y 2 as well:                      and for T3, which writes that, and for all that have to read the y that is there
 *
 * Transactions that write nothing are placed as soon as they can be, and so are writes that no transaction reads: neither is ever in
 * the way of another. What is open is which of the other writers is next. The one that should be over first is tried first; where the writers come to wait for each other
 * in a circle, the last choice is taken back. Gives up when that happens too often: not finding an order proves nothing.
 */
import { present } from '../../columns/present.ts';
import type { Meter } from '../elle/meter.ts';
import type { Polygraph } from './polygraph.ts';

/** By point its place in an order that agrees with all choices; undefined where none was found. */
export function replayOrder(polygraph: Polygraph, meter: Meter): Int32Array | undefined {
  // One after the other is one of the ways to run on snapshots, with fewer choices.
  const apart = polygraph.isolation === 'serial' ? undefined : new Replay(polygraph, meter, true).order();
  return apart ?? new Replay(polygraph, meter, false).order();
}

/** How many choices are taken back before giving up. */
const MOST_TAKEN_BACK = 2000;
/** Who may be next is looked for among that many of those that should be over first, and these are tried. */
const WINDOW = 64;
const TRIED = 8;
/** Edges that are looked at to see whether writers wait in a circle. */
const LOOKED_AT = 1000;

/** A choice: how much was placed before it, and what else may be tried. */
interface Fork {
  readonly length: number;
  others: number[] | undefined;
  readonly first: number;
}

class Replay {
  readonly #polygraph: Polygraph;
  readonly #meter: Meter;
  readonly #isSerial: boolean;
  /** Whether a snapshot is taken only when what follows from it can be committed at once. */
  readonly #isAtOnce: boolean;
  readonly #reads: readonly (readonly number[])[];
  readonly #writes: readonly (readonly number[])[];
  readonly #indegrees: Int32Array;
  /** Transactions, those that should be over first in front; and by transaction where it stands. */
  #queue: Int32Array = new Int32Array(0);
  #ranks: Int32Array = new Int32Array(0);
  #next = 0;
  /** By point. */
  readonly #places: Int32Array;
  readonly #placed: number[] = [];
  /** Points that can be placed, and should be. */
  readonly #free: number[] = [];
  /** By key: the version that is there, and who has begun and will write it, or -1. */
  readonly #current: Int32Array;
  readonly #locks: Int32Array;
  /** By version: how many of its readers have not begun. */
  readonly #readersLeft: Int32Array;
  /** What was there before each write that was placed. */
  readonly #overwritten: number[] = [];
  /** Versions and locks since the last choice. */
  readonly #freshVersions: number[] = [];
  readonly #freshLocks: number[] = [];
  #hashHigh = 0;
  #hashLow = 0;
  readonly #seen = new Set<number>();
  /** By point: the mark of the search that reached it last. */
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

  /** By when a transaction, or one that must come after it, was over. False where what is known is a cycle. */
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

  /** Places a transaction's first point and all that then goes by itself. False, and nothing is placed, where that leads nowhere. */
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

  /** No transaction that is left reads what it writes. */
  #leavesNothing(point: number): boolean {
    const writes = present(this.#writes[this.#polygraph.transactionAt(point)]);
    return writes.every((version) => this.#readersLeft[version] === 0) && this.#canCommit(point);
  }

  #placeFree(): void {
    for (let point = this.#free.pop(); point !== undefined; point = this.#free.pop())
      if (!this.#isPlaced(point)) this.#place(point);
  }

  /** Nothing that is known comes before it any more. */
  #enter(point: number): void {
    const transaction = this.#polygraph.transactionAt(point);
    if (transaction < 0 || present(this.#writes[transaction]).length === 0) this.#free.push(point);
    else if (!this.#isSerial && (point & 1) === 1 && this.#canCommit(point)) this.#free.push(point);
  }

  /** Those that have not begun, apart from one transaction, and have to read what is there of a key. */
  #waitingReaders(key: number, apart: number): number {
    const current = present(this.#current[key]);
    const left = present(this.#readersLeft[current]);
    const isOwn = left > 0 && present(this.#reads[apart]).includes(current);
    return isOwn && !this.#isPlaced(this.#polygraph.begin(apart)) ? left - 1 : left;
  }

  /** Whether what a transaction writes may be there now, at once after it has begun. */
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

  /** Who may begin next, the most likely first. */
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

  /** What the first of all waits for, and can begin. */
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

  /** Whether writers now wait for each other in a circle, because of what is there since the last choice. */
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

  /** Calls with points that one waits for, itself first, until the answer is yes, which is returned. */
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

  /** Of what was placed and what is there: the same for the same, whatever way led to it. */
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
