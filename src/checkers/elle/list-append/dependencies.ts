/**
 * The data dependencies of a list-append history, by the version order of its keys:
 *
 *     ww   T1 appended 1, T2 appended 2, and 2 follows 1 in the order
 *     wr   T1 appended 2, T2 read [1 2]
 *     rw   T1 read [1 2], T2 appended 3, which follows 2
 *
 * Appends that were never observed come after a key's last observed state; so do those of transactions with an unknown
 * outcome.
 */
import { present } from '../../../columns/present.ts';
import type { Json } from '../../../protocol/json.ts';
import { RELATION } from '../cycles/cycle-types.ts';
import type { DataDependencies, StepEvidence } from '../graph/dependency-graph.ts';
import { EdgeBuffer } from '../graph/edge-buffer.ts';
import { MOP, type KeyColumn, type ListAppendColumns } from './columns.ts';
import { observedCrashes } from './crashes.ts';
import { lastElementOf } from './orders.ts';
import type { Meter } from '../../budget/meter.ts';
import { Stars } from '../graph/stars.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

/** Upstream's name for the state of a list before its first append. */
export const INITIAL_STATE = 'elle.list-append/init';

/** Keys with at least this many unobserved appends get a star instead of an edge for each pair of reader and append. */
const STAR_FROM = 8;

export class ListAppendDependencies implements DataDependencies {
  readonly priority = [RELATION.ww, RELATION.wr, RELATION.rw];
  readonly hasSelfEdges = false;
  readonly #columns: ListAppendColumns;
  readonly #firstHelper: number;
  readonly #stars = new Stars();
  readonly #starOfKey = new Map<number, number>();
  /** Indexed by element, then by key for the initial state: the first row of a read that ends there; -1 for none. */
  readonly #firstReaders: Int32Array;
  /** Indexed by row: the next row of a read that ends with the same element. */
  readonly #nextReaders: Int32Array;
  /** Indexed by element: the transaction that may have appended it, or -1. */
  readonly #writers: Int32Array;
  /** Indexed by key: its first unobserved element. Indexed by element: the next one. */
  readonly #firstUnobserved: Int32Array;
  readonly #nextUnobserved: Int32Array;

  constructor(columns: ListAppendColumns) {
    this.#columns = columns;
    this.#firstHelper = columns.log.count;
    const elements = columns.elementKeys.length;
    this.#writers = new Int32Array(elements);
    this.#firstUnobserved = new Int32Array(columns.keys.length).fill(-1);
    this.#nextUnobserved = new Int32Array(elements).fill(-1);
    this.#firstReaders = new Int32Array(elements + columns.keys.length).fill(-1);
    this.#nextReaders = new Int32Array(columns.mopKeys.length).fill(-1);
    this.#linkElements();
    this.#linkReaders();
    this.#buildStars();
  }

  tookEffect(meter: Meter): Uint8Array {
    return observedCrashes(this.#columns, meter);
  }

  get helpers(): number {
    return this.#stars.size;
  }

  #linkElements(): void {
    const { elementKeys, elementMops, elementPositions, mopVertices, log } = this.#columns;
    for (let element = elementKeys.length - 1; element >= 0; element--) {
      const mop = elementMops.values[element] ?? -1;
      const writer = mop < 0 ? -1 : (mopVertices.values[mop] ?? -1);
      const outcome = writer < 0 ? OUTCOME.fail : log.outcomes.values[writer];
      if (outcome !== OUTCOME.ok && outcome !== OUTCOME.info) {
        this.#writers[element] = -1;
        continue;
      }
      this.#writers[element] = writer;
      if ((elementPositions.values[element] ?? -1) >= 0) continue;
      const key = present(elementKeys.values[element]);
      this.#nextUnobserved[element] = this.#firstUnobserved[key] ?? -1;
      this.#firstUnobserved[key] = element;
    }
  }

  #linkReaders(): void {
    const { mopKeys, mopFlags, mopVertices, elementKeys, log } = this.#columns;
    for (let row = mopKeys.length - 1; row >= 0; row--) {
      if ((present(mopFlags.values[row]) & MOP.append) !== 0) continue;
      const outcome = present(log.outcomes.values[present(mopVertices.values[row])]);
      if (outcome !== OUTCOME.ok && outcome !== OUTCOME.info) continue;
      const last = lastElementOf(this.#columns, row, outcome);
      if (last === -2) continue;
      const state = last >= 0 ? last : elementKeys.length + present(mopKeys.values[row]);
      this.#nextReaders[row] = this.#firstReaders[state] ?? -1;
      this.#firstReaders[state] = row;
    }
  }

  #buildStars(): void {
    for (const key of this.#columns.keys) {
      const appends: number[] = [];
      let element = this.#firstUnobserved[key.id] ?? -1;
      for (; element >= 0; element = this.#nextUnobserved[element] ?? -1) {
        appends.push(this.#writers[element] ?? -1);
      }
      if (appends.length < STAR_FROM) continue;
      // Equal ones must be adjacent; beyond that the order does not matter.
      this.#starOfKey.set(key.id, this.#stars.add(appends.toSorted((left, right) => left - right)));
    }
  }

