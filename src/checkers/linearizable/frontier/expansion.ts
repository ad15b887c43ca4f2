/**
 * One step of the search: from the configurations before an event to those after it. The rules are in `frontier.ts`.
 */
import { present } from '../../../columns/present.ts';
import type { Budget } from '../../checker.ts';
import { Int32Column } from '../../../columns/column.ts';
import { ConfigurationSet, type KeptConfigurations } from './configuration-set.ts';
import type { FrontierObject } from '../object-events.ts';
import { MOVE, OVERWRITE, READ, type OpenWindow } from './open-window.ts';

export type StepOutcome = 'some left' | 'none left' | 'exhausted';

const MAX_BYTES = 512 * 1024 * 1024;
/** The budget is checked each time this many configurations were expanded. */
const BUDGET_STRIDE = 4096;
/** Cost of taking effect: a crashed operation is spent permanently, an open overwrite only until it completes. */
const CRASH_COST = 3;
const OVERWRITE_COST = 1;

/** What is possible in a state at this step. Each half is computed on first use. */
interface Exits {
  foundAt: number;
  /** Kinds that can take effect, and the state each leads to. */
  readonly kinds: Int32Column;
  readonly to: Int32Column;
  /** Whether any of them is not an overwrite, in which case having been in this state can matter. */
  hasMoves: boolean;
  readsFoundAt: number;
  /** Bits of the slots of open reads that this state allows. */
  readonly reads: Int32Array;
}

export class Expansion {
  /** The configurations after the events so far. */
  current: ConfigurationSet;
  /** Whether configurations were left out. If so, `none left` proves nothing. */
  truncated = false;
  /** Whether crashed operations never run out. A dead end with that is a dead end without it. */
  private anything = false;
  private next: ConfigurationSet;
  private readonly work: ConfigurationSet;
  /** Rows of `work` still to be expanded, by cost. */
  private readonly levels: Int32Column[] = [];
  private lowest = Infinity;
  private highest = -1;
  private readonly exits: Exits[] = [];
  private readonly scratch: Int32Array;
  private readonly owedAt: number;
  private readonly spentAt: number;
  private readonly usesAt: number;
  /** Number of the current step, to recognize cached results of earlier ones. */
  private step = 0;
  private untilBudget = BUDGET_STRIDE;
  /** What completes in this step. */
  private sort = MOVE;
  private word = 0;
  private bit = 0;

  constructor(
    private readonly window: OpenWindow,
    private readonly object: FrontierObject,
    private readonly budget: Budget | undefined,
  ) {
    const { maskWords } = window.shape;
    this.current = new ConfigurationSet(window.shape);
    this.next = new ConfigurationSet(window.shape);
    this.work = new ConfigurationSet(window.shape);
    this.scratch = new Int32Array(this.current.stride);
    this.owedAt = 1 + maskWords;
    this.spentAt = 1 + 2 * maskWords;
    this.usesAt = 1 + 3 * maskWords;
    this.current.add(this.scratch, 0);
  }

  get size(): number {
    return this.current.size + this.work.size;
  }

  /** Copies at most `limit` current configurations. */
  keep(limit: number): KeptConfigurations {
    return this.current.keep(limit);
  }

  restore(kept: KeptConfigurations, truncated: boolean): void {
    this.current.restore(kept);
    this.truncated = truncated;
    this.anything = false;
  }

  /**
   * Restarts from configurations that dominate every possible one at this place, with crashed operations that never run
   * out. Returns false if they are more than `limit`.
   */
  assumeAnything(limit: number): boolean {
    const { stateCount } = this.object;
    const { activeKinds, openOf, sortOf } = this.window;
    const moves = activeKinds.flatMap((kind) =>
      sortOf[kind] === MOVE ? (openOf[kind] as readonly number[]) : [],
    );
    if (moves.length > 20 || stateCount * 2 ** moves.length > limit) return false;
    const { current, scratch } = this;
    current.clear();
    this.truncated = false;
    this.anything = true;
    for (let state = 0; state < stateCount; state++)
      for (let done = 0; done < 2 ** moves.length; done++) {
        scratch.fill(0);
        scratch[0] = state;
        moves.forEach((slot, i) => {
          if (((done >> i) & 1) === 1)
            scratch[1 + (slot >> 5)] = present(scratch[1 + (slot >> 5)]) | (1 << (slot & 31));
        });
        current.add(scratch, 0);
      }
    return true;
  }

  /** Marks an open read or overwrite as owed, except a read that the state allows, which takes effect at once. */
  invoke(operation: number): void {
    const { history, slotOf, sortOf } = this.window;
    const kind = present(history.kindOf[operation]);
    const slot = present(slotOf[operation]);
    const sort = sortOf[kind];
    if (slot < 0 || sort === MOVE) return;
    const { rows, size, stride } = this.current;
    const at = this.owedAt + (slot >> 5);
    const bit = 1 << (slot & 31);
    for (let row = 0, base = 0; row < size; row++, base += stride)
      if (sort === OVERWRITE || this.object.transition(present(rows[base]), kind) < 0)
        rows[base + at] = present(rows[base + at]) | bit;
  }

