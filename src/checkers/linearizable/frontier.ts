/**
 * Is a history linearizable? The windowed just-in-time frontier (of the Wing-Gong-Lowe family; after Lowe, "Testing for
 * linearizability", 2017), made tolerant of crashes by counting.
 *
 *     p0  |--- write 1 ---|                    walk the events in order, keep every configuration the object
 *     p1       |--- read -> 1 ---|             could be in: (state, which open operations have taken effect,
 *     p2    |--- cas 1 2 --- ...crashed        how often each kind of crashed operation was used)
 *
 * - An operation takes effect as late as possible: only when one completes are others linearized before it, and only
 *   until it has taken effect itself.
 * - An open operation that only reads takes effect at once in any state that allows it; that is always safe.
 * - Crashed operations with equal arguments are interchangeable: only how many were used matters.
 * - Of open operations with equal arguments the one that completes first goes first, and goes before a crashed one: any
 *   linearization can be rearranged so.
 *
 * The work is O(events x frontier x width) and the memory O(frontier): neither depends on how long the history is.
 */
import type { Budget } from '../checker.ts';
import { ConfigurationSet, type ConfigurationShape } from './configuration-set.ts';

/** The object's rules over small integers: states count from 0, the initial one; kinds are (function, arguments). */
export interface Transitions {
  /** The state after an operation of that kind, or -1 where the operation is impossible. */
  transition(state: number, kind: number): number;
  /** Whether operations of that kind never change any state. */
  isReadOnly(kind: number): boolean;
}

/** One object's history in columns, without operations that failed or say nothing. */
export interface ObjectEvents {
  /** Events in order: operation * 2 for an invocation, operation * 2 + 1 for an ok completion. */
  readonly events: Int32Array;
  readonly eventCount: number;
  /** Per operation: its kind. Operations of equal function and arguments share one. */
  readonly kindOf: Int32Array;
  /** Per operation: 1 when it never completed or ended in info. */
  readonly crashed: Uint8Array;
  readonly operationCount: number;
  readonly kindCount: number;
}

/** What the object could have been in: a state, and the open operations that had not taken effect yet. */
export interface Configuration {
  readonly state: number;
  readonly pending: readonly number[];
}

export type FrontierOutcome =
  | { readonly valid: true }
  | { readonly valid: false; readonly operation: number; readonly configurations: readonly Configuration[] }
  | { readonly valid: 'unknown'; readonly reason: string; readonly event: number };

const MAX_BYTES = 512 * 1024 * 1024;
const SHOWN_CONFIGURATIONS = 10;
/** How often the budget is asked: every so many configurations expanded. */
const BUDGET_STRIDE = 4096;

