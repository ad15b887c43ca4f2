/**
 * Tries to show that a register is linearizable although values that were read were written several times: guesses which of
 * the writes of its value each read saw, and checks the history with a value for each write (`unique-writes.ts`). A guess
 * that fits is a linearization; one that does not proves nothing.
 *
 *     p0  |- write 1 -|                  |- write 1 -|
 *     p1        |- write 2 -|     |--- read -> 1 ---|      can have seen either; with the second it happens at one
 *                                                          instant, and the register is free before and after
 *
 * A write and the reads that saw it have a zone, as there. Reads are taken in the order in which they end, those first that
 * can have seen one write only; each joins the write that leaves most room to the others. Zones that are in each other's
 * way are then mended by tabu search: the read, cas or write of one of them whose move to another write of its value
 * leaves the least overlap is moved, and not back for a while.
 */
import { addTo } from '../../../columns/groups.ts';
import { present } from '../../../columns/present.ts';
import type { ObjectEvents } from '../object-events.ts';
import { NEVER, type PossibleWrites } from './possible-writes.ts';
import { judgeUniqueWrites, type RegisterKinds } from './unique-writes.ts';

/** A read that needs a write which crashed, and which nothing else has seen, chooses it last. */
const CRASHED = 0x1000000;
/** A stretch in which the register keeps a value, and which another such stretch overlaps. */
const OVERLAPS = 0x10000000;
/** What it costs if two cas follow the same write. */
const SHARED = 200;
/** Maximum number of moves, of moves tried, and of events looked at for these. */
const MOVES = 1000;
const TRIED_MOVES = 4000;
const TRIED_EVENTS = 2e8;
/** Number of moves for which what was moved stays. */
const TABU = 12;
/** Maximum number of operations of a zone, and of their other writes, of which moves are tried. */
const TRIED_MEMBERS = 24;
const TRIED_WRITES = 8;

interface Zone {
  readonly root: number;
  /** The first end of its operations, and their last beginning: in between the register keeps its value if it comes first. */
  readonly from: number;
  readonly to: number;
}

interface Overlaps {
  readonly cost: number;
  /** The first two zones that are in each other's way. */
  readonly zones: readonly Zone[];
}

interface MovedOperation {
  readonly operation: number;
  readonly write: number;
}
/** Operations that see other writes. */
type Move = readonly MovedOperation[];

export class WriteGuess {
  /** Whether each read and cas has found a write. */
  private readonly isComplete: boolean;
  /** Indexed by operation: the write that a read or a cas saw; -1 if none. */
  private readonly saw: Int32Array;
  /** Indexed by write: the number of operations that saw it. */
  private readonly seenBy: Int32Array;
  /** Indexed by write: a cas that directly follows it, or -1: the only one, in the end. */
  private readonly next: Int32Array;
  /** Indexed by place: the write whose zone covers it while reads find theirs, or -1. */
  private readonly coveredBy: Int32Array;
  /** Indexed by operation and write: the first write of its chain of cas, and the zone of that. */
  private readonly root: Int32Array;
  private readonly firstEnd: Int32Array;
  private readonly lastBegin: Int32Array;
  /** Indexed by write: the first end and the last beginning of it and of the reads that saw it. */
  private readonly ownEnd: Int32Array;
  private readonly ownBegin: Int32Array;
  /** Indexed by place: the zone with its end or its beginning there, or -1. */
  private readonly zoneAt: Int32Array;

  constructor(
    private readonly history: ObjectEvents,
    private readonly register: RegisterKinds,
    private readonly possible: PossibleWrites,
  ) {
    const { operationCount, eventCount } = history;
    this.saw = new Int32Array(operationCount + 1).fill(-1);
    this.seenBy = new Int32Array(operationCount + 1);
    this.next = new Int32Array(operationCount + 1).fill(-1);
    this.root = Int32Array.from({ length: operationCount + 1 }, (_, write) => write);
    this.firstEnd = possible.returnsAt.slice();
    this.lastBegin = possible.invokedAt.slice();
    this.coveredBy = new Int32Array(eventCount + 2).fill(-1);
    this.ownEnd = possible.returnsAt.slice();
    this.ownBegin = possible.invokedAt.slice();
    this.zoneAt = new Int32Array(eventCount + 2);
    this.isComplete = this.choose();
  }

