/**
 * Converts a list-append history to the input of `decide`. Lists already show most of the version order. Open is only
 * the order of appends that no read shows, which matters under snapshots: of two transactions that append to one key,
 * one sees the other.
 */
import { present } from '../../../columns/present.ts';
import type { KeyVersions, VersionHistory } from '../../decide/version-history.ts';
import type { OrderRelation } from '../graph/dependency-graph.ts';
import { MOP, type ListAppendColumns } from './columns.ts';
import { observedCrashes } from './crashes.ts';
import { lastElementOf } from './orders.ts';
import type { Meter } from '../../budget/meter.ts';
import { orderBetween, TransactionNumbers } from '../levels/numbered-transactions.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

export interface ListHistory {
  readonly history: VersionHistory;
  readonly vertices: readonly number[];
  /** Indexed by key and version: the last element of the version; -1 for the empty list. */
  readonly elements: readonly (readonly number[])[];
}

class ListKey implements KeyVersions {
  readonly writers = [-1];
  readonly readers: number[][] = [[]];
  readonly parents = [-1];
  readonly updated = [-1];
  readonly beneath = [-1];
  readonly elements = [-1];
  readonly #versionsOf = new Map<number, number>();
  lastObserved = 0;

  /** Returns the version that a transaction left behind, creating it on first use. */
  versionOf(writer: number, element: number, parent: number): number {
    const known = this.#versionsOf.get(writer);
    if (known !== undefined) {
      this.elements[known] = element;
      return known;
    }
    const version = this.writers.push(writer) - 1;
    this.readers.push([]);
    this.parents.push(parent);
    this.updated.push(-1);
    this.beneath.push(-1);
    this.elements.push(element);
    this.#versionsOf.set(writer, version);
    return version;
  }
}

export function listHistory(columns: ListAppendColumns, order: OrderRelation, meter: Meter): ListHistory {
  const { log, mopKeys, mopArgs, mopFlags, elementMops, elementNexts, mopVertices } = columns;
  const numbers = new TransactionNumbers(log, observedCrashes(columns, meter));
  const reads = readsOf(columns, numbers, meter);
  const observedUpTo = new Int32Array(columns.keys.length).fill(-1);
  for (const { key, element } of reads) {
    const position = element < 0 ? -1 : present(columns.elementPositions.values[element]);
    observedUpTo[key] = Math.max(present(observedUpTo[key]), position);
  }
  const versionsOfElements = new Int32Array(elementMops.length).fill(-1);
  const keys = columns.keys.map(({ id, firstElement }) => {
    const key = new ListKey();
    let element = firstElement;
    for (let position = 0; position <= present(observedUpTo[id]) && element >= 0; position++) {
      meter.step(1);
      const writer = writerOf(element);
      if (writer >= 0) {
        key.lastObserved = key.versionOf(writer, element, key.lastObserved);
        versionsOfElements[element] = key.lastObserved;
      }
      element = present(elementNexts.values[element]);
    }
    return key;
  });
  for (let row = 0; row < mopKeys.length; row++) {
    meter.step(1);
    const element = present(mopArgs.values[row]);
    if ((present(mopFlags.values[row]) & MOP.append) === 0 || versionsOfElements[element] !== -1) continue;
    const writer = writerOf(element);
    if (writer >= 0) present(keys[present(mopKeys.values[row])]).versionOf(writer, element, -1);
  }
  for (const { key: id, element, reader, isBeforeAppend, isAfterAppend } of reads) {
    const key = present(keys[id]);
    const version = element < 0 ? 0 : present(versionsOfElements[element]);
    if (version < 0) continue;
    const own = isBeforeAppend || isAfterAppend ? key.writers.lastIndexOf(reader) : 0;
    if (isAfterAppend) {
      if (own > 0) key.beneath[own] = version === own ? present(key.parents[own]) : version;
      continue;
    }
    const readers = present(key.readers[version]);
    if (readers.at(-1) !== reader) readers.push(reader);
    if (own > 0 && key.updated[own] === -1) key.updated[own] = version;
  }
  return {
    history: { transactions: numbers.vertices.length, keys, ...orderBetween(log, numbers, order) },
    vertices: numbers.vertices,
    elements: keys.map(({ elements }) => elements),
  };

  /** Returns the number of the transaction that appended an element, or -1. */
  function writerOf(element: number): number {
    const mop = elementMops.values[element] ?? -1;
    return mop < 0 ? -1 : present(numbers.numbers[present(mopVertices.values[mop])]);
  }
}

interface Read {
  readonly key: number;
  /** The last element it shows, or -1. */
  readonly element: number;
  readonly reader: number;
  readonly isBeforeAppend: boolean;
  /**
   * Its transaction has appended to the key before. It shows no version of another transaction, but what came before: [1 2]
   * of one that has appended 2 shows that 1 did.
   */
  readonly isAfterAppend: boolean;
}

/** Returns the reads by successful transactions, without those that prove nothing. */
function readsOf(
  columns: ListAppendColumns,
  { vertices }: TransactionNumbers,
  meter: Meter,
): readonly Read[] {
  const { log, mopKeys, mopFlags } = columns;
  const reads: Read[] = [];
  for (const [reader, vertex] of vertices.entries()) {
    if (log.outcomes.values[vertex] !== OUTCOME.ok) continue;
    const appended = new Set<number>();
    const start = present(log.mopStarts.values[vertex]);
    for (let row = start; row < start + present(log.mopCounts.values[vertex]); row++) {
      meter.step(1);
      const key = present(mopKeys.values[row]);
      const flags = present(mopFlags.values[row]);
      if ((flags & MOP.append) !== 0) appended.add(key);
      else {
        const element = lastElementOf(columns, row, OUTCOME.ok);
        const isBeforeAppend = (flags & MOP.beforeWrite) !== 0;
        if (element > -2)
          reads.push({ key, element, reader, isBeforeAppend, isAfterAppend: appended.has(key) });
      }
    }
  }
  return reads;
}
