/**
 * The first guess which write each read and each cas of a register saw. They are taken in the order in which they end, those
 * first that can have seen one write only. Each chooses the write that leaves most room to the others: one that overlaps
 * all that saw it so far, or else one after which the register keeps its value for the shortest time.
 */
import { present } from '../../../columns/present.ts';
import type { SeenWrites } from './seen-writes.ts';
import type { Zone } from './write-zones.ts';

/** A write that crashed, and that nothing else has seen, is chosen last. */
const CRASHED = 0x1000000;
/** It costs more still if zones overlap, or if two cas follow a write. */
const OVERLAPS = 0x10000000;

/** Returns false if some operation can have seen nothing that is left. */
export const guessFirst = (seen: SeenWrites): boolean => new FirstGuess(seen).choose();

class FirstGuess {
  /** Indexed by write: the write with which it shares a zone, at the end of such links; and the zone there. */
  private readonly root: Int32Array;
  private readonly firstEnd: Int32Array;
  private readonly lastBegin: Int32Array;
  /** Indexed by write: the first end of it and of the reads that saw it, and a cas that directly follows it, or -1. */
  private readonly ownEnd: Int32Array;
  private readonly next: Int32Array;
  /** Indexed by place, from the one before the first event: the write whose forward zone covers it, or -1. */
  private readonly coveredBy: Int32Array;

  constructor(private readonly seen: SeenWrites) {
    const { returnsAt, invokedAt, initial } = seen.possible;
    this.root = Int32Array.from({ length: initial + 1 }, (_, write) => write);
    this.firstEnd = returnsAt.slice();
    this.lastBegin = invokedAt.slice();
    this.ownEnd = returnsAt.slice();
    this.next = new Int32Array(initial + 1).fill(-1);
    this.coveredBy = new Int32Array(seen.history.eventCount + 2).fill(-1);
  }

  choose(): boolean {
    const { history, possible, saw } = this.seen;
    const waiting: number[] = [];
    for (let at = 0; at < history.eventCount; at++) {
      const event = present(history.events[at]);
      if ((event & 1) === 0 || possible.found(event >> 1) < 0) continue;
      const operation = event >> 1;
      const writes = possible.of(operation);
      const [only] = writes;
      if (only === undefined) return false;
      if (writes.length > 1) waiting.push(operation);
      else if (!this.findAt(operation, only)) return false;
    }
    for (const operation of waiting) {
      if (present(saw[operation]) >= 0) continue;
      const best = this.bestFor(operation);
      if (best === undefined || !this.findAt(operation, best)) return false;
    }
    return true;
  }

  /** Notes which write an operation saw. Returns false if it cannot have. */
  private findAt(operation: number, write: number): boolean {
    const { firstEnd, lastBegin, seen } = this;
    const { possible } = seen;
    const isNew = !seen.happened(write);
    seen.see(operation, write);
    const root = this.rootOf(write);
    const own = seen.isWrite(operation) ? this.rootOf(operation) : -1;
    if (own === root) return false;
    if (own < 0) {
      this.ownEnd[write] = Math.min(present(this.ownEnd[write]), present(possible.returnsAt[operation]));
    } else {
      this.root[own] = root;
      this.next[write] = operation;
    }
    const from = present(firstEnd[root]);
    const to = present(lastBegin[root]);
    firstEnd[root] = Math.min(
      from,
      own < 0 ? present(possible.returnsAt[operation]) : present(firstEnd[own]),
    );
    lastBegin[root] = Math.max(
      to,
      own < 0 ? present(possible.invokedAt[operation]) : present(lastBegin[own]),
    );
    const isKept = from < to;
    this.cover(present(firstEnd[root]), isKept ? from : present(lastBegin[root]), root);
    if (isKept) this.cover(to, present(lastBegin[root]), root);
    if (!isNew || !seen.isCas(write) || present(seen.saw[write]) >= 0) return true;
    const before = this.bestFor(write);
    return before !== undefined && this.findAt(write, before);
  }

  private cover(from: number, to: number, root: number): void {
    for (let at = from; at <= to; at++)
      if (present(this.coveredBy[at + 1]) < 0) this.coveredBy[at + 1] = root;
  }

  private rootOf(write: number): number {
    const { root } = this;
    let one = write;
    while (present(root[one]) !== one) one = root[one] = present(root[present(root[one])]);
    return one;
  }

  /** Returns the write that leaves most room to the others. */
  private bestFor(operation: number): number | undefined {
    const { firstEnd, lastBegin, seen } = this;
    const { possible } = seen;
    const isCas = seen.isCas(operation);
    const own = isCas ? this.rootOf(operation) : -1;
    const end = isCas ? present(firstEnd[own]) : present(possible.returnsAt[operation]);
    const begin = isCas ? present(lastBegin[own]) : present(possible.invokedAt[operation]);
    let best: number | undefined;
    let least = Infinity;
    for (const write of seen.writesFor(operation, this.ownEnd)) {
      const root = this.rootOf(write);
      if (root === own) continue;
      const from = present(firstEnd[root]);
      const to = present(lastBegin[root]);
      const unusual =
        (seen.happened(write) ? 0 : CRASHED) +
        ((isCas && present(this.next[write]) >= 0) || this.isAfterNext(operation, write) ? OVERLAPS : 0);
      const cost =
        unusual + this.costOf({ root, from, to }, Math.min(from, end), Math.max(to, begin), least - unusual);
      if (cost >= least) continue;
      least = cost;
      best = write;
    }
    return best;
  }

  /** Whether the cas that follows the write, or a read of that, ended before the operation began. */
  private isAfterNext(operation: number, write: number): boolean {
    const next = present(this.next[write]);
    return next >= 0 && present(this.ownEnd[next]) < present(this.seen.possible.invokedAt[operation]);
  }

  /** Returns what it costs to extend a zone; it may return any cost that is at least `least`. */
  private costOf({ root, from: before, to: after }: Zone, from: number, to: number, least: number): number {
    // A zone whose operations all overlap has room if any place in it is free.
    if (from >= to) return this.hasFreePlace(to, from, root) ? to - from : OVERLAPS;
    const isKept = before < after;
    const longer = to - from - (isKept ? after - before : 0);
    if (longer >= least) return longer;
    const meetsOther = isKept
      ? this.meetsOther(from, before, root) || this.meetsOther(after, to, root)
      : this.meetsOther(from, to, root);
    return longer + (meetsOther ? OVERLAPS : 0);
  }

  private meetsOther(from: number, to: number, root: number): boolean {
    for (let at = from; at <= to; at++) {
      const by = present(this.coveredBy[at + 1]);
      if (by >= 0 && this.rootOf(by) !== root) return true;
    }
    return false;
  }

  private hasFreePlace(from: number, to: number, root: number): boolean {
    for (let at = from; at <= Math.min(to, this.seen.history.eventCount); at++) {
      const by = present(this.coveredBy[at + 1]);
      if (by < 0 || this.rootOf(by) === root) return true;
    }
    return false;
  }
}
