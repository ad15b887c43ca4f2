/**
 * The anomalies of an rw-register history that need no cycle: reads of aborted or half-done writes, of values that no
 * transaction wrote, of values that their own transaction writes only later, and updates lost.
 */
import type { Meter } from './meter.ts';
import type { AnomalyTable } from './result.ts';
import { MOP, type RwRegisterColumns } from './rw-register-columns.ts';
import { NO_WRITER, type RegisterWriters } from './rw-register-writers.ts';
import { OUTCOME } from './transaction-log.ts';

export function findRegisterAnomalies(
  columns: RwRegisterColumns,
  writers: RegisterWriters,
  found: AnomalyTable,
  meter: Meter,
): void {
  for (const { row, expected } of columns.internals) {
    found.add('internal', () => ({
      op: columns.operation(columns.mopVertices.at(row)),
      mop: columns.microOp(row),
      expected: columns.versionValue(expected),
    }));
  }
  findBadReads(columns, writers, found, meter);
  findLostUpdates(columns, found, meter);
}

/**
 * G1a: a successful read of what a failed transaction wrote. G1b: of what its writer wrote over in the same transaction.
 * `garbage-read`: of what no transaction wrote. `future-read`: of what only the same transaction wrote, and only afterwards.
 */
function findBadReads(
  columns: RwRegisterColumns,
  { writers, firstWrites }: RegisterWriters,
  found: AnomalyTable,
  meter: Meter,
): void {
  const { mopVersions, mopFlags, mopVertices, failedWrites, intermediateWrites, log } = columns;
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    if (((mopFlags.values[row] ?? 0) & MOP.write) !== 0) continue;
    const version = mopVersions.values[row] ?? 0;
    const vertex = mopVertices.values[row] ?? 0;
    const failed = failedWrites.values[version] ?? -1;
    const intermediate = intermediateWrites.values[version] ?? -1;
    const writer = writers[version] ?? NO_WRITER;
    if (failed < 0 && intermediate < 0 && writer !== NO_WRITER && writer !== vertex) continue;
    if (log.outcomes[vertex] !== OUTCOME.ok) continue;
    for (const [type, write] of [
      ['G1a', failed],
      ['G1b', intermediate],
    ] as const) {
      const writingVertex = write < 0 ? vertex : (mopVertices.values[write] ?? 0);
      if (writingVertex === vertex) continue;
      found.add(type, () => ({
        op: columns.operation(vertex),
        mop: columns.microOp(row),
        writer: columns.operation(writingVertex),
      }));
    }
    const isLater = writer === vertex && (firstWrites[version] ?? -1) > row;
    if ((writer !== NO_WRITER && !isLater) || isNull(columns, version)) continue;
    found.add(isLater ? 'future-read' : 'garbage-read', () => ({
      op: columns.operation(vertex),
      mop: columns.microOp(row),
      element: columns.versionValue(version),
    }));
  }
}

/** Whether a version is null, which a key holds before its first write. */
function isNull({ keys, versionKeys }: RwRegisterColumns, version: number): boolean {
  return keys[versionKeys.values[version] ?? 0]?.nullVersion === version;
}

/** Two transactions that read the same version of a key and then both wrote it. */
function findLostUpdates(columns: RwRegisterColumns, found: AnomalyTable, meter: Meter): void {
  const { mopVersions, mopFlags, mopVertices, versionKeys, log } = columns;
  const first = new Int32Array(versionKeys.length).fill(-1);
  const groups = new Map<number, number[]>();
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    if (((mopFlags.values[row] ?? 0) & MOP.beforeWrite) === 0) continue;
    const vertex = mopVertices.values[row] ?? 0;
    if (log.outcomes[vertex] !== OUTCOME.ok) continue;
    const version = mopVersions.values[row] ?? 0;
    const before = first[version] ?? -1;
    if (before < 0) {
      first[version] = vertex;
      continue;
    }
    const group = groups.get(version);
    if (group === undefined) groups.set(version, [before, vertex]);
    else group.push(vertex);
  }
  for (const [version, vertices] of groups) {
    found.add('lost-update', () => ({
      key: columns.keyName(version),
      value: columns.versionValue(version),
      txns: vertices.slice(0, 64).map((vertex) => columns.operation(vertex)),
    }));
  }
}
