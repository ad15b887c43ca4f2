/**
 * The anomalies of an rw-register history that need no cycle: reads of aborted or intermediate writes, of values that
 * no transaction wrote, of values that their own transaction writes only later, and lost updates.
 */
import { present } from '../../../columns/present.ts';
import type { Meter } from '../../budget/meter.ts';
import type { AnomalyTable } from '../result.ts';
import { MOP, isExternalWrite, type RwRegisterColumns } from './columns.ts';
import type { Repeats } from './repeats.ts';
import { NO_WRITER, type RegisterWriters } from './writers.ts';
import { SameVersionUpdates } from '../transactions/same-version-updates.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

/** Finds reads of values that they should not show. Call it before repeated values are distinguished. */
export function findBadReads(
  columns: RwRegisterColumns,
  writers: RegisterWriters,
  found: AnomalyTable,
  meter: Meter,
): void {
  for (const { row, expected } of columns.internals) {
    found.add('internal', () => ({
      ...columns.readAt(row),
      expected: columns.versionValue(expected),
    }));
  }
  const bad = unexplainedReads(columns, writers, meter);
  if (bad.length === 0) return;
  const writes = unseenWrites(columns, new Set(bad.map((row) => columns.mopVersions.at(row))), meter);
  for (const row of bad) noteBadRead(columns, row, writes.get(columns.mopVersions.at(row)), found);
}

/** Returns the reads by successful transactions that no write explains and that do not show the initial state. */
function unexplainedReads(
  columns: RwRegisterColumns,
  { finalWriters }: RegisterWriters,
  meter: Meter,
): readonly number[] {
  const { mopVersions, mopFlags, mopVertices, log } = columns;
  const rows: number[] = [];
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    if ((present(mopFlags.values[row]) & (MOP.write | MOP.own)) !== 0) continue;
    const version = present(mopVersions.values[row]);
    const vertex = present(mopVertices.values[row]);
    const final = finalWriters[version] ?? NO_WRITER;
    if (final !== NO_WRITER && final !== vertex) continue;
    if (log.outcomes.values[vertex] === OUTCOME.ok && !columns.isInitial(version)) rows.push(row);
  }
  return rows;
}

/** The writes of one value that other transactions should not see. */
interface UnseenWrites {
  /** A row of a failed transaction, or -1. */
  failed: number;
  /** Whether each failed transaction later overwrote the value. */
  areFailedIntermediate: boolean;
  /** A row that its non-failed transaction later overwrote, or -1; and a row of another such transaction. */
  intermediate: number;
  otherIntermediate: number;
}

function unseenWrites(
  { mopVersions, mopFlags, mopVertices, log }: RwRegisterColumns,
  versions: ReadonlySet<number>,
  meter: Meter,
): ReadonlyMap<number, UnseenWrites> {
  const unseen = new Map<number, UnseenWrites>();
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    const flags = present(mopFlags.values[row]);
    const version = present(mopVersions.values[row]);
    if ((flags & MOP.write) === 0 || !versions.has(version)) continue;
    let writes = unseen.get(version);
    if (writes === undefined) {
      writes = { failed: -1, areFailedIntermediate: true, intermediate: -1, otherIntermediate: -1 };
      unseen.set(version, writes);
    }
    const vertex = present(mopVertices.values[row]);
    if (log.outcomes.values[vertex] === OUTCOME.fail) {
      writes.failed = row;
      if (isExternalWrite(flags)) writes.areFailedIntermediate = false;
    } else if ((flags & MOP.intermediate) !== 0) {
      if (mopVertices.values[writes.intermediate] !== vertex) writes.otherIntermediate = writes.intermediate;
      writes.intermediate = row;
    }
  }
  return unseen;
}

/**
 * Records one bad read. G1a: only failed transactions wrote the value. G1b: every non-failed transaction that wrote it
 * also overwrote it. `garbage-read`: no transaction wrote it. `future-read`: only the reader wrote it, and only later.
 */
function noteBadRead(
  columns: RwRegisterColumns,
  row: number,
  writes: UnseenWrites | undefined,
  found: AnomalyTable,
): void {
  const { mopVertices } = columns;
  const vertex = mopVertices.at(row);
  const element = () => columns.versionValue(columns.mopVersions.at(row));
  if (writes === undefined) {
    found.add('garbage-read', () => ({ ...columns.readAt(row), element: element() }));
    return;
  }
  const isOwn = mopVertices.values[writes.intermediate] === vertex;
  const intermediate = isOwn ? writes.otherIntermediate : writes.intermediate;
  const failed = intermediate < 0 ? writes.failed : -1;
  const halfDone = intermediate < 0 && writes.areFailedIntermediate ? failed : intermediate;
  for (const [type, write] of [
    ['G1a', failed],
    ['G1b', halfDone],
  ] as const) {
    if (write >= 0)
      found.add(type, () => ({ ...columns.readAt(row), writer: columns.operation(mopVertices.at(write)) }));
  }
  if (failed < 0 && halfDone < 0)
    found.add('future-read', () => ({ ...columns.readAt(row), element: element() }));
}

/**
 * Finds transactions that read the same version of a key and then all wrote it. Call it after repeated values are
 * distinguished.
 */
export function findLostUpdates(
  columns: RwRegisterColumns,
  { unclear }: Repeats,
  found: AnomalyTable,
  meter: Meter,
): void {
  const { mopVersions, mopFlags, mopVertices, versionKeys, log } = columns;
  const updates = new SameVersionUpdates(versionKeys.length);
  // A version that a transaction wrote itself and then read is not one that others update.
  const relevant = MOP.beforeWrite | MOP.own;
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    if ((present(mopFlags.values[row]) & relevant) !== MOP.beforeWrite) continue;
    const vertex = present(mopVertices.values[row]);
    const version = present(mopVersions.values[row]);
    if (log.outcomes.values[vertex] !== OUTCOME.ok || unclear[version] === 1) continue;
    updates.add(version, vertex);
  }
  for (const [version, vertices] of updates.several) {
    found.add('lost-update', () => ({
      key: columns.keyName(version),
      value: columns.versionValue(version),
      txns: vertices.slice(0, 64).map((vertex) => columns.operation(vertex)),
    }));
  }
}
