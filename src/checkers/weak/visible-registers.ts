/** The relevant part of an rw-register history whose repeated values are already distinguished. */
import { present } from '../../columns/present.ts';
import { Int32Column } from '../../columns/column.ts';
import type { Meter } from '../budget/meter.ts';
import { MOP, isExternalWrite, type RwRegisterColumns } from '../elle/rw-register/columns.ts';
import { INITIAL, type VisibleHistory } from './visible-history.ts';
import { VisibleRows } from './visible-rows.ts';

const UNKNOWN = -2;

interface Known {
  /** Indexed by version: 1 if it may be one of several. */
  readonly unclear: Uint8Array;
  /** Indexed by transaction: 1 for those that crashed and certainly took effect. */
  readonly tookEffect: Uint8Array;
}

export function visibleRegisters(
  columns: RwRegisterColumns,
  { unclear, tookEffect }: Known,
  meter: Meter,
): VisibleHistory {
  const { mopVersions, mopFlags, mopVertices, versionKeys, versionValues } = columns;
  const visible = new VisibleRows(columns, tookEffect);
  const writeRowOf = writeRows(columns, visible.counts);
  meter.step(mopVersions.length);
  const writerOf = (version: number): number => {
    if (unclear[version] === 1) return UNKNOWN;
    const row = present(writeRowOf[version]);
    if (row >= 0) return present(mopVertices.values[row]);
    return columns.isInitial(version) ? INITIAL : UNKNOWN;
  };
  const rowsOfWrites = new Int32Column();
  const writtenBy = new Int32Array(columns.keys.length).fill(-1);
  /** Indexed by key: the value that the current transaction last wrote. */
  const lastValues = new Int32Array(columns.keys.length);
  visible.collect(meter, (transaction, row, isOk) => {
    const flags = present(mopFlags.values[row]);
    const version = present(mopVersions.values[row]);
    const key = present(versionKeys.values[version]);
    if ((flags & MOP.write) !== 0) {
      writtenBy[key] = transaction;
      lastValues[key] = present(versionValues.values[version]);
      if (!isExternalWrite(flags)) return;
      visible.writeKeys.push(key);
      rowsOfWrites.push(row);
    } else if (!isOk) return;
    else if (writtenBy[key] === transaction) {
      const own = present(lastValues[key]);
      if (versionValues.values[version] === own) return;
      visible.missedOwnWrites.push({ row, expected: columns.values.valueOf(own) });
      const writer = writerOf(version);
      const isOwn = (flags & MOP.own) !== 0;
      if (writer >= 0 && writer !== transaction && !isOwn)
        visible.readAfterWriting.add(writer, transaction, row);
    } else {
      const writer = writerOf(version);
      if (writer !== UNKNOWN && writer !== transaction) visible.addRead(key, writer, row);
    }
  });

  const { readKeys, readFrom, readRows, writeKeys, writeStarts } = visible;
  const writeRow = (key: number, writer: number): number => {
    for (let write = present(writeStarts[writer]); write < present(writeStarts[writer + 1]); write++)
      if (writeKeys.at(write) === key) return rowsOfWrites.at(write);
    throw new Error(`Transaction ${writer} does not write key ${key}`);
  };
  const valueAt = (row: number) => columns.versionValue(mopVersions.at(row));
  return visible.history(undefined, {
    keyAt: (row) => versionKeys.at(mopVersions.at(row)),
    writeRow,
    sourceRow: (read) => writeRow(readKeys.at(read), readFrom.at(read)),
    writtenValue: valueAt,
    readValue: (read) => valueAt(readRows.at(read)),
  });
}

/** Indexed by version: the row, in a transaction that counts, that wrote it; else -1. */
function writeRows(
  { mopVersions, mopFlags, mopVertices, versionKeys }: RwRegisterColumns,
  counts: Uint8Array,
) {
  const rows = new Int32Array(versionKeys.length).fill(-1);
  for (let row = 0; row < mopVersions.length; row++)
    if (isExternalWrite(present(mopFlags.values[row])) && counts[present(mopVertices.values[row])] === 1)
      rows[present(mopVersions.values[row])] = row;
  return rows;
}
