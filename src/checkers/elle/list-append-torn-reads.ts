/**
 * Reads that tear apart what one transaction appended to a key, an intermediate read (G1b) that Elle does not look for:
 *
 *     T1  append x 1, append x 2
 *     T2  r x -> [2]             without the 1 that came before it
 *     T3  r x -> [2 1 3]         in another order than T1 appended them
 *
 * A transaction's appends show at once and in its order, so that before its second element each list holds the first. Of a
 * failed transaction nothing should show at all, which is G1a; what other transactions appended in between is a cycle.
 */
import { present } from '../../columns/present.ts';
import { MOP, type KeyColumn, type ListAppendColumns } from './list-append-columns.ts';
import type { Meter } from './meter.ts';
import { OUTCOME } from './transaction-log.ts';

/** An element, and the one that the same transaction appended to the same key just before it. */
export interface TornAppends {
  readonly element: number;
  readonly before: number;
}

/**
 * By the rows of successful reads that show it: the first element without the one before it. Elements in `doubtful` may be
 * appended by others as well.
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
    // What the reader itself appends only later is a future-read.
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

/** By element: what its transaction appended to the key just before it, or -1. */
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
    // Where a history has completions only, an element may be appended twice.
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
  /** The elements with which a read of the key's list ends that shows it. */
  readonly readsOfIt: ReadonlySet<number>;
}

/** By key: where the list that its reads are stored against is torn first. */
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
