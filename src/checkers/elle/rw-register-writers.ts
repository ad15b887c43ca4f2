/**
 * Who wrote each version of an rw-register history, and what follows for crashed transactions: one whose write a successful
 * transaction read certainly took effect, with all that it wrote. So did an invocation that never completed.
 */
import type { Meter } from './meter.ts';
import { MOP, type RwRegisterColumns } from './rw-register-columns.ts';
import { OUTCOME, describeBadMicroOps, type MicroOp } from './transaction-log.ts';

export const NO_WRITER = -1;
const SEVERAL_WRITERS = -2;

export interface RegisterWriters {
  /** By version: its only writer, whatever became of it, else -1 for none and -2 for several. */
  readonly writers: Int32Array;
  /** By version: the first row that writes it, or -1. */
  readonly firstWrites: Int32Array;
  /** By transaction: 1 for those that crashed and certainly took effect. */
  readonly tookEffect: Uint8Array;
}

/** Adds open invocations whose writes were read, as crashed transactions. A malformed one is noted in the log. */
export function findWriters(columns: RwRegisterColumns, meter: Meter): RegisterWriters {
  const read = hasCrashes(columns) ? successfullyRead(columns, meter) : NOTHING_READ;
  adoptObservedInvocations(columns, read);
  const { log, mopVersions, mopFlags, mopVertices, versionKeys, keys } = columns;
  const writers = new Int32Array(versionKeys.length).fill(NO_WRITER);
  const firstWrites = new Int32Array(versionKeys.length).fill(-1);
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    if (((mopFlags.values[row] ?? 0) & MOP.write) === 0) continue;
    const version = mopVersions.values[row] ?? 0;
    const vertex = mopVertices.values[row] ?? 0;
    if (firstWrites[version] === -1) {
      firstWrites[version] = row;
      writers[version] = vertex;
    } else if (writers[version] !== vertex) writers[version] = SEVERAL_WRITERS;
  }
  // Their completions, if any, were taken for those of others: what they wrote was written, nothing more is known.
  for (const { value } of log.abandoned) {
    for (const mop of Array.isArray(value) ? (value as readonly MicroOp[]) : []) {
      const version = Array.isArray(mop) && mop[0] === 'w' ? columns.findVersion(mop[1], mop[2] ?? null) : -1;
      if (version >= 0 && writers[version] === NO_WRITER) writers[version] = SEVERAL_WRITERS;
    }
  }
  const tookEffect = new Uint8Array(log.count);
  for (let version = 0; version < read.length; version++) {
    const writer = writers[version] ?? NO_WRITER;
    if (read[version] !== 1 || writer < 0 || log.outcomes[writer] !== OUTCOME.info) continue;
    // Null is also what a key holds before its first write.
    if (keys[versionKeys.values[version] ?? 0]?.nullVersion !== version) tookEffect[writer] = 1;
  }
  return { writers, firstWrites, tookEffect };
}

const NOTHING_READ = new Uint8Array(0);

function hasCrashes({ log }: RwRegisterColumns): boolean {
  for (const _ of log.openInvocations()) return true;
  return log.outcomes.subarray(0, log.count).includes(OUTCOME.info);
}

/** 1 for each version that a successful transaction read. */
function successfullyRead(columns: RwRegisterColumns, meter: Meter): Uint8Array {
  const { log, mopVersions, mopFlags, mopVertices, versionKeys } = columns;
  const read = new Uint8Array(versionKeys.length);
  for (let row = 0; row < mopVersions.length; row++) {
    meter.step(1);
    if (((mopFlags.values[row] ?? 0) & MOP.write) !== 0) continue;
    if (log.outcomes[mopVertices.values[row] ?? 0] === OUTCOME.ok) read[mopVersions.values[row] ?? 0] = 1;
  }
  return read;
}

function adoptObservedInvocations(columns: RwRegisterColumns, read: Uint8Array): void {
  const { log } = columns;
  for (const { vertex, op } of log.openInvocations()) {
    const bad = describeBadMicroOps(op, op.value, ['r', 'w']);
    if (bad !== undefined) {
      log.malformed ??= bad;
      return;
    }
    const mops = op.value as readonly MicroOp[]; // so says describeBadMicroOps
    const observed = mops.some(([f, key, value]) => {
      if (f !== 'w' || value === null || value === undefined) return false;
      return read[columns.findVersion(key, value)] === 1;
    });
    if (!observed) continue;
    log.outcomes[vertex] = OUTCOME.info;
    columns.add(
      vertex,
      mops.map(([f, key, value]): MicroOp => [f, key, f === 'r' ? null : value]),
      op,
    );
  }
}
