/**
 * Checks a register whose read values were each written once in linear time, after Gibbons and Korach ("Testing shared
 * memories", 1997). A write and its reads form a cluster with a zone: from the first of them that ends to the last of
 * them that begins, or the reverse.
 *
 *     w 1 |---|                       w 2   |---------|
 *                 r 1 |----|                    r 2 |---------|
 *             |=======|               zone: |= between =|  backward: all of them overlap
 *             forward: the register was 1
 *
 * A linearization exists exactly when no read ends before its write begins, no two forward zones overlap, and no
 * backward zone lies within a forward one. A crashed write counts if something has read its value, and then never ends.
 *
 * A successful cas from 1 to 2 is the write of 2, and comes directly after the write of 1 and the reads of it: the
 * clusters of such a chain have one zone, and none of them ends before an earlier one begins. The initial value counts
 * as written before everything.
 */
import { addTo } from '../../../columns/groups.ts';
import { present } from '../../../columns/present.ts';
import type { Configuration, ObjectEvents, SearchOutcome } from '../object-events.ts';
import { NEVER, placesOf } from '../operation-places.ts';
import { firstBadCompletion } from '../objects/prefix-search.ts';

/** What the check requires: reads have no effect, and all other operations write. */
export interface RegisterKinds {
  isReadOnly(kind: number): boolean;
  /** Returns the value read or written, as a number. The register begins as 0. */
  stateAfter(kind: number): number;
  /** Returns the value that a cas requires; -1 for reads and writes. */
  stateBefore(kind: number): number;
  readonly stateCount: number;
}

const SHOWN_CONFIGURATIONS = 10;
/** Maximum number of writes examined for configurations to show. */
const CANDIDATES = 64;

/** Returns undefined if some read value was written more than once, when this check does not apply. */
export function judgeUniqueWrites(history: ObjectEvents, register: RegisterKinds): SearchOutcome | undefined {
  const writer = writersOfReadValues(history, register);
  if (writer === undefined) return undefined;
  const zones = new Zones(history, register, writer);
  const bad = firstBadCompletion(history, (end) => zones.fitUpTo(end));
  // Everything has just been found to fit.
  if (bad === undefined) return { valid: true, linearization: () => zones.order() };
  const operation = present(history.events[bad]) >> 1;
  return { valid: false, operation, configurations: configurationsBefore(history, register, zones, bad) };
}

/**
 * Returns the write of each value, -1 if none, and the number of operations for the initial value; undefined if a value
 * that something requires was written twice.
 */
function writersOfReadValues(history: ObjectEvents, register: RegisterKinds): Int32Array | undefined {
  const { kindOf, events, eventCount, operationCount } = history;
  const writer = new Int32Array(register.stateCount).fill(-1);
  const isRead = new Uint8Array(register.stateCount);
  const isWrittenTwice = new Uint8Array(register.stateCount);
  writer[0] = operationCount;
  for (let at = 0; at < eventCount; at++) {
    const event = present(events[at]);
    if ((event & 1) === 1) continue;
    const kind = present(kindOf[event >> 1]);
    const value = register.stateAfter(kind);
    if (register.isReadOnly(kind)) isRead[value] = 1;
    else {
      if (writer[value] === -1) writer[value] = event >> 1;
      else isWrittenTwice[value] = 1;
      const before = register.stateBefore(kind);
      if (before >= 0) isRead[before] = 1;
    }
  }
  for (let value = 0; value < writer.length; value++)
    if (isRead[value] === 1 && isWrittenTwice[value] === 1) return undefined;
  return writer;
}

/** The initial value is the write with the number of operations, which ended before place 0. */
class Zones {
  private readonly invokedAt: Int32Array;
  readonly returnsAt: Int32Array;
  /** Indexed by write: the first end and the last beginning in its cluster. */
  private readonly firstEnd: Int32Array;
  private readonly lastBegin: Int32Array;
  /** Indexed by write: whether it has happened, and the cas that directly follows it, or -1. */
  private readonly happened: Uint8Array;
  private readonly next: Int32Array;
  private readonly initial: number;
  /** Indexed by place, which counts from the one before the first event: see `zonesFit`. */
  private coveredUntil = new Int32Array();

