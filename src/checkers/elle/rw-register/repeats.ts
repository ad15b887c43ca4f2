/**
 * Distinguishes repeated writes of one value. A version of a register is what one transaction left behind: two
 * transactions that write 1 to x make a version each, and each write of null makes one besides the initial state:
 *
 *     T1  write x 1        version 1 of T1
 *     T2  write x 1        version 1 of T2
 *     T3  read x -> 1      either: nothing is concluded from it
 *
 * Until this runs there is one version per value. A history without repeated values stays unchanged.
 */
import { present } from '../../../columns/present.ts';
import type { Malformed } from '../transactions/malformed.ts';
import type { Meter } from '../../budget/meter.ts';
import { MOP, isExternalWrite, type RwRegisterColumns } from './columns.ts';
import { INITIAL_STATE, explanationFor, type RegisterWriters } from './writers.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

export interface Repeats {
  /** Indexed by version: 1 for those that stand for an unknown one of several. */
  readonly unclear: Uint8Array;
  /** Whether a successful read shows an unclear version. */
  readonly hasUnclearReads: boolean;
  /** The first read that shows the write of one of several successful transactions. */
  readonly ambiguous: Malformed | undefined;
}

/**
 * Gives each write of a repeated value its own version, and assigns reads to the version that they certainly show, if
 * any.
 */
export function distinguishRepeats(
  columns: RwRegisterColumns,
  writers: RegisterWriters,
  meter: Meter,
): Repeats {
  const { repeated } = writers;
  if (repeated.size === 0)
    return {
      unclear: new Uint8Array(columns.versionKeys.length),
      hasUnclearReads: false,
      ambiguous: undefined,
    };
  const versionsOf = splitWrites(columns, repeated, meter);
  const unclear = new Set<number>();
  const unclearTwins = new Map<number, number>();
  let ambiguous: Malformed | undefined;
  let hasUnclearReads = false;
  const { mopVersions, mopFlags, mopVertices, log } = columns;
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    const version = present(mopVersions.values[row]);
    if ((present(mopFlags.values[row]) & (MOP.write | MOP.own)) !== 0 || !repeated.has(version)) continue;
    const reader = present(mopVertices.values[row]);
    const shown = versionsOf.get(version)?.get(explanationFor(writers, version, reader));
    if (shown !== undefined) {
      mopVersions.values[row] = shown;
      continue;
    }
    let twin = unclearTwins.get(version);
    if (twin === undefined) {
      twin = columns.isInitial(version) ? columns.addTwin(version) : version;
      unclearTwins.set(version, twin);
      unclear.add(twin);
    }
    mopVersions.values[row] = twin;
    const isExternal = (present(mopFlags.values[row]) & MOP.externalRead) !== 0;
    if (!isExternal || log.outcomes.values[reader] !== OUTCOME.ok) continue;
    hasUnclearReads = true;
    ambiguous ??= describeAmbiguous(columns, writers, { version, reader });
  }
  return {
    unclear: Uint8Array.from({ length: columns.versionKeys.length }, (_, version) =>
      unclear.has(version) ? 1 : 0,
    ),
    hasUnclearReads,
    ambiguous,
  };
}

/** Returns, by repeated value and writer, the version that the writer left behind. */
function splitWrites(
  columns: RwRegisterColumns,
  repeated: RegisterWriters['repeated'],
  meter: Meter,
): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const { mopVersions, mopFlags, mopVertices, log } = columns;
  const versionsOf = new Map<number, Map<number, number>>();
  for (const version of repeated.keys())
    versionsOf.set(version, new Map(columns.isInitial(version) ? [[INITIAL_STATE, version]] : []));
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    const ofWriter = versionsOf.get(present(mopVersions.values[row]));
    const vertex = present(mopVertices.values[row]);
    if (ofWriter === undefined || !isExternalWrite(present(mopFlags.values[row]))) continue;
    if (log.outcomes.values[vertex] === OUTCOME.fail) continue;
    const own = columns.addTwin(present(mopVersions.values[row]));
    ofWriter.set(vertex, own);
    mopVersions.values[row] = own;
  }
  return versionsOf;
}

function describeAmbiguous(
  columns: RwRegisterColumns,
  { repeated }: RegisterWriters,
  { version, reader }: { readonly version: number; readonly reader: number },
): Malformed | undefined {
  const indexes = (repeated.get(version) ?? [])
    .filter(
      (writer) => writer >= 0 && writer !== reader && columns.log.outcomes.values[writer] === OUTCOME.ok,
    )
    .map((writer) => columns.operation(writer).index);
  const [first, second] = indexes;
  if (first === undefined || second === undefined) return undefined;
  return {
    type: 'duplicate-writes',
    message:
      `Operations ${first} and ${second} write the same value to one key, and operation ${columns.operation(reader).index} ` +
      `reads it; which write it shows is unknown, so that nothing is concluded from such reads. Expected unique values.`,
    index: Math.max(first, second),
    details: { key: columns.keyName(version), value: columns.versionValue(version) },
  };
}