  collect(vertex: number, out: EdgeBuffer): void {
    const { log, mopArgs, mopFlags } = this.#columns;
    const outcome = present(log.outcomes.values[vertex]);
    if (outcome !== OUTCOME.ok && outcome !== OUTCOME.info) return;
    const start = present(log.mopStarts.values[vertex]);
    const end = start + present(log.mopCounts.values[vertex]);
    for (let row = start; row < end; row++) {
      if ((present(mopFlags.values[row]) & MOP.append) !== 0) {
        this.#collectFromAppend(vertex, present(mopArgs.values[row]), out);
      } else this.#collectFromRead(vertex, row, outcome, out);
    }
  }

  #collectFromAppend(vertex: number, element: number, out: EdgeBuffer): void {
    const { mopVertices, elementPositions, elementNexts, elementKeys, keys } = this.#columns;
    // Of two appends of one element the later counts. This cannot happen, but would otherwise give a wrong graph.
    if (this.#writers[element] !== vertex) return;
    for (let row = this.#firstReaders[element] ?? -1; row >= 0; row = this.#nextReaders[row] ?? -1) {
      const reader = present(mopVertices.values[row]);
      if (reader !== vertex) out.add(reader, RELATION.wr);
    }
    if ((elementPositions.values[element] ?? -1) < 0) return;
    const next = elementNexts.values[element] ?? -1;
    if (next >= 0) {
      const writer = this.#writers[next] ?? -1;
      if (writer >= 0 && writer !== vertex) out.add(writer, RELATION.ww);
    } else this.#collectUnobserved(vertex, keys[present(elementKeys.values[element])], RELATION.ww, out);
  }

  #collectFromRead(vertex: number, row: number, outcome: number, out: EdgeBuffer): void {
    const { mopKeys, elementPositions, elementNexts, keys } = this.#columns;
    const last = lastElementOf(this.#columns, row, outcome);
    if (last === -2) return;
    const key = keys[present(mopKeys.values[row])];
    if (last >= 0 && (elementPositions.values[last] ?? -1) < 0) return;
    const next = last >= 0 ? (elementNexts.values[last] ?? -1) : (key?.firstElement ?? -1);
    if (next < 0) this.#collectUnobserved(vertex, key, RELATION.rw, out);
    else {
      const writer = this.#writers[next] ?? -1;
      if (writer >= 0 && writer !== vertex) out.add(writer, RELATION.rw);
    }
  }

  #collectUnobserved(vertex: number, key: KeyColumn | undefined, relation: number, out: EdgeBuffer): void {
    if (key === undefined) return;
    let element = this.#firstUnobserved[key.id] ?? -1;
    if (element < 0) return;
    const star = this.#starOfKey.get(key.id);
    if (star !== undefined) {
      this.#stars.enter(vertex, star, relation, this.#firstHelper, out);
      return;
    }
    for (; element >= 0; element = this.#nextUnobserved[element] ?? -1) {
      const writer = this.#writers[element] ?? -1;
      if (writer !== vertex) out.add(writer, relation);
    }
  }

  collectFromHelper(helper: number, out: EdgeBuffer): void {
    this.#stars.leave(helper - this.#firstHelper, this.#firstHelper, out);
  }

  explain(from: number, to: number, relation: number): StepEvidence | undefined {
    const { log } = this.#columns;
    const start = present(log.mopStarts.values[from]);
    for (let row = start; row < start + present(log.mopCounts.values[from]); row++) {
      const evidence = this.#explainFrom(row, to, relation);
      if (evidence !== undefined) return { ...evidence, 'a-mop-index': row - start };
    }
    return undefined;
  }

  /** Returns the evidence without the index of the first micro-operation. */
  #explainFrom(row: number, to: number, relation: number): StepEvidence | undefined {
    const { log, mopArgs, mopFlags, mopKeys, mopVertices, keyNames } = this.#columns;
    const isAppend = (present(mopFlags.values[row]) & MOP.append) !== 0;
    const outcome = present(log.outcomes.values[present(mopVertices.values[row])]);
    const key = keyNames[present(mopKeys.values[row])] ?? null;
    const start = present(log.mopStarts.values[to]);
    const state = isAppend ? present(mopArgs.values[row]) : lastElementOf(this.#columns, row, outcome);
    if (state === -2 || isAppend === (relation === RELATION.rw)) return undefined;
    const value: Json = state < 0 ? INITIAL_STATE : this.#columns.elementValue(state);
    for (let other = start; other < start + present(log.mopCounts.values[to]); other++) {
      if (mopKeys.values[other] !== mopKeys.values[row]) continue;
      const otherIsAppend = (present(mopFlags.values[other]) & MOP.append) !== 0;
      const otherArg = present(mopArgs.values[other]);
      if (relation === RELATION.wr) {
        if (otherIsAppend || lastElementOf(this.#columns, other, present(log.outcomes.values[to])) !== state)
          continue;
        return { type: 'wr', key, value, 'b-mop-index': other - start };
      }
      if (!otherIsAppend || !this.#follows(state, otherArg)) continue;
      const type = relation === RELATION.ww ? 'ww' : 'rw';
      return {
        type,
        key,
        value,
        "value'": this.#columns.elementValue(otherArg),
        'b-mop-index': other - start,
      };
    }
    return undefined;
  }

  /** Whether an element directly follows a state (-1 for the initial one) in its key's order. */
  #follows(state: number, element: number): boolean {
    const { elementKeys, elementNexts, elementPositions, keys } = this.#columns;
    const key = keys[present(elementKeys.values[element])];
    if (key === undefined) return false;
    if ((elementPositions.values[element] ?? -1) < 0) return state === key.lastElement;
    return state < 0 ? key.firstElement === element : elementNexts.values[state] === element;
  }
}