  constructor(
    private readonly history: ObjectEvents,
    private readonly register: RegisterKinds,
    private readonly writer: Int32Array,
  ) {
    const { operationCount } = history;
    ({ initial: this.initial, invokedAt: this.invokedAt, returnsAt: this.returnsAt } = placesOf(history));
    this.firstEnd = new Int32Array(operationCount + 1);
    this.lastBegin = new Int32Array(operationCount + 1);
    this.happened = new Uint8Array(operationCount + 1);
    this.next = new Int32Array(operationCount + 1);
  }

  /**
   * Whether the history before the event `end` fits. Reads open there have seen nothing yet, and open writes can still
   * come. With `last`, another read sees the value of that write at the end.
   */
  fitUpTo(end: number, last = -1): boolean {
    this.begin(end);
    if (last >= 0) {
      this.lastBegin[last] = end;
      this.firstEnd[last] = Math.min(present(this.firstEnd[last]), end + 1);
      if (!this.happens(last, end)) return false;
    }
    return this.gather(end) && this.chainsFit(end) && this.zonesFit(end);
  }

  private begin(end: number): void {
    const { firstEnd, lastBegin, happened, next, invokedAt, returnsAt } = this;
    for (let write = 0; write <= this.initial; write++) {
      const returns = present(returnsAt[write]);
      firstEnd[write] = returns < end ? returns : NEVER;
      lastBegin[write] = present(invokedAt[write]);
      happened[write] = 0;
      next[write] = -1;
    }
  }

  /** Takes the operations that ended. */
  private gather(end: number): boolean {
    const { invokedAt, firstEnd, lastBegin, writer, register } = this;
    const { events, kindOf } = this.history;
    for (let at = 0; at < end; at++) {
      const event = present(events[at]);
      if ((event & 1) === 0) continue;
      const operation = event >> 1;
      const kind = present(kindOf[operation]);
      if (!register.isReadOnly(kind)) {
        if (!this.happens(operation, at)) return false;
        continue;
      }
      const write = present(writer[register.stateAfter(kind)]);
      if (write < 0 || present(invokedAt[write]) > at) return false;
      if (at < present(firstEnd[write])) firstEnd[write] = at;
      const began = present(invokedAt[operation]);
      if (began > present(lastBegin[write])) lastBegin[write] = began;
      if (!this.happens(write, at)) return false;
    }
    return true;
  }

  /** Notes that a write has happened by then, and so what a cas requires. Returns false if it cannot have. */
  private happens(write: number, by: number): boolean {
    const { happened, next, writer, register, initial, invokedAt } = this;
    for (let one = write; happened[one] === 0;) {
      happened[one] = 1;
      if (one === initial) break;
      const before = register.stateBefore(present(this.history.kindOf[one]));
      if (before < 0) break;
      const from = present(writer[before]);
      if (from < 0 || present(invokedAt[from]) > by || next[from] !== -1) return false;
      next[from] = one;
      one = from;
    }
    return true;
  }

  /** Gives each chain of cas to the write where it begins, whose zone it becomes. */
  private chainsFit(end: number): boolean {
    const { firstEnd, lastBegin, happened, next, register, initial } = this;
    const { kindOf, events } = this.history;
    let linked = 0;
    let found = 0;
    const follow = (root: number): boolean => {
      for (let one = present(next[root]); one >= 0; one = present(next[one])) {
        found++;
        if (present(firstEnd[one]) < present(lastBegin[root])) return false;
        lastBegin[root] = Math.max(present(lastBegin[root]), present(lastBegin[one]));
        firstEnd[root] = Math.min(present(firstEnd[root]), present(firstEnd[one]));
      }
      return true;
    };
    if (happened[initial] === 1 && !follow(initial)) return false;
    for (let at = 0; at < end; at++) {
      const event = present(events[at]);
      const operation = event >> 1;
      if ((event & 1) === 1 || happened[operation] === 0) continue;
      if (register.stateBefore(present(kindOf[operation])) >= 0) linked++;
      else if (!follow(operation)) return false;
    }
    // Others would follow each other in a circle.
    return linked === found;
  }