export function followFrontier(history: ObjectEvents, object: Transitions, budget?: Budget): FrontierOutcome {
  const { events, eventCount, kindOf, crashed, kindCount } = history;
  const survey = surveyOf(history);
  const { completesAt, laneOf, shape } = survey;
  const { maskWords, useWords, narrow } = shape;
  const stride = 1 + maskWords + useWords;
  const usesAt = 1 + maskWords;

  let current = new ConfigurationSet(shape);
  let next = new ConfigurationSet(shape);
  const work = new ConfigurationSet(shape);
  /** Rows of `work` still to be expanded, by total of crashed operations used. */
  const levels: number[][] = [[]];
  const scratch = new Int32Array(stride);
  current.add(scratch, 0);

  const slotOf = new Int32Array(history.operationCount).fill(-1);
  const operationIn = new Int32Array(maskWords * 32).fill(-1);
  const freeSlots: number[] = [];
  for (let slot = maskWords * 32 - 1; slot >= 0; slot--) freeSlots.push(slot);
  /** Slots of open operations that only read. */
  const openReads: number[] = [];
  /** Per kind: slots of open operations, the one that completes first in front. */
  const openOf: number[][] = Array.from({ length: kindCount }, () => []);
  const available = new Int32Array(kindCount);
  /** Kinds that can change the state now: some operation is open, or one has crashed. */
  const activeKinds: number[] = [];
  const isActive = new Uint8Array(kindCount);
  let untilBudget = BUDGET_STRIDE;

  for (let at = 0; at < eventCount; at++) {
    const event = events[at] as number;
    const operation = event >> 1;
    const kind = kindOf[operation] as number;
    if ((event & 1) === 0) {
      invoke(operation, kind);
      continue;
    }
    const problem = complete(operation, kind);
    if (problem === 'none left') return { valid: false, operation, configurations: describe(operation) };
    if (problem === 'budget') {
      return {
        valid: 'unknown',
        reason: `gave up after ${at} of ${eventCount} events with ${current.size + work.size} configurations to follow`,
        event: at,
      };
    }
  }
  return { valid: true };

  function invoke(operation: number, kind: number): void {
    if (crashed[operation] === 1) {
      available[kind] = (available[kind] as number) + 1;
      activate(kind);
      return;
    }
    const slot = freeSlots.pop() as number;
    slotOf[operation] = slot;
    operationIn[slot] = operation;
    if (!object.isReadOnly(kind)) {
      const slots = openOf[kind] as number[];
      let place = slots.length;
      const deadline = completesAt[operation] as number;
      while (
        place > 0 &&
        (completesAt[operationIn[slots[place - 1] as number] as number] as number) > deadline
      )
        place--;
      slots.splice(place, 0, slot);
      activate(kind);
      return;
    }
    openReads.push(slot);
    const word = 1 + (slot >> 5);
    const bit = 1 << (slot & 31);
    const rows = current.rows;
    for (let row = 0, base = 0; row < current.size; row++, base += stride) {
      if (object.transition(rows[base] as number, kind) >= 0)
        rows[base + word] = (rows[base + word] as number) | bit;
    }
  }

  function activate(kind: number): void {
    if (isActive[kind] === 1) return;
    isActive[kind] = 1;
    activeKinds.push(kind);
  }

  /** Keeps the configurations in which `operation` can have taken effect by now. */
  function complete(operation: number, kind: number): 'some left' | 'none left' | 'budget' {
    const slot = slotOf[operation] as number;
    const word = 1 + (slot >> 5);
    const bit = 1 << (slot & 31);
    const rows = current.rows;
    let all = true;
    for (let row = 0, base = word; row < current.size; row++, base += stride) {
      if (current.dominated[row] === 0 && ((rows[base] as number) & bit) === 0) {
        all = false;
        break;
      }
    }
    if (all) {
      for (let row = 0, base = word; row < current.size; row++, base += stride)
        rows[base] = (rows[base] as number) & ~bit;
    } else {
      next.clear();
      work.clear();
      for (let row = 0, base = 0; row < current.size; row++, base += stride) {
        if (current.dominated[row] === 1) continue;
        for (let i = 0; i < stride; i++) scratch[i] = rows[base + i] as number;
        offer(word, bit, current.totals[row] as number);
      }
      for (let total = 0; total < levels.length; total++) {
        const level = levels[total] as number[];
        for (let i = 0; i < level.length; i++) {
          const row = level[i] as number;
          if (work.dominated[row] === 0) expand(row, word, bit, total);
          if (--untilBudget === 0) {
            untilBudget = BUDGET_STRIDE;
            if (work.bytes + next.bytes > MAX_BYTES || budget?.exhausted() === true) return 'budget';
          }
        }
        level.length = 0;
      }
      if (next.size === 0) return 'none left';
      const spent = current;
      current = next;
      next = spent;
    }
    release(operation, kind, slot);
    return 'some left';
  }

  /** The configuration in `scratch`: done when the completing operation has taken effect in it, else more work. */
  function offer(word: number, bit: number, total: number): void {
    if (((scratch[word] as number) & bit) !== 0) {
      scratch[word] = (scratch[word] as number) & ~bit;
      next.add(scratch, total);
      return;
    }
    const row = work.add(scratch, total);
    if (row < 0) return;
    while (levels.length <= total) levels.push([]);
    (levels[total] as number[]).push(row);
  }

  function expand(row: number, word: number, bit: number, total: number): void {
    const base = row * stride;
    const state = work.rows[base] as number;
    for (let i = 0; i < activeKinds.length; i++) {
      const kind = activeKinds[i] as number;
      const to = object.transition(state, kind);
      if (to < 0) continue;
      const slot = firstPending(work.rows, base, openOf[kind] as number[]);
      if (slot >= 0) {
        load(work.rows, base);
        scratch[1 + (slot >> 5)] = (scratch[1 + (slot >> 5)] as number) | (1 << (slot & 31));
        become(to);
        offer(word, bit, total);
        continue;
      }
      if (to === state || available[kind] === 0) continue;
      const lane = laneOf[kind] as number;
      const useWord = usesAt + (narrow ? lane >> 2 : lane);
      const shift = narrow ? (lane & 3) * 8 : 0;
      const used = narrow
        ? ((work.rows[base + useWord] as number) >>> shift) & 0x7f
        : (work.rows[base + useWord] as number);
      if (used >= (available[kind] as number)) continue;
      load(work.rows, base);
      scratch[useWord] = (scratch[useWord] as number) + (1 << shift);
      become(to);
      offer(word, bit, total + 1);
    }
  }

  function load(rows: Int32Array, base: number): void {
    for (let i = 0; i < stride; i++) scratch[i] = rows[base + i] as number;
  }

  function become(state: number): void {
    scratch[0] = state;
    for (let i = 0; i < openReads.length; i++) {
      const slot = openReads[i] as number;
      const kind = kindOf[operationIn[slot] as number] as number;
      if (object.transition(state, kind) < 0) continue;
      scratch[1 + (slot >> 5)] = (scratch[1 + (slot >> 5)] as number) | (1 << (slot & 31));
    }
  }

  function firstPending(rows: Int32Array, base: number, slots: readonly number[]): number {
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as number;
      if (((rows[base + 1 + (slot >> 5)] as number) & (1 << (slot & 31))) === 0) return slot;
    }
    return -1;
  }

  function release(operation: number, kind: number, slot: number): void {
    slotOf[operation] = -1;
    operationIn[slot] = -1;
    freeSlots.push(slot);
    if (object.isReadOnly(kind)) {
      openReads.splice(openReads.indexOf(slot), 1);
      return;
    }
    const slots = openOf[kind] as number[];
    slots.splice(slots.indexOf(slot), 1);
    if (slots.length === 0 && available[kind] === 0) {
      isActive[kind] = 0;
      activeKinds.splice(activeKinds.indexOf(kind), 1);
    }
  }

  /** Some of the configurations possible just before `operation` had to have taken effect, with what was pending in each. */
  function describe(operation: number): Configuration[] {
    const shown: Configuration[] = [];
    for (let row = 0; row < current.size && shown.length < SHOWN_CONFIGURATIONS; row++) {
      if (current.dominated[row] === 1) continue;
      const base = row * stride;
      const pending: number[] = [operation];
      for (let slot = 0; slot < operationIn.length; slot++) {
        const other = operationIn[slot] as number;
        if (other < 0 || other === operation) continue;
        if (((current.rows[base + 1 + (slot >> 5)] as number) & (1 << (slot & 31))) === 0)
          pending.push(other);
      }
      shown.push({ state: current.rows[base] as number, pending });
    }
    return shown;
  }
}

