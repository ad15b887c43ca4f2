/**
 * Determines which transactions may have written what a read of an rw-register history shows, and which crashed
 * transactions therefore took effect: if a successful transaction certainly read one of its writes, all of them took
 * effect. The same holds for an invocation that never completed.
 *
 * A value may be written several times. Then each non-failed transaction that wrote it last to the key explains a read
 * of it; null is also explained by the initial state. Only a read with a single explanation is known to show that
 * write:
 *
 *     T1  write x 1            T2  write x 1, read x -> 1            T3  read x -> 1        of T1 or of T2?
 */
import { present } from '../../../columns/present.ts';
import type { Meter } from '../../budget/meter.ts';
import { MOP, isExternalWrite, type RwRegisterColumns } from './columns.ts';
import { OUTCOME, describeBadMicroOps, type MicroOp } from '../transactions/transaction-log.ts';

export const NO_WRITER = -1;
const SEVERAL_WRITERS = -2;
/** An explanation: the initial state. */
export const INITIAL_STATE = -3;
/** An explanation: an invocation of which only the writes are known. */
const UNKNOWN_WRITER = -4;
/**
 * Maximum number of explanations kept per value. Even without the reader's own, two are left, which is as unclear as
 * more.
 */
const EXPLANATIONS_KEPT = 3;

export interface RegisterWriters {
  /** Indexed by version: the only transaction that wrote it, with any outcome; -1 for none, -2 for several. */
  readonly writers: Int32Array;
  /** Indexed by version: the only non-failed transaction that externally wrote it; -1 for none, -2 for several. */
  readonly finalWriters: Int32Array;
  /** Indexed by version: the first row that writes it, or -1. */
  readonly firstWrites: Int32Array;
  /** Indexed by version: the only explanation of a read; -1 for none, -2 for those in `repeated`. */
  readonly explanations: Int32Array;
  /** The explanations of each version with several. */
  readonly repeated: ReadonlyMap<number, readonly number[]>;
  /** Indexed by transaction: 1 for those that crashed and certainly took effect. */
  readonly tookEffect: Uint8Array;
}

export interface ReadRules {
  /** Whether failed and overwritten writes may be read. */
  readonly allowsDirtyReads: boolean;
}

/** Adds open invocations whose writes were read, as crashed transactions. Records a malformed one in the log. */
export function findWriters(
  columns: RwRegisterColumns,
  { allowsDirtyReads }: ReadRules,
  meter: Meter,
): RegisterWriters {
  const crashes = hasCrashes(columns);
  if (crashes) adoptObservedInvocations(columns, successfullyRead(columns, meter));
  const { log, mopVersions, mopFlags, mopVertices, versionKeys } = columns;
  const writers = new Int32Array(versionKeys.length).fill(NO_WRITER);
  const finalWriters = new Int32Array(versionKeys.length).fill(NO_WRITER);
  const firstWrites = new Int32Array(versionKeys.length).fill(-1);
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    const flags = present(mopFlags.values[row]);
    if ((flags & MOP.write) === 0) continue;
    const version = present(mopVersions.values[row]);
    const vertex = present(mopVertices.values[row]);
    if (firstWrites[version] === -1) firstWrites[version] = row;
    note(writers, version, vertex);
    if (isExternalWrite(flags) && log.outcomes.values[vertex] !== OUTCOME.fail)
      note(finalWriters, version, vertex);
  }
  // Their completions, if any, were attributed to other invocations: that they wrote is all that is known.
  const abandoned = abandonedVersions(columns);
  for (const version of abandoned) writers[version] = finalWriters[version] = SEVERAL_WRITERS;
  const explanations = writers.map((writer, version) => {
    if (allowsDirtyReads) return writer;
    const final = finalWriters[version] ?? NO_WRITER;
    return final === NO_WRITER && !columns.isInitial(version) ? writer : final;
  });
  for (const { nullVersion } of columns.keys) {
    if (nullVersion < 0) continue;
    explanations[nullVersion] = explanations[nullVersion] === NO_WRITER ? INITIAL_STATE : SEVERAL_WRITERS;
  }
  const found = { writers, finalWriters, firstWrites, explanations };
  const repeated = explanations.includes(SEVERAL_WRITERS)
    ? listRepeated(columns, found, { abandoned, allowsDirtyReads }, meter)
    : new Map<number, readonly number[]>();
  const tookEffect = new Uint8Array(log.count);
  if (crashes) noteEffects(columns, { explanations, repeated }, tookEffect, meter);
  return { ...found, repeated, tookEffect };
}

function note(writers: Int32Array, version: number, vertex: number): void {
  const before = writers[version];
  if (before === NO_WRITER) writers[version] = vertex;
  else if (before !== vertex) writers[version] = SEVERAL_WRITERS;
}

