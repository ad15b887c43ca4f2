/**
 * The version order of each key: which element follows which.
 *
 * A key's order is its longest observed list. If all reads fit one list, that list was kept while streaming. Otherwise
 * the distinct lists are sorted by length, the first two neighbours where the shorter is not a prefix of the longer are
 * reported as an incompatible order, and the longest list without repetitions is used. A key that was never read, but
 * to which exactly one append may have happened, has that append as its order.
 */
import { present } from '../../../columns/present.ts';
import { FIRST_ODD_READ, MOP, READ_NULL, type KeyColumn, type ListAppendColumns } from './columns.ts';
import type { Meter } from '../../budget/meter.ts';
import { inTrieOrder } from './tie-break.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

export interface IncompatibleOrder {
  readonly key: number;
  /** Two observed lists as interned values, the shorter one first. */
  readonly values: readonly [readonly number[], readonly number[]];
}

/** Sets the version order of every key in `columns` and returns the incompatible orders. */
export function settleOrders(columns: ListAppendColumns, meter: Meter): readonly IncompatibleOrder[] {
  const incompatible: IncompatibleOrder[] = [];
  const oddKeys = new Set<KeyColumn>();
  for (const { key } of columns.oddReads) if (key.odd) oddKeys.add(key);
  if (oddKeys.size > 0) {
    const lists = observedLists(columns, oddKeys, meter);
    for (const [key, observed] of lists) {
      const pair = firstIncompatible(observed);
      if (pair !== undefined) incompatible.push({ key: key.id, values: pair });
      setOrder(columns, key, observed.at(-1) ?? []);
    }
  }
  inferSingleAppends(columns);
  return incompatible;
}

/** Returns the distinct lists that possibly successful reads of these keys returned, shortest first. */
function observedLists(
  columns: ListAppendColumns,
  keys: ReadonlySet<KeyColumn>,
  meter: Meter,
): ReadonlyMap<KeyColumn, readonly (readonly number[])[]> {
  const { log, mopArgs, mopFlags, mopKeys, mopVertices } = columns;
  const seen = new Map<KeyColumn, Map<string, readonly number[]>>();
  for (const key of keys) seen.set(key, new Map());
  const prefixes = new Set<number>();
  for (let row = 0; row < mopArgs.length; row++) {
    meter.step(1);
    const arg = present(mopArgs.values[row]);
    if ((present(mopFlags.values[row]) & MOP.append) !== 0) continue;
    if (arg < 0 && arg > FIRST_ODD_READ) continue;
    const key = columns.keys[present(mopKeys.values[row])];
    const lists = key === undefined ? undefined : seen.get(key);
    if (lists === undefined) continue;
    const outcome = log.outcomes.values[present(mopVertices.values[row])];
    if (outcome !== OUTCOME.ok && outcome !== OUTCOME.info) continue;
    // Reads that fit are distinguished by their last element.
    if (arg >= 0 && prefixes.has(arg)) continue;
    if (arg >= 0) prefixes.add(arg);
    const list = columns.listOf(row);
    meter.step(list.length);
    lists.set(list.join(), list);
  }
  return new Map(
    [...seen].map(([key, lists]) => [
      key,
      inTrieOrder([...lists.values()], (list) => list.map((value) => columns.values.valueOf(value))).toSorted(
        (left, right) => left.length - right.length,
      ),
    ]),
  );
}

function firstIncompatible(
  lists: readonly (readonly number[])[],
): readonly [readonly number[], readonly number[]] | undefined {
  for (let index = 1; index < lists.length; index++) {
    const shorter = lists[index - 1] ?? [];
    const longer = lists[index] ?? [];
    if (shorter.some((value, position) => longer[position] !== value)) return [shorter, longer];
  }
  return undefined;
}

function setOrder(columns: ListAppendColumns, key: KeyColumn, longest: readonly number[]): void {
  const { elementNexts, elementPositions } = columns;
  for (const value of key.chain) {
    const element = key.find(value);
    elementPositions.set(element, -1);
    elementNexts.set(element, -1);
  }
  key.firstElement = key.lastElement = -1;
  let position = 0;
  for (const value of new Set(longest)) {
    const element = key.find(value);
    elementPositions.set(element, position++);
    if (key.lastElement >= 0) elementNexts.set(key.lastElement, element);
    else key.firstElement = element;
    key.lastElement = element;
  }
}

function inferSingleAppends({
  log,
  keys,
  elementKeys,
  elementMops,
  elementPositions,
  mopVertices,
}: ListAppendColumns): void {
  const only = new Int32Array(keys.length).fill(-1);
  const SEVERAL = -2;
  for (let element = 0; element < elementKeys.length; element++) {
    if ((elementPositions.values[element] ?? -1) >= 0) continue;
    const mop = elementMops.values[element] ?? -1;
    if (mop < 0) continue;
    const outcome = log.outcomes.values[present(mopVertices.values[mop])];
    if (outcome !== OUTCOME.ok && outcome !== OUTCOME.info) continue;
    const key = present(elementKeys.values[element]);
    only[key] = only[key] === -1 ? element : SEVERAL;
  }
  for (const key of keys) {
    const element = only[key.id] ?? -1;
    if (element < 0 || key.lastElement >= 0) continue;
    key.firstElement = key.lastElement = element;
    elementPositions.set(element, 0);
  }
}

/** Returns the last element that a row's read shows; -1 for the initial state, -2 if the read proves nothing. */
export function lastElementOf(columns: ListAppendColumns, row: number, outcome: number): number {
  const arg = present(columns.mopArgs.values[row]);
  if (arg >= 0) return arg;
  if (arg === READ_NULL) return outcome === OUTCOME.ok ? -1 : -2;
  if (arg > FIRST_ODD_READ) return -1;
  return columns.oddReads[FIRST_ODD_READ - arg]?.last ?? -2;
}