interface Survey {
  /** Per operation: the event at which it completes. */
  readonly completesAt: Int32Array;
  /** Per kind: where its uses by crashed operations are counted; -1 when none crashes. */
  readonly laneOf: Int32Array;
  readonly shape: ConfigurationShape;
}

/** A pass ahead: how many operations are open at once, which kinds crash and how often, when each operation completes. */
function surveyOf(history: ObjectEvents): Survey {
  const completesAt = new Int32Array(history.operationCount).fill(0x7fffffff);
  const crashes = new Int32Array(history.kindCount);
  let open = 0;
  let widest = 1;
  for (let at = 0; at < history.eventCount; at++) {
    const event = history.events[at] as number;
    const operation = event >> 1;
    if ((event & 1) === 1) {
      completesAt[operation] = at;
      open--;
    } else if (history.crashed[operation] === 1) {
      const kind = history.kindOf[operation] as number;
      crashes[kind] = (crashes[kind] as number) + 1;
    } else if (++open > widest) widest = open;
  }
  const laneOf = new Int32Array(history.kindCount).fill(-1);
  let lanes = 0;
  let narrow = true;
  for (let kind = 0; kind < history.kindCount; kind++) {
    const count = crashes[kind] as number;
    if (count === 0) continue;
    laneOf[kind] = lanes++;
    if (count > 127) narrow = false;
  }
  return {
    completesAt,
    laneOf,
    shape: { maskWords: Math.ceil(widest / 32), useWords: narrow ? Math.ceil(lanes / 4) : lanes, narrow },
  };
}