function listRepeated(
  { log, mopVersions, mopFlags, mopVertices, keys }: RwRegisterColumns,
  { finalWriters, explanations }: Pick<RegisterWriters, 'finalWriters' | 'explanations'>,
  { abandoned, allowsDirtyReads }: ReadRules & { readonly abandoned: ReadonlySet<number> },
  meter: Meter,
): ReadonlyMap<number, readonly number[]> {
  const repeated = new Map<number, number[]>();
  const add = (version: number, writer: number): void => {
    const known = repeated.get(version);
    if (known === undefined) repeated.set(version, [writer]);
    else if (known.length < EXPLANATIONS_KEPT && !known.includes(writer)) known.push(writer);
  };
  for (const { nullVersion } of keys) {
    if (nullVersion >= 0 && explanations[nullVersion] === SEVERAL_WRITERS) add(nullVersion, INITIAL_STATE);
  }
  for (const version of abandoned) add(version, UNKNOWN_WRITER);
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    const flags = present(mopFlags.values[row]);
    const version = present(mopVersions.values[row]);
    if ((flags & MOP.write) === 0 || explanations[version] !== SEVERAL_WRITERS) continue;
    const vertex = present(mopVertices.values[row]);
    const isFinal = isExternalWrite(flags) && log.outcomes.values[vertex] !== OUTCOME.fail;
    if (isFinal || allowsDirtyReads || finalWriters[version] === NO_WRITER) add(version, vertex);
  }
  return repeated;
}

/** Returns the explanation of a transaction's read of a version, its own writes aside: -1 for none, -2 for several. */
export function explanationFor(
  { explanations, repeated }: Pick<RegisterWriters, 'explanations' | 'repeated'>,
  version: number,
  reader: number,
): number {
  const only = explanations[version] ?? NO_WRITER;
  if (only !== SEVERAL_WRITERS) return only === reader ? NO_WRITER : only;
  const others = repeated.get(version)?.filter((writer) => writer !== reader) ?? [];
  return others.length === 1 ? (others[0] ?? NO_WRITER) : SEVERAL_WRITERS;
}

function noteEffects(
  columns: RwRegisterColumns,
  explained: Pick<RegisterWriters, 'explanations' | 'repeated'>,
  tookEffect: Uint8Array,
  meter: Meter,
): void {
  const { log, mopVersions, mopFlags, mopVertices } = columns;
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    if ((present(mopFlags.values[row]) & (MOP.write | MOP.own)) !== 0) continue;
    const reader = present(mopVertices.values[row]);
    if (log.outcomes.values[reader] !== OUTCOME.ok) continue;
    const writer = explanationFor(explained, present(mopVersions.values[row]), reader);
    if (writer >= 0 && log.outcomes.values[writer] === OUTCOME.info) tookEffect[writer] = 1;
  }
}

function hasCrashes({ log }: RwRegisterColumns): boolean {
  for (const _ of log.openInvocations()) return true;
  return log.outcomes.values.subarray(0, log.count).includes(OUTCOME.info);
}

/** Returns 1 for each version that a successful transaction read. */
function successfullyRead(columns: RwRegisterColumns, meter: Meter): Uint8Array {
  const { log, mopVersions, mopFlags, mopVertices, versionKeys } = columns;
  const read = new Uint8Array(versionKeys.length);
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    if ((present(mopFlags.values[row]) & MOP.write) !== 0) continue;
    if (log.outcomes.values[present(mopVertices.values[row])] === OUTCOME.ok)
      read[present(mopVersions.values[row])] = 1;
  }
  return read;
}

/** Returns the versions that abandoned invocations, whose completions are unknown, would write. */
function abandonedVersions(columns: RwRegisterColumns): ReadonlySet<number> {
  const versions = new Set<number>();
  for (const { value } of columns.log.abandoned) {
    for (const mop of Array.isArray(value) ? (value as readonly MicroOp[]) : []) {
      const version = Array.isArray(mop) && mop[0] === 'w' ? columns.findVersion(mop[1], mop[2] ?? null) : -1;
      if (version >= 0) versions.add(version);
    }
  }
  return versions;
}

function adoptObservedInvocations(columns: RwRegisterColumns, read: Uint8Array): void {
  const { log } = columns;
  for (const { vertex, op } of log.openInvocations()) {
    const bad = describeBadMicroOps(op, op.value, ['r', 'w']);
    if (bad !== undefined) {
      log.malformed ??= bad;
      return;
    }
    const mops = op.value as readonly MicroOp[]; // checked by describeBadMicroOps
    const observed = mops.some(
      ([f, key, value]) => f === 'w' && read[columns.findVersion(key, value ?? null)] === 1,
    );
    if (!observed) continue;
    log.outcomes.values[vertex] = OUTCOME.info;
    columns.add(
      vertex,
      mops.map(([f, key, value]): MicroOp => [f, key, f === 'r' ? null : value]),
      op,
    );
  }
}
