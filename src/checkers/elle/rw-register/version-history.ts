/** Converts an rw-register history to the input of `decide`: the writers and readers of each version of each key. */
import { present } from '../../../columns/present.ts';
import type { KeyVersions, VersionHistory } from '../../decide/version-history.ts';
import type { OrderRelation } from '../graph/dependency-graph.ts';
import type { Meter } from '../../budget/meter.ts';
import { MOP, isExternalWrite, type RwRegisterColumns } from './columns.ts';
import type { Repeats } from './repeats.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';
import { orderBetween, TransactionNumbers } from '../levels/numbered-transactions.ts';

export interface RegisterHistory {
  readonly history: VersionHistory;
  /** Indexed by transaction number in `history`: its vertex in the columns. */
  readonly vertices: readonly number[];
  /**
   * Indexed by key and version number in `history`: its row in the columns; -1 for an initial version that never
   * appears.
   */
  readonly versionRows: readonly (readonly number[])[];
}

interface MutableKey extends KeyVersions {
  readonly writers: number[];
  readonly readers: number[][];
  readonly parents: number[];
  readonly updated: number[];
}

/** Leaves out reads that may show one of several versions. */
export function registerHistory(
  columns: RwRegisterColumns,
  { tookEffect, unclear }: { readonly tookEffect: Uint8Array } & Pick<Repeats, 'unclear'>,
  order: OrderRelation,
  meter: Meter,
): RegisterHistory {
  const { log, mopVersions, mopFlags, versionKeys } = columns;
  const numbers = new TransactionNumbers(log, tookEffect);
  const keys = columns.keys.map((): MutableKey => ({
    writers: [-1],
    readers: [[]],
    parents: [-1],
    updated: [-1],
  }));
  const versionRows = columns.keys.map(({ nullVersion }) => [nullVersion]);
  const numbersOfRows = new Int32Array(versionKeys.length).fill(-1);
  for (const { nullVersion } of columns.keys) if (nullVersion >= 0) numbersOfRows[nullVersion] = 0;
  const eachMop = (take: (number: number, row: number, version: number, key: MutableKey) => void): void => {
    for (const [number, vertex] of numbers.vertices.entries()) {
      const start = present(log.mopStarts.values[vertex]);
      const count = present(log.mopCounts.values[vertex]);
      meter.step(count);
      for (let row = start; row < start + count; row++) {
        const version = present(mopVersions.values[row]);
        take(number, row, version, present(keys[present(versionKeys.values[version])]));
      }
    }
  };
  eachMop((number, row, version, key) => {
    if (!isExternalWrite(present(mopFlags.values[row]))) return;
    numbersOfRows[version] = key.writers.push(number) - 1;
    key.readers.push([]);
    key.parents.push(-1);
    key.updated.push(-1);
    present(versionRows[present(versionKeys.values[version])]).push(version);
  });
  eachMop((number, row, version, key) => {
    const flags = present(mopFlags.values[row]);
    const vertex = present(numbers.vertices[number]);
    if ((flags & MOP.externalRead) === 0 || log.outcomes.values[vertex] !== OUTCOME.ok) return;
    const shown = present(numbersOfRows[version]);
    if (unclear[version] === 1 || shown < 0) return;
    present(key.readers[shown]).push(number);
    if ((flags & MOP.beforeWrite) === 0) return;
    const written = key.writers.lastIndexOf(number);
    if (written > 0) key.updated[written] = shown;
  });
  return {
    history: { transactions: numbers.vertices.length, keys, ...orderBetween(log, numbers, order) },
    vertices: numbers.vertices,
    versionRows,
  };
}
