/**
 * The zones of the writes of a register, each with the reads that saw it: from the first end of these operations to the
 * last beginning, or the reverse (`unique-writes.ts`). A write and the cas that follow it, each after the other, have one.
 */
import { present } from '../../../columns/present.ts';
import { NEVER } from '../operation-places.ts';
import type { SeenWrites } from './seen-writes.ts';

/** What it costs if two cas follow the same write. */
const SHARED = 200;
const UNKNOWN = -2;
const ON_PATH = -3;

export interface Zone {
  readonly root: number;
  /** The first end of its operations, and their last beginning: in between the register keeps its value if it comes first. */
  readonly from: number;
  readonly to: number;
}

export interface Overlaps {
  readonly cost: number;
  /** The first two zones that are in each other's way. */
  readonly zones: readonly Zone[];
}

/** Called with what two zones in each other's way cost. */
type Conflict = (cost: number, one: Zone, other: Zone) => void;

export class WriteZones {
  /** Indexed by operation: the first write of its chain of cas, whose zone it is in; -1 if it has not happened. */
  private readonly root: Int32Array;
  /** Indexed by the first write of a chain: its zone. */
  private readonly firstEnd: Int32Array;
  private readonly lastBegin: Int32Array;
  /** Indexed by write: the first end and the last beginning of it and of the reads that saw it. */
  readonly ownEnd: Int32Array;
  private readonly ownBegin: Int32Array;
  /** Indexed by write: a cas that directly follows it, or -1. */
  private readonly next: Int32Array;
  /** Indexed by place: the zone with its end or its beginning there, whichever is earlier, or -1. */
  private readonly zoneAt: Int32Array;

  constructor(private readonly seen: SeenWrites) {
    const { operationCount, eventCount } = seen.history;
    const perOperation = (): Int32Array => new Int32Array(operationCount + 1);
    this.root = perOperation();
    this.firstEnd = perOperation();
    this.lastBegin = perOperation();
    this.ownEnd = perOperation();
    this.ownBegin = perOperation();
    this.next = perOperation();
    this.zoneAt = new Int32Array(eventCount + 2);
  }

  /** Returns at most `count` operations of a zone that found a value. */
  membersOf({ root }: Zone, count: number): readonly number[] {
    const { possible, saw } = this.seen;
    const members: number[] = [];
    for (let operation = 0; operation < possible.initial && members.length < count; operation++)
      if (this.root[operation] === root && present(saw[operation]) >= 0) members.push(operation);
    return members;
  }

  /** Returns how much zones are in each other's way; undefined if cas follow each other in a circle. */
  overlaps(): Overlaps | undefined {
    if (!this.findRoots()) return undefined;
    this.findZones();
    let cost = 0;
    let zones: readonly Zone[] = [];
    const conflict = (by: number, one: Zone, other: Zone): void => {
      cost += by;
      if (zones.length === 0) zones = [one, other];
    };
    this.compareInChains(conflict);
    this.compareZones(conflict);
    return { cost, zones };
  }

  private findZones(): void {
    const { firstEnd, lastBegin, ownEnd, ownBegin, zoneAt, root: roots, seen } = this;
    const { initial, returnsAt, invokedAt } = seen.possible;
    for (const ends of [firstEnd, ownEnd]) ends.fill(NEVER);
    for (const begins of [lastBegin, ownBegin, zoneAt]) begins.fill(-1);
    for (let operation = 0; operation <= initial; operation++) {
      if (present(roots[operation]) < 0) continue;
      const own = seen.isWrite(operation) ? operation : present(seen.saw[operation]);
      ownEnd[own] = Math.min(present(ownEnd[own]), present(returnsAt[operation]));
      ownBegin[own] = Math.max(present(ownBegin[own]), present(invokedAt[operation]));
    }
    for (let write = 0; write <= initial; write++) {
      const root = present(roots[write]);
      if (root < 0 || !seen.isWrite(write)) continue;
      firstEnd[root] = Math.min(present(firstEnd[root]), present(ownEnd[write]));
      lastBegin[root] = Math.max(present(lastBegin[root]), present(ownBegin[write]));
    }
    for (let root = 0; root <= initial; root++)
      if (roots[root] === root)
        zoneAt[Math.min(present(firstEnd[root]), present(lastBegin[root])) + 1] = root;
  }

  private zoneOf(root: number): Zone {
    return { root, from: present(this.firstEnd[root]), to: present(this.lastBegin[root]) };
  }

  /** At most one cas follows each write, and all that saw the write come before all that saw what the cas wrote. */
  private compareInChains(conflict: Conflict): void {
    const { next, root: roots, ownEnd, ownBegin, seen } = this;
    const { initial } = seen.possible;
    next.fill(-1);
    for (let write = 0; write <= initial; write++) {
      const before = present(seen.saw[write]);
      if (present(roots[write]) < 0 || before < 0 || !seen.isCas(write)) continue;
      const zone = this.zoneOf(present(roots[write]));
      if (present(next[before]) >= 0) conflict(SHARED, zone, zone);
      next[before] = write;
    }
    for (let root = 0; root <= initial; root++) {
      if (roots[root] !== root) continue;
      let last = present(ownBegin[root]);
      for (let one = present(next[root]); one >= 0; one = present(next[one])) {
        const early = last - present(ownEnd[one]);
        if (early > 0) conflict(early, this.zoneOf(root), this.zoneOf(root));
        last = Math.max(last, present(ownBegin[one]));
      }
    }
  }

  /** Forward zones do not overlap, and no backward zone lies within one. */
  private compareZones(conflict: Conflict): void {
    let forward: Zone | undefined;
    for (const root of this.zoneAt) {
      if (root < 0) continue;
      const zone = this.zoneOf(root);
      if (zone.from >= zone.to) {
        if (forward !== undefined && zone.from < forward.to)
          conflict(1 + Math.min(zone.to - forward.from, forward.to - zone.from), zone, forward);
        continue;
      }
      if (forward !== undefined && forward.to > zone.from)
        conflict(1 + Math.min(forward.to, zone.to) - zone.from, forward, zone);
      if (forward === undefined || zone.to > forward.to) forward = zone;
    }
  }

  /** Finds the first write of each chain; -1 for what has not happened. Returns false if there is a circle. */
  private findRoots(): boolean {
    const { root, seen } = this;
    const { saw, possible } = seen;
    root.fill(UNKNOWN);
    const path: number[] = [];
    for (let operation = 0; operation <= possible.initial; operation++) {
      let one = operation;
      while (root[one] === UNKNOWN) {
        path.push(one);
        root[one] = ON_PATH;
        const isThere = !seen.isWrite(one) || seen.happened(one);
        if (isThere && present(saw[one]) >= 0) one = present(saw[one]);
        else {
          root[one] = isThere && seen.isWrite(one) ? one : -1;
          path.pop();
        }
      }
      if (root[one] === ON_PATH) return false;
      for (const member of path) root[member] = present(root[one]);
      path.length = 0;
    }
    return true;
  }
}