  /** Returns the operations in an order that explains all of them; undefined if the guess does not fit. */
  linearization(): readonly number[] | undefined {
    if (!this.isComplete) return undefined;
    const outcome = judgeUniqueWrites(...this.withUniqueWrites());
    return outcome?.valid === true ? outcome.linearization?.() : undefined;
  }

  /** Returns the history with another value for each write, and the register of these values. */
  private withUniqueWrites(): [ObjectEvents, RegisterKinds] {
    const { history, register, saw, possible } = this;
    const { operationCount } = history;
    const valueOf = (write: number): number => (write === possible.initial ? 0 : write + 1);
    const isCas = (operation: number): boolean =>
      register.stateBefore(present(history.kindOf[operation])) >= 0;
    return [
      {
        ...history,
        kindOf: Int32Array.from(saw.keys()).subarray(0, operationCount),
        kindCount: operationCount,
      },
      {
        stateCount: operationCount + 1,
        isReadOnly: (operation) => !this.isWrite(operation),
        stateAfter: (operation) => valueOf(this.isWrite(operation) ? operation : present(saw[operation])),
        // A cas that never happened has found no write.
        stateBefore: (operation) =>
          isCas(operation) && present(saw[operation]) >= 0 ? valueOf(present(saw[operation])) : -1,
      },
    ];
  }

  private isWrite(operation: number): boolean {
    return (
      operation === this.possible.initial ||
      !this.register.isReadOnly(present(this.history.kindOf[operation]))
    );
  }

  private isCas(operation: number): boolean {
    return (
      this.isWrite(operation) && operation !== this.possible.initial && this.possible.found(operation) >= 0
    );
  }

  /** Whether a write is known to have happened. */
  private happened(write: number): boolean {
    return present(this.possible.returnsAt[write]) < NEVER || present(this.seenBy[write]) > 0;
  }

  private choose(): boolean {
    const { history, possible, saw } = this;
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
    const { firstEnd, lastBegin, possible } = this;
    const isNew = !this.happened(write);
    this.see(operation, write);
    const root = this.rootOf(write);
    const own = this.isWrite(operation) ? this.rootOf(operation) : -1;
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
    if (!isNew || !this.isCas(write) || present(this.saw[write]) >= 0) return true;
    const before = this.bestFor(write);
    return before !== undefined && this.findAt(write, before);
  }

  private cover(from: number, to: number, root: number): void {
    for (let at = from; at <= to; at++)
      if (present(this.coveredBy[at + 1]) < 0) this.coveredBy[at + 1] = root;
  }

  private see(operation: number, write: number): void {
    this.saw[operation] = write;
    this.seenBy[write] = present(this.seenBy[write]) + 1;
  }

  private unsee(operation: number): void {
    const write = present(this.saw[operation]);
    if (write < 0) return;
    this.saw[operation] = -1;
    this.seenBy[write] = present(this.seenBy[write]) - 1;
  }

  private rootOf(write: number): number {
    const { root } = this;
    let one = write;
    while (present(root[one]) !== one) one = root[one] = present(root[present(root[one])]);
    return one;
  }

  private writesFor(operation: number): readonly number[] {
    // What a cas wrote may have been read before it completed.
    return this.isCas(operation)
      ? this.possible.of(operation, present(this.ownEnd[operation]))
      : this.possible.of(operation);
  }

