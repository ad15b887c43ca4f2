/**
 * The operations open at one place of a history. The place moves forwards and backwards, so that the search can return
 * to an earlier one; what is open depends only on the place.
 *
 * Each operation that completes has a slot, a bit that no other operation has while it is open. For a crashed operation
 * only the kind is kept: crashed operations of one kind are interchangeable and counted.
 */
import { present } from '../../../columns/present.ts';
import type { ConfigurationShape } from './configuration-set.ts';
import type { FrontierObject, ObjectEvents } from '../object-events.ts';

/** What the search knows about an operation's effect on the state. */
export const MOVE = 0;
export const READ = 1;
export const OVERWRITE = 2;

const NEVER = 0x7fffffff;

export class OpenWindow {
  /** Number of events that have happened. */
  at = 0;
  readonly shape: ConfigurationShape;
  /** Indexed by kind: MOVE, READ or OVERWRITE. */
  readonly sortOf: Uint8Array;
  /** Indexed by operation: its slot; -1 for crashed ones. */
  readonly slotOf: Int32Array;
  /** Indexed by kind: its lane, where uses by crashed operations are counted; -1 if none crashes. */
  readonly laneOf: Int32Array;
  /** Indexed by slot: the open operation in it, or -1. */
  readonly operationIn: Int32Array;
  /** Slots of open read-only operations. */
  readonly openReads: number[] = [];
  /** Indexed by kind: slots of open operations that are not read-only, earliest completion first. */
  readonly openOf: readonly number[][];
  /** Slots of open overwrites, as bits. */
  readonly openOverwrites: Int32Array;
  /** Indexed by kind: the number of crashed operations so far. */
  readonly crashedOf: Int32Array;
  /** Kinds that can change the state now: some operation of the kind is open or has crashed. */
  readonly activeKinds: number[] = [];
  /** Indexed by operation: the event at which it completes. */
  private readonly completesAt: Int32Array;

  constructor(
    readonly history: ObjectEvents,
    object: FrontierObject,
  ) {
    const { kindCount, operationCount } = history;
    this.sortOf = new Uint8Array(kindCount);
    for (let kind = 0; kind < kindCount; kind++)
      this.sortOf[kind] = object.isReadOnly(kind) ? READ : object.isOverwrite(kind) ? OVERWRITE : MOVE;
    this.openOf = Array.from({ length: kindCount }, () => []);
    this.crashedOf = new Int32Array(kindCount);
    this.slotOf = new Int32Array(operationCount).fill(-1);
    this.completesAt = new Int32Array(operationCount).fill(NEVER);
    this.laneOf = new Int32Array(kindCount).fill(-1);
    this.shape = this.survey();
    this.operationIn = new Int32Array(this.shape.maskWords * 32).fill(-1);
    this.openOverwrites = new Int32Array(this.shape.maskWords);
  }

  /** Moves past the next event. */
  forward(): void {
    const event = present(this.history.events[this.at++]);
    if ((event & 1) === 0) this.open(event >> 1);
    else this.close(event >> 1);
  }

  /** Moves back to an earlier place. */
  rewind(at: number): void {
    while (this.at > at) {
      const event = present(this.history.events[--this.at]);
      if ((event & 1) === 0) this.close(event >> 1);
      else this.open(event >> 1);
    }
  }

  private open(operation: number): void {
    const kind = present(this.history.kindOf[operation]);
    if (this.history.crashed[operation] === 1) {
      this.crashedOf[kind] = present(this.crashedOf[kind]) + 1;
      this.activate(kind);
      return;
    }
    const slot = present(this.slotOf[operation]);
    this.operationIn[slot] = operation;
    const sort = this.sortOf[kind];
    if (sort === READ) {
      this.openReads.push(slot);
      return;
    }
    const slots = this.openOf[kind] as number[];
    const deadline = present(this.completesAt[operation]);
    let place = slots.length;
    slots.push(slot);
    for (; place > 0 && this.deadlineOf(present(slots[place - 1])) > deadline; place--)
      slots[place] = present(slots[place - 1]);
    slots[place] = slot;
    if (sort === OVERWRITE) this.flipOverwrite(slot);
    this.activate(kind);
  }

  private close(operation: number): void {
    const kind = present(this.history.kindOf[operation]);
    if (this.history.crashed[operation] === 1) {
      this.crashedOf[kind] = present(this.crashedOf[kind]) - 1;
      this.deactivate(kind);
      return;
    }
    const slot = present(this.slotOf[operation]);
    this.operationIn[slot] = -1;
    const sort = this.sortOf[kind];
    if (sort === READ) {
      remove(this.openReads, slot);
      return;
    }
    const slots = this.openOf[kind] as number[];
    remove(slots, slot);
    if (sort === OVERWRITE) this.flipOverwrite(slot);
    this.deactivate(kind);
  }

  private flipOverwrite(slot: number): void {
    const word = slot >> 5;
    this.openOverwrites[word] = present(this.openOverwrites[word]) ^ (1 << (slot & 31));
  }

  private deadlineOf(slot: number): number {
    return present(this.completesAt[present(this.operationIn[slot])]);
  }

  private activate(kind: number): void {
    if ((this.openOf[kind] as number[]).length + present(this.crashedOf[kind]) === 1)
      this.activeKinds.push(kind);
  }

  private deactivate(kind: number): void {
    if ((this.openOf[kind] as number[]).length + present(this.crashedOf[kind]) === 0)
      remove(this.activeKinds, kind);
  }

  /** Scans ahead for slots (each operation gets the one freed last), deadlines, and the number of crashes per kind. */
  private survey(): ConfigurationShape {
    const { events, eventCount, kindOf, crashed, kindCount } = this.history;
    const free: number[] = [];
    const crashes = new Int32Array(kindCount);
    let slots = 0;
    for (let at = 0; at < eventCount; at++) {
      const event = present(events[at]);
      const operation = event >> 1;
      if ((event & 1) === 1) {
        this.completesAt[operation] = at;
        free.push(present(this.slotOf[operation]));
      } else if (crashed[operation] === 0) this.slotOf[operation] = free.pop() ?? slots++;
      else {
        const kind = present(kindOf[operation]);
        crashes[kind] = present(crashes[kind]) + 1;
      }
    }
    let lanes = 0;
    let narrow = true;
    for (let kind = 0; kind < kindCount; kind++) {
      const count = present(crashes[kind]);
      if (count === 0) continue;
      this.laneOf[kind] = lanes++;
      if (count > 127) narrow = false;
    }
    return {
      maskWords: Math.max(1, Math.ceil(slots / 32)),
      useWords: narrow ? Math.ceil(lanes / 4) : lanes,
      narrow,
    };
  }
}

/** Removes an item like a splice, but without allocating. */
function remove(list: number[], item: number): void {
  for (let i = list.indexOf(item) + 1; i < list.length; i++) list[i - 1] = present(list[i]);
  list.pop();
}
