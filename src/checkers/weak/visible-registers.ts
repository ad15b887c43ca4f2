/** The relevant part of an rw-register history whose repeated values are already distinguished. */
import { present } from '../../columns/present.ts';
import { Int32Column } from '../../columns/column.ts';
import type { StepEvidence } from '../elle/graph/dependency-graph.ts';
import type { Meter } from '../meter.ts';
import { MOP, isExternalWrite, type RwRegisterColumns } from '../elle/rw-register/columns.ts';
import { OUTCOME } from '../elle/transactions/transaction-log.ts';
import { INITIAL, type MissedOwnWrite, type VisibleHistory } from './visible-history.ts';

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
  const { log, mopVersions, mopFlags, mopVertices, versionKeys } = columns;
  const counts = new Uint8Array(log.count);
  for (let t = 0; t < log.count; t++)
    counts[t] = log.outcomes.values[t] === OUTCOME.ok || tookEffect[t] === 1 ? 1 : 0;
  /** Indexed by version: the row, in a transaction that counts, that wrote it. */
  const writeRowOf = new Int32Array(versionKeys.length).fill(-1);
  for (let row = 0; row < mopVersions.length; row++) {
    if (!isExternalWrite(present(mopFlags.values[row]))) continue;
    if (counts[present(mopVertices.values[row])] === 1) writeRowOf[present(mopVersions.values[row])] = row;
  }
  meter.step(mopVersions.length);
  const writerOf = (version: number): number => {
    if (unclear[version] === 1) return UNKNOWN;
    const row = present(writeRowOf[version]);
    if (row >= 0) return present(mopVertices.values[row]);
    return columns.isInitial(version) ? INITIAL : UNKNOWN;
  };
  const readStarts = new Int32Array(log.count + 1);
  const writeStarts = new Int32Array(log.count + 1);
  const readKeys = new Int32Column();
  const readFrom = new Int32Column();
  const readRows = new Int32Column();
  const writeKeys = new Int32Column();
  const writeRows = new Int32Column();
  const writtenBy = new Int32Array(columns.keys.length).fill(-1);
  /** Indexed by key: the value that the current transaction last wrote. */
  const lastValues = new Int32Array(columns.keys.length);
  const missedOwnWrites: MissedOwnWrite[] = [];
  for (let t = 0; t < log.count; t++) {
    readStarts[t] = readKeys.length;
    writeStarts[t] = writeKeys.length;
    if (counts[t] !== 1) continue;
    const isOk = log.outcomes.values[t] === OUTCOME.ok;
    const start = present(log.mopStarts.values[t]);
    const end = start + present(log.mopCounts.values[t]);
    meter.step(end - start);
    for (let row = start; row < end; row++) {
      const flags = present(mopFlags.values[row]);
      const version = present(mopVersions.values[row]);
      const key = present(versionKeys.values[version]);
      if ((flags & MOP.write) !== 0) {
        writtenBy[key] = t;
        lastValues[key] = present(columns.versionValues.values[version]);
        if (!isExternalWrite(flags)) continue;
        writeKeys.push(key);
        writeRows.push(row);
      } else if (!isOk) continue;
      else if (writtenBy[key] === t) {
        if (columns.versionValues.values[version] === lastValues[key]) continue;
        missedOwnWrites.push({
          transaction: t,
          row,
          expected: columns.values.valueOf(present(lastValues[key])),
        });
      } else {
        const writer = writerOf(version);
        if (writer === UNKNOWN || writer === t) continue;
        readKeys.push(key);
        readFrom.push(writer);
        readRows.push(row);
      }
    }
  }
  readStarts[log.count] = readKeys.length;
  writeStarts[log.count] = writeKeys.length;

  const indexOf = (row: number): number =>
    row - present(log.mopStarts.values[present(mopVertices.values[row])]);
  const writeRow = (key: number, writer: number): number => {
    for (let write = present(writeStarts[writer]); write < present(writeStarts[writer + 1]); write++)
      if (writeKeys.at(write) === key) return writeRows.at(write);
    throw new Error(`Transaction ${writer} does not write key ${key}`);
  };
  const valueAt = (row: number) => columns.versionValue(mopVersions.at(row));
  return {
    log,
    keys: columns.keys.length,
    counts,
    readStarts,
    readKeys,
    readFrom,
    readRows,
    writeStarts,
    writeKeys,
    before: undefined,
    missedOwnWrites,
    explainRead(read): StepEvidence {
      const row = readRows.at(read);
      const written = writeRow(readKeys.at(read), readFrom.at(read));
      return {
        type: 'wr',
        key: columns.keyName(mopVersions.at(row)),
        value: valueAt(row),
        'a-mop-index': indexOf(written),
        'b-mop-index': indexOf(row),
      };
    },
    explainMissed(read, writer): StepEvidence {
      const row = readRows.at(read);
      const written = writeRow(readKeys.at(read), writer);
      return {
        type: 'rw',
        key: columns.keyName(mopVersions.at(row)),
        value: valueAt(row),
        "value'": valueAt(written),
        'a-mop-index': indexOf(row),
        'b-mop-index': indexOf(written),
      };
    },
    explainWrites(key, from, to): StepEvidence {
      const [earlier, later] = [writeRow(key, from), writeRow(key, to)];
      return {
        type: 'ww',
        key: columns.keyNames[key] ?? null,
        value: valueAt(earlier),
        "value'": valueAt(later),
        'a-mop-index': indexOf(earlier),
        'b-mop-index': indexOf(later),
      };
    },
  };
}