  /** Returns the write that leaves most room to the others. */
  private bestFor(operation: number): number | undefined {
    const { firstEnd, lastBegin, possible } = this;
    const isCas = this.isCas(operation);
    const own = isCas ? this.rootOf(operation) : -1;
    const end = isCas ? present(firstEnd[own]) : present(possible.returnsAt[operation]);
    const begin = isCas ? present(lastBegin[own]) : present(possible.invokedAt[operation]);
    let best: number | undefined;
    let least = Infinity;
    for (const write of this.writesFor(operation)) {
      const root = this.rootOf(write);
      if (root === own) continue;
      const from = present(firstEnd[root]);
      const to = present(lastBegin[root]);
      const unusual =
        (this.happened(write) ? 0 : CRASHED) +
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
    return next >= 0 && present(this.ownEnd[next]) < present(this.possible.invokedAt[operation]);
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
    for (let at = from; at <= Math.min(to, this.history.eventCount); at++) {
      const by = present(this.coveredBy[at + 1]);
      if (by < 0 || this.rootOf(by) === root) return true;
    }
    return false;
  }

  /** Moves operations until no zones are in each other's way, or for long enough. */
  mend(): void {
    if (!this.isComplete) return;
    const movedAt = new Map<number, number>();
    let left = Math.min(TRIED_MOVES, TRIED_EVENTS / (this.history.eventCount + 1));
    let now = this.overlaps();
    for (let moves = 0; now !== undefined && now.cost > 0 && moves < MOVES; moves++) {
      const all = this.movesFor(now.zones);
      const free = all.filter((move) =>
        move.some(({ operation }) => (movedAt.get(operation) ?? -TABU) + TABU <= moves),
      );
      let best: Move | undefined;
      let least: Overlaps | undefined;
      for (const move of free.length > 0 ? free : all) {
        if (--left < 0) return;
        const back = this.make(move);
        const after = this.overlaps();
        if (after !== undefined && after.cost < (least?.cost ?? Infinity)) {
          least = after;
          best = move;
        }
        this.make(back);
        if (least !== undefined && least.cost < now.cost) break;
      }
      if (best === undefined) return;
      for (const { operation } of this.make(best)) movedAt.set(operation, moves);
      now = least;
    }
  }

  /** Makes a move. Returns the one that undoes it. */
  private make(move: Move): Move {
    const back = move.map(({ operation }) => ({ operation, write: present(this.saw[operation]) }));
    for (const { operation } of move) this.unsee(operation);
    for (const { operation, write } of move) this.see(operation, write);
    return back.toReversed();
  }

  /** Returns moves of one operation, and of those that lie on one side of the other zone. */
  private movesFor(zones: readonly Zone[]): readonly Move[] {
    const { invokedAt, returnsAt } = this.possible;
    const single: Move[] = [];
    const joint: Move[] = [];
    for (const [which, zone] of zones.entries()) {
      const other = present(zones[1 - which]);
      const early = new Map<number, MovedOperation[]>();
      const late = new Map<number, MovedOperation[]>();
      for (const operation of this.membersOf(zone)) {
        for (const write of this.otherWrites(operation)) {
          const moved = { operation, write };
          single.push([moved]);
          if (present(returnsAt[operation]) < Math.max(other.from, other.to)) addTo(early, write, moved);
          if (present(invokedAt[operation]) > Math.min(other.from, other.to)) addTo(late, write, moved);
        }
      }
      for (const move of [...early.values(), ...late.values()]) if (move.length > 1) joint.push(move);
    }
    return [...single, ...joint];
  }

  /** Returns operations of a zone that found a value. */
  private membersOf({ root }: Zone): number[] {
    const members: number[] = [];
    for (let operation = 0; operation < this.possible.initial && members.length < TRIED_MEMBERS; operation++)
      if (this.root[operation] === root && present(this.saw[operation]) >= 0) members.push(operation);
    return members;
  }

  /** Returns other writes that it can have seen instead. */
  private otherWrites(operation: number): readonly number[] {
    const others = this.writesFor(operation).filter(
      (write) => write !== this.saw[operation] && (this.happened(write) || !this.isCas(write)),
    );
    return others.slice(0, TRIED_WRITES);
  }

  /** Returns how much zones are in each other's way; undefined if cas follow each other in a circle. */
  private overlaps(): Overlaps | undefined {
    const { firstEnd, lastBegin, ownEnd, ownBegin, next, possible, zoneAt, history } = this;
    const { initial, returnsAt, invokedAt } = possible;
    if (!this.findRoots()) return undefined;
    firstEnd.fill(NEVER);
    lastBegin.fill(-1);
    ownEnd.fill(NEVER);
    ownBegin.fill(-1);
    zoneAt.fill(-1);
    next.fill(-1);
    for (let operation = 0; operation <= initial; operation++) {
      const root = present(this.root[operation]);
      if (root < 0) continue;
      const own = this.isWrite(operation) ? operation : present(this.saw[operation]);
      ownEnd[own] = Math.min(present(ownEnd[own]), present(returnsAt[operation]));
      ownBegin[own] = Math.max(present(ownBegin[own]), present(invokedAt[operation]));
    }
    for (let write = 0; write <= initial; write++) {
      const root = present(this.root[write]);
      if (root < 0 || !this.isWrite(write)) continue;
      firstEnd[root] = Math.min(present(firstEnd[root]), present(ownEnd[write]));
      lastBegin[root] = Math.max(present(lastBegin[root]), present(ownBegin[write]));
    }
    const zoneOf = (root: number): Zone => ({
      root,
      from: present(firstEnd[root]),
      to: present(lastBegin[root]),
    });
    for (let root = 0; root <= initial; root++)
      if (this.root[root] === root)
        zoneAt[Math.min(present(firstEnd[root]), present(lastBegin[root])) + 1] = root;
    let cost = 0;
    let zones: readonly Zone[] = [];
    const conflict = (by: number, one: Zone, other: Zone): void => {
      cost += by;
      if (zones.length === 0) zones = [one, other];
    };
    for (let write = 0; write <= initial; write++) {
      const before = present(this.saw[write]);
      if (present(this.root[write]) < 0 || before < 0 || !this.isCas(write)) continue;
      const zone = zoneOf(present(this.root[write]));
      if (present(next[before]) >= 0) conflict(SHARED, zone, zone);
      next[before] = write;
    }
    // All that saw one write of a chain come before all that saw the next.
    for (let root = 0; root <= initial; root++) {
      if (this.root[root] !== root) continue;
      let last = present(ownBegin[root]);
      for (let one = present(next[root]); one >= 0; one = present(next[one])) {
        if (present(ownEnd[one]) < last) conflict(last - present(ownEnd[one]), zoneOf(root), zoneOf(root));
        last = Math.max(last, present(ownBegin[one]));
      }
    }
    let forward: Zone | undefined;
    for (let at = 0; at <= history.eventCount; at++) {
      const root = present(zoneAt[at]);
      if (root < 0) continue;
      const zone = zoneOf(root);
      if (zone.from >= zone.to) {
        if (forward !== undefined && zone.from < forward.to)
          conflict(1 + Math.min(zone.to - forward.from, forward.to - zone.from), zone, forward);
        continue;
      }
      if (forward !== undefined && forward.to > zone.from)
        conflict(1 + Math.min(forward.to, zone.to) - zone.from, forward, zone);
      if (forward === undefined || zone.to > forward.to) forward = zone;
    }
    return { cost, zones };
  }

  /** Finds the first write of each chain; -1 for what has not happened. Returns false if there is a circle. */
  private findRoots(): boolean {
    const { root, saw, possible } = this;
    const UNKNOWN = -2;
    root.fill(UNKNOWN);
    const path: number[] = [];
    for (let operation = 0; operation <= possible.initial; operation++) {
      let one = operation;
      while (root[one] === UNKNOWN) {
        path.push(one);
        root[one] = -3;
        const isThere = !this.isWrite(one) || this.happened(one);
        if (isThere && present(saw[one]) >= 0) one = present(saw[one]);
        else {
          root[one] = isThere && this.isWrite(one) ? one : -1;
          path.pop();
        }
      }
      if (root[one] === -3) return false;
      for (const member of path) root[member] = present(root[one]);
      path.length = 0;
    }
    return true;
  }
}