  /**
   * Keeps the configurations in which `operation` can have taken effect by now, at most about `limit`, those of lowest
   * cost. If none is left, `current` is unchanged.
   */
  complete(operation: number, limit: number): StepOutcome {
    const { history, slotOf, sortOf } = this.window;
    const slot = present(slotOf[operation]);
    this.sort = present(sortOf[present(history.kindOf[operation])]);
    this.word = slot >> 5;
    this.bit = 1 << (slot & 31);
    if (this.tookEffectEverywhere()) return 'some left';
    const { current, next, work, scratch, levels } = this;
    const { rows, stride } = current;
    next.clear();
    work.clear();
    this.step++;
    this.lowest = Infinity;
    this.highest = -1;
    for (let row = 0, base = 0; row < current.size; row++, base += stride) {
      if (current.dominated[row] === 1) continue;
      for (let i = 0; i < stride; i++) scratch[i] = present(rows[base + i]);
      const cost = present(current.costs[row]);
      if (this.sort === OVERWRITE && !this.has(this.spentAt) && !this.has(this.owedAt))
        next.add(scratch, cost);
      this.offer(cost);
    }
    for (let cost = this.lowest; cost <= this.highest; cost++) {
      const level = levels[cost] as Int32Column;
      for (let i = 0; i < level.length; i++) {
        const row = present(level.values[i]);
        if (work.dominated[row] === 1) continue;
        if (next.size >= limit) {
          this.truncated = true;
          break;
        }
        this.expand(row, cost);
        if (--this.untilBudget === 0) {
          this.untilBudget = BUDGET_STRIDE;
          if (work.bytes + next.bytes > MAX_BYTES || this.budget?.exhausted() === true) return 'exhausted';
        }
      }
      level.length = 0;
    }
    if (next.size === 0) return 'none left';
    this.current = next;
    this.next = current;
    return 'some left';
  }

  /** Handles in place the common case that the operation took effect in every configuration. Returns whether it did. */
  private tookEffectEverywhere(): boolean {
    const { current, sort, word, bit } = this;
    const { rows, size, stride, dominated, costs } = current;
    const at = word + (sort === MOVE ? 1 : sort === READ ? this.owedAt : this.spentAt);
    const want = sort === READ ? 0 : bit;
    for (let row = 0, base = at; row < size; row++, base += stride)
      if ((present(rows[base]) & bit) !== want && dominated[row] === 0) return false;
    if (sort === READ) return true;
    for (let row = 0, base = at; row < size; row++, base += stride) {
      rows[base] = present(rows[base]) & ~bit;
      if (sort === OVERWRITE) costs[row] = present(costs[row]) - OVERWRITE_COST;
    }
    return true;
  }

  private has(plane: number): boolean {
    return (present(this.scratch[plane + this.word]) & this.bit) !== 0;
  }

  /**
   * Takes the configuration in `scratch`: finished if the completing operation took effect in it, otherwise more work.
   */
  private offer(cost: number): void {
    const { scratch, sort, bit } = this;
    const at = this.word + (sort === MOVE ? 1 : sort === READ ? this.owedAt : this.spentAt);
    const word = present(scratch[at]);
    if ((word & bit) !== 0 ? sort !== READ : sort === READ) {
      scratch[at] = word & ~bit;
      this.next.add(scratch, sort === OVERWRITE ? cost - OVERWRITE_COST : cost);
      return;
    }
    const row = this.work.add(scratch, cost);
    if (row < 0) return;
    if (cost < this.lowest) this.lowest = cost;
    if (cost > this.highest) this.highest = cost;
    while (this.levels.length <= cost) this.levels.push(new Int32Column());
    (this.levels[cost] as Int32Column).push(row);
  }

