/** The anomalies of an rw-register history that need no cycle: reads of aborted or half-done writes, updates lost. */
import type { Meter } from './meter.ts';
import type { AnomalyTable } from './result.ts';
import { MOP, type RwRegisterColumns } from './rw-register-columns.ts';
import { OUTCOME } from './transaction-log.ts';

export function findRegisterAnomalies(columns: RwRegisterColumns, found: AnomalyTable, meter: Meter): void {
  for (const { row, expected } of columns.internals) {
    found.add('internal', () => ({
      op: columns.operation(columns.mopVertices.at(row)),
      mop: columns.microOp(row),
      expected: columns.versionValue(expected),
    }));
  }
  findBadReads(columns, found, meter);
  findLostUpdates(columns, found, meter);
}

/** G1a: a successful read of what a failed transaction wrote. G1b: of what its writer wrote over in the same transaction. */
function findBadReads(columns: RwRegisterColumns, found: AnomalyTable, meter: Meter): void {
  const { mopVersions, mopFlags, mopVertices, failedWrites, intermediateWrites, log } = columns;
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    if (((mopFlags.values[row] ?? 0) & MOP.write) !== 0) continue;
    const version = mopVersions.values[row] ?? 0;
    const failed = failedWrites.values[version] ?? -1;
    const intermediate = intermediateWrites.values[version] ?? -1;
    if (failed < 0 && intermediate < 0) continue;
    const vertex = mopVertices.values[row] ?? 0;
    if (log.outcomes[vertex] !== OUTCOME.ok) continue;
    for (const [type, writer] of [
      ['G1a', failed],
      ['G1b', intermediate],
    ] as const) {
      const writingVertex = writer < 0 ? vertex : (mopVertices.values[writer] ?? 0);
      if (writingVertex === vertex) continue;
      found.add(type, () => ({
        op: columns.operation(vertex),
        mop: columns.microOp(row),
        writer: columns.operation(writingVertex),
      }));
    }
  }
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
