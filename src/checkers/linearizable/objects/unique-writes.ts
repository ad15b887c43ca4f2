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
 */
import { present } from '../../../columns/present.ts';
import type { Configuration, ObjectEvents, SearchOutcome } from '../object-events.ts';
import { firstBadCompletion } from './prefix-search.ts';

/** What the check requires: reads have no effect, and all other operations write. */
export interface RegisterKinds {
  isReadOnly(kind: number): boolean;
  /** Returns the value read or written, as a number. */
  stateAfter(kind: number): number;
  readonly stateCount: number;
}

const NEVER = 0x7fffffff;
const SHOWN_CONFIGURATIONS = 10;
/** Maximum number of writes examined for configurations to show. */
const CANDIDATES = 64;

/** Returns undefined if some read value was written more than once, when this check does not apply. */
export function judgeUniqueWrites(history: ObjectEvents, register: RegisterKinds): SearchOutcome | undefined {
  const writes = writesOfReadValues(history, register);
  if (writes === undefined) return undefined;
  const zones = new Zones(history, register, writes);
  const bad = firstBadCompletion(history, (end) => zones.fitUpTo(end));
  if (bad === undefined) return { valid: true };
  const operation = present(history.events[bad]) >> 1;
  return { valid: false, operation, configurations: configurationsBefore(history, register, zones, bad) };
}

/** Returns the write of each value, -1 if none; undefined if a read value was written twice. */
function writesOfReadValues(history: ObjectEvents, register: RegisterKinds): Int32Array | undefined {
  const { kindOf, events, eventCount } = history;
  const writer = new Int32Array(register.stateCount).fill(-1);
  const isRead = new Uint8Array(register.stateCount);
  const isWrittenTwice = new Uint8Array(register.stateCount);
  for (let at = 0; at < eventCount; at++) {
    const event = present(events[at]);
    if ((event & 1) === 1) continue;
    const kind = present(kindOf[event >> 1]);
    const value = register.stateAfter(kind);
    if (register.isReadOnly(kind)) isRead[value] = 1;
    else if (writer[value] === -1) writer[value] = event >> 1;
    else isWrittenTwice[value] = 1;
  }
  for (let value = 0; value < writer.length; value++)
    if (isRead[value] === 1 && isWrittenTwice[value] === 1) return undefined;
  return writer;
}

class Zones {
  private readonly invokedAt: Int32Array;
  readonly returnsAt: Int32Array;
  /** Indexed by write: the first end and the last beginning in its cluster, and whether something has read it. */
  private readonly firstEnd: Int32Array;
  private readonly lastBegin: Int32Array;
  private readonly isRead: Uint8Array;

  constructor(
    private readonly history: ObjectEvents,
    private readonly register: RegisterKinds,
    private readonly writer: Int32Array,
  ) {
    const { operationCount, eventCount, events } = history;
    this.invokedAt = new Int32Array(operationCount).fill(NEVER);
    this.returnsAt = new Int32Array(operationCount).fill(NEVER);
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      ((event & 1) === 0 ? this.invokedAt : this.returnsAt)[event >> 1] = at;
    }
    this.firstEnd = new Int32Array(operationCount);
    this.lastBegin = new Int32Array(operationCount);
    this.isRead = new Uint8Array(operationCount);
  }

  /**
   * Whether the history before the event `end` fits. Reads open there have seen nothing yet, and open writes can still
   * come. With `last`, another read sees the value of that write at the end.
   */
  fitUpTo(end: number, last = -1): boolean {
    if (!this.gather(end)) return false;
    if (last >= 0) {
      this.isRead[last] = 1;
      this.lastBegin[last] = end;
      this.firstEnd[last] = Math.min(present(this.firstEnd[last]), end + 1);
    }
    return this.zonesFit(end);
  }

  private gather(end: number): boolean {
    const { invokedAt, returnsAt, firstEnd, lastBegin, isRead, writer, register } = this;
    const { events, kindOf } = this.history;
    for (let at = 0; at < end; at++) {
      const event = present(events[at]);
      const operation = event >> 1;
      const kind = present(kindOf[operation]);
      const isWrite = !register.isReadOnly(kind);
      if ((event & 1) === 0) {
        if (!isWrite) continue;
        isRead[operation] = 0;
        lastBegin[operation] = at;
        const returns = present(returnsAt[operation]);
        firstEnd[operation] = returns < end ? returns : NEVER;
      } else if (!isWrite) {
        const write = present(writer[register.stateAfter(kind)]);
        if (write < 0 || present(invokedAt[write]) > at) return false;
        isRead[write] = 1;
        if (at < present(firstEnd[write])) firstEnd[write] = at;
        const began = present(invokedAt[operation]);
        if (began > present(lastBegin[write])) lastBegin[write] = began;
      }
    }
    return true;
  }

  private zonesFit(end: number): boolean {
    const { firstEnd, lastBegin, isRead, returnsAt, register } = this;
    const { events, kindOf } = this.history;
    // Two more places, for the read at the end.
    const places = end + 2;
    // Indexed by place: the end of the forward zone that begins there. At most one event happens at each place.
    const forwardUntil = new Int32Array(places);
    const backward: number[] = [];
    for (let at = 0; at < end; at++) {
      const event = present(events[at]);
      const operation = event >> 1;
      if ((event & 1) === 1 || register.isReadOnly(present(kindOf[operation]))) continue;
      // An open write that nothing has read need not have happened.
      if (isRead[operation] === 0 && present(returnsAt[operation]) >= end) continue;
      const from = present(firstEnd[operation]);
      const to = present(lastBegin[operation]);
      if (from < to) forwardUntil[from] = to;
      else backward.push(operation);
    }
    let openUntil = -1;
    // Indexed by place: the end of the forward zone that covers it, or -1.
    const coveredUntil = new Int32Array(places).fill(-1);
    for (let at = 0; at < places; at++) {
      const until = present(forwardUntil[at]);
      if (until > 0) {
        if (at < openUntil) return false;
        openUntil = until;
      }
      if (at < openUntil) coveredUntil[at] = openUntil;
    }
    return backward.every(
      (write) => present(firstEnd[write]) > present(coveredUntil[present(lastBegin[write])]),
    );
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
  const possible = writes.filter((write) => zones.fitUpTo(bad, write)).slice(0, SHOWN_CONFIGURATIONS);
  const pendingBut = (write: number): readonly number[] => [
    failing,
    ...open.filter((operation) => operation !== failing && operation !== write).sort((a, b) => a - b),
  ];
  if (possible.length === 0) return [{ state: 0, pending: pendingBut(-1) }];
  return possible.map((write) => ({
    state: register.stateAfter(present(kindOf[write])),
    pending: pendingBut(write),
  }));
}