  private expand(row: number, cost: number): void {
    const { work, window, scratch, spentAt, usesAt } = this;
    const { sortOf, openOf, crashedOf, laneOf } = window;
    const { narrow } = window.shape;
    const base = row * work.stride;
    const state = present(work.rows[base]);
    const { kinds, to } = this.exitsOf(state);
    for (let i = 0; i < kinds.length; i++) {
      const kind = present(kinds.values[i]);
      const after = present(to.values[i]);
      const overwrites = sortOf[kind] === OVERWRITE;
      const plane = overwrites ? spentAt : 1;
      const slot = this.firstPending(base + plane, openOf[kind] as readonly number[]);
      if (slot >= 0) {
        this.load(base);
        scratch[plane + (slot >> 5)] = present(scratch[plane + (slot >> 5)]) | (1 << (slot & 31));
        const seen = this.enter(after, overwrites);
        if (!overwrites) this.offer(cost);
        else if (seen || this.has(spentAt) || this.exitsOf(after).hasMoves) this.offer(cost + OVERWRITE_COST);
        continue;
      }
      if (crashedOf[kind] === 0) continue;
      // Setting the state to its current value helps only overwrites that can now have come just before.
      if (after === state && !(overwrites && this.owesOverwrites(base))) continue;
      const lane = present(laneOf[kind]);
      const at = usesAt + (narrow ? lane >> 2 : lane);
      const shift = narrow ? (lane & 3) * 8 : 0;
      const word = present(work.rows[base + at]);
      if ((narrow ? (word >>> shift) & 0x7f : word) >= present(crashedOf[kind])) continue;
      this.load(base);
      if (!this.anything) scratch[at] = word + (1 << shift);
      if (this.enter(after, overwrites) || this.exitsOf(after).hasMoves)
        this.offer(this.anything ? cost : cost + CRASH_COST);
    }
  }

  private owesOverwrites(base: number): boolean {
    const { openOverwrites } = this.window;
    const { rows } = this.work;
    for (let i = 0; i < openOverwrites.length; i++)
      if ((present(rows[base + this.owedAt + i]) & present(openOverwrites[i])) !== 0) return true;
    return false;
  }

  private load(base: number): void {
    const { scratch } = this;
    const { rows } = this.work;
    for (let i = 0; i < scratch.length; i++) scratch[i] = present(rows[base + i]);
  }

  /** Moves the configuration in `scratch` to a state. Returns whether a read saw it. */
  private enter(state: number, overwrites: boolean): boolean {
    const { scratch, owedAt } = this;
    const { openOverwrites } = this.window;
    const reads = this.readsIn(state);
    let seen = false;
    scratch[0] = state;
    for (let i = 0; i < reads.length; i++) {
      const owed = present(scratch[owedAt + i]);
      const now = present(reads[i]);
      if ((owed & now) !== 0) seen = true;
      scratch[owedAt + i] = owed & ~(overwrites ? now | present(openOverwrites[i]) : now);
    }
    return seen;
  }

  private exitsOf(state: number): Exits {
    const exits = this.exits[state] ?? this.newExits(state);
    if (exits.foundAt === this.step) return exits;
    exits.foundAt = this.step;
    const { activeKinds, sortOf } = this.window;
    const { kinds, to } = exits;
    exits.hasMoves = false;
    kinds.length = 0;
    to.length = 0;
    for (let i = 0; i < activeKinds.length; i++) {
      const kind = present(activeKinds[i]);
      const after = this.object.transition(state, kind);
      if (after < 0) continue;
      kinds.push(kind);
      to.push(after);
      if (sortOf[kind] !== OVERWRITE) exits.hasMoves = true;
    }
    return exits;
  }

  private readsIn(state: number): Int32Array {
    const exits = this.exits[state] ?? this.newExits(state);
    const { reads } = exits;
    if (exits.readsFoundAt === this.step) return reads;
    exits.readsFoundAt = this.step;
    const { openReads, operationIn, history } = this.window;
    for (let i = 0; i < reads.length; i++) reads[i] = 0;
    for (let i = 0; i < openReads.length; i++) {
      const slot = present(openReads[i]);
      const kind = present(history.kindOf[present(operationIn[slot])]);
      if (this.object.transition(state, kind) >= 0)
        reads[slot >> 5] = present(reads[slot >> 5]) | (1 << (slot & 31));
    }
    return reads;
  }

  private newExits(state: number): Exits {
    const exits = {
      foundAt: 0,
      kinds: new Int32Column(),
      to: new Int32Column(),
      hasMoves: false,
      readsFoundAt: 0,
      reads: new Int32Array(this.window.shape.maskWords),
    };
    this.exits[state] = exits;
    return exits;
  }

  private firstPending(base: number, slots: readonly number[]): number {
    const { rows } = this.work;
    for (let i = 0; i < slots.length; i++) {
      const slot = present(slots[i]);
      if ((present(rows[base + (slot >> 5)]) & (1 << (slot & 31))) === 0) return slot;
    }
    return -1;
  }

  /** Returns the open operations that have not taken effect in a row of `current`. */
  pendingIn(row: number): number[] {
    const { rows, stride } = this.current;
    const { operationIn, sortOf, history } = this.window;
    const base = row * stride;
    const pending: number[] = [];
    for (let slot = 0; slot < operationIn.length; slot++) {
      const operation = present(operationIn[slot]);
      if (operation < 0) continue;
      const sort = sortOf[present(history.kindOf[operation])];
      const plane = sort === READ ? this.owedAt : sort === OVERWRITE ? this.spentAt : 1;
      const bit = present(rows[base + plane + (slot >> 5)]) & (1 << (slot & 31));
      if ((bit !== 0) === (sort === READ)) pending.push(operation);
    }
    return pending;
  }
}
