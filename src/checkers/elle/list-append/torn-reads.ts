/**
 * Reads that tear apart one transaction's appends to a key, a kind of intermediate read (G1b) that Elle does not look
 * for:
 *
 *     T1  append x 1, append x 2
 *     T2  r x -> [2]             without the 1 that came before it
 *     T3  r x -> [2 1 3]         in another order than T1 appended them
 *
 * A transaction's appends become visible at once and in its order, so every list with its second element has the first
 * before it. A failed transaction should not be visible at all, which is G1a. Appends of other transactions in between
 * form a cycle.
 */
import { present } from '../../../columns/present.ts';
import { MOP, type KeyColumn, type ListAppendColumns } from './columns.ts';
import type { Meter } from '../../budget/meter.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

/** An element, and the previous element that the same transaction appended to the same key. */
export interface TornAppends {
  readonly element: number;
  readonly before: number;
}

/**
 * Returns the torn appends by the row of the successful read that shows them: the first element without its
 * predecessor. Ignores elements in `doubtful`, which other transactions may have appended too.
 */
export function tornReads(
  columns: ListAppendColumns,
  doubtful: ReadonlySet<number>,
  meter: Meter,
): ReadonlyMap<number, TornAppends> {
  const torn = new Map<number, TornAppends>();
  if (!columns.appendsAgain) return torn;
  const predecessors = ownPredecessors(columns, doubtful, meter);
  const { mopArgs, mopFlags, mopKeys, mopVertices, elementMops, log } = columns;
  const note = (row: number, element: number): void => {
    const reader = mopVertices.at(row);
    if (log.outcomes.values[reader] !== OUTCOME.ok) return;
    // An element that the reader itself appends only later is a future-read.
    const append = elementMops.at(element);
    if (mopVertices.at(append) === reader && append > row) return;
    torn.set(row, { element, before: predecessors[element] ?? -1 });
  };
  for (const { mop, key, list } of columns.oddReads) {
    meter.step(list.length);
    const element = firstTornIn(key, list, predecessors);
    if (element >= 0) note(mop, element);
  }
  const inChains = firstTornInChains(columns, predecessors, meter);
  if (inChains.size === 0) return torn;
  for (let row = 0; row < mopArgs.length; row++) {
    meter.step(1);
    const arg = present(mopArgs.values[row]);
    if (arg < 0 || (present(mopFlags.values[row]) & MOP.append) !== 0) continue;
    const first = inChains.get(present(mopKeys.values[row]));
    if (first !== undefined && first.readsOfIt.has(arg)) note(row, first.element);
  }
  return torn;
}

/** Returns for each element the previous append of its transaction to the key, or -1. */
function ownPredecessors(
  { mopArgs, mopFlags, mopKeys, mopVertices, elementKeys, elementMops, keys, log }: ListAppendColumns,
  doubtful: ReadonlySet<number>,
  meter: Meter,
): Int32Array {
  const predecessors = new Int32Array(elementKeys.length).fill(-1);
  const repeated = new Set(doubtful);
  const lastAppends = new Int32Array(keys.length).fill(-1);
  for (let row = 0; row < mopArgs.length; row++) {
    meter.step(1);
    if ((present(mopFlags.values[row]) & MOP.append) === 0) continue;
    const element = present(mopArgs.values[row]);
    // In a history of completions only, an element may be appended twice.
    if (elementMops.values[element] !== row) repeated.add(element);
    const key = present(mopKeys.values[row]);
    const last = lastAppends[key] ?? -1;
    lastAppends[key] = row;
    const vertex = present(mopVertices.values[row]);
    if (last < 0 || mopVertices.values[last] !== vertex || log.outcomes.values[vertex] === OUTCOME.fail)
      continue;
    predecessors[element] = mopArgs.values[last] ?? -1;
  }
  if (repeated.size === 0) return predecessors;
  return predecessors.map((before, element) => (repeated.has(before) || repeated.has(element) ? -1 : before));
}

function firstTornIn(key: KeyColumn, list: readonly number[], predecessors: Int32Array): number {
  const seen = new Set<number>();
  for (const value of list) {
    const element = key.find(value);
    const before = predecessors[element] ?? -1;
    if (before >= 0 && !seen.has(before)) return element;
    seen.add(element);
  }
  return -1;
}

interface TornChain {
  readonly element: number;
  /** Last elements of the reads of the key's list that show it. */
  readonly readsOfIt: ReadonlySet<number>;
}

/** Returns by key the first torn appends in the list that its reads are stored against. */
function firstTornInChains(
  { keys, elementKeys }: ListAppendColumns,
  predecessors: Int32Array,
  meter: Meter,
): ReadonlyMap<number, TornChain> {
  const torn = new Map<number, TornChain>();
  const wanted = new Uint8Array(keys.length);
  for (const [element, before] of predecessors.entries())
    if (before >= 0) wanted[elementKeys.at(element)] = 1;
  for (const key of keys) {
    if (wanted[key.id] !== 1) continue;
    meter.step(key.chain.length);
    const element = firstTornIn(key, key.chain, predecessors);
    if (element < 0) continue;
    const readsOfIt = new Set<number>();
    for (const value of key.chain.toReversed()) {
      readsOfIt.add(key.find(value));
      if (key.find(value) === element) break;
    }
    torn.set(key.id, { element, readsOfIt });
  }
  return torn;
}