  private zonesFit(end: number): boolean {
    const { firstEnd, lastBegin, happened, register, initial } = this;
    const { events, kindOf } = this.history;
    // One more place before the first event, for the initial value, and two more for the read at the end.
    const places = end + 3;
    // Indexed by place: the end of the forward zone that begins there. At most one event happens at each place.
    const forwardUntil = new Int32Array(places);
    const backward: number[] = [];
    const add = (write: number): void => {
      const from = present(firstEnd[write]);
      const to = present(lastBegin[write]);
      if (from < to) forwardUntil[from + 1] = to + 1;
      else backward.push(write);
    };
    if (happened[initial] === 1 && present(lastBegin[initial]) >= 0) add(initial);
    for (let at = 0; at < end; at++) {
      const event = present(events[at]);
      const operation = event >> 1;
      // A write that has not happened need not happen, and a cas is part of its chain.
      if ((event & 1) === 1 || happened[operation] === 0) continue;
      if (register.stateBefore(present(kindOf[operation])) < 0) add(operation);
    }
    let openUntil = -1;
    // Indexed by place: the end of the forward zone that covers it, or -1.
    const coveredUntil = new Int32Array(places).fill(-1);
    this.coveredUntil = coveredUntil;
    for (let at = 0; at < places; at++) {
      const until = present(forwardUntil[at]);
      if (until > 0) {
        if (at < openUntil) return false;
        openUntil = until;
      }
      if (at < openUntil) coveredUntil[at] = openUntil;
    }
    return backward.every(
      (write) => present(firstEnd[write]) + 1 > present(coveredUntil[present(lastBegin[write]) + 1]),
    );
  }

  /**
   * Returns the operations in an order that explains all of them, if the last call found that they fit: chains where
   * their forward zone begins, or where the last operation of a backward zone begins; if that is within a forward zone,
   * after it.
   */
  order(): readonly number[] {
    const { firstEnd, lastBegin, happened, next, writer, returnsAt, coveredUntil, register, initial } = this;
    const { events, eventCount, kindOf } = this.history;
    const readers = new Map<number, number[]>();
    const roots: { readonly write: number; readonly place: number }[] = [];
    const addRoot = (write: number): void => {
      const from = present(firstEnd[write]);
      const to = present(lastBegin[write]);
      const place = from < to ? from + 1 : Math.max(to + 1, present(coveredUntil[to + 1]));
      roots.push({ write, place });
    };
    if (happened[initial] === 1) addRoot(initial);
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      const operation = event >> 1;
      if ((event & 1) === 1) continue;
      const kind = present(kindOf[operation]);
      if (!register.isReadOnly(kind)) {
        if (happened[operation] === 1 && register.stateBefore(kind) < 0) addRoot(operation);
      } else if (present(returnsAt[operation]) < NEVER)
        addTo(readers, present(writer[register.stateAfter(kind)]), operation);
    }
    const order: number[] = [];
    for (const { write } of roots.sort((a, b) => a.place - b.place)) {
      for (let one = write; one >= 0; one = present(next[one])) {
        if (one !== initial) order.push(one);
        for (const read of readers.get(one) ?? []) order.push(read);
      }
    }
    return order;
  }
}

/** Returns the possible values of the register just before the completion at `bad`. */
function configurationsBefore(
  history: ObjectEvents,
  register: RegisterKinds,
  zones: Zones,
  bad: number,
): readonly Configuration[] {
  const { events, kindOf } = history;
  const failing = present(events[bad]) >> 1;
  const open: number[] = [];
  const writes: number[] = [];
  for (let at = bad - 1; at >= 0; at--) {
    const event = present(events[at]);
    const operation = event >> 1;
    if ((event & 1) === 1) continue;
    if (present(zones.returnsAt[operation]) >= bad && history.crashed[operation] === 0) open.push(operation);
    if (!register.isReadOnly(present(kindOf[operation])) && writes.length < CANDIDATES)
      writes.push(operation);
  }
  // Acknowledged writes come before those in doubt: an explanation begins with the first.
  const isOpen = (write: number): number => Number(present(zones.returnsAt[write]) >= bad);
  const possible = writes
    .filter((write) => zones.fitUpTo(bad, write))
    .sort((a, b) => isOpen(a) - isOpen(b))
    .slice(0, SHOWN_CONFIGURATIONS);
  const pendingBut = (write: number): readonly number[] => [
    failing,
    ...open.filter((operation) => operation !== failing && operation !== write).sort((a, b) => a - b),
  ];
  const configurations = possible.map((write) => ({
    state: register.stateAfter(present(kindOf[write])),
    pending: pendingBut(write),
  }));
  const isInitial = possible.length === 0 || zones.fitUpTo(bad, history.operationCount);
  return isInitial ? [{ state: 0, pending: pendingBut(-1) }, ...configurations] : configurations;
}
