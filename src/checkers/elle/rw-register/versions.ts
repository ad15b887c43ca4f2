/**
 * The version graph of an rw-register history: which version of a key is known to come before which.
 *
 * A register does not show its past, so the order is inferred from several sources in turn:
 *
 *     initial-state            null comes before everything else            (always)
 *     transaction-order-keys   writes in an order given by the caller
 *     wfr-keys                 T reads 1, then writes 2: 1 comes before 2
 *     sequential-keys          a process's operations on a key take effect in its order
 *     linearizable-keys        an operation on a key takes effect after those that completed before it began
 *
 * A source that closes a cycle, alone or with those before it, is reported as `cyclic-versions` and left out entirely.
 * Each key has its own graph (upstream shares sets between keys and so can report a cycle that no key has).
 */
import { present } from '../../../columns/present.ts';
import { compareJson } from '../../../protocol/json.ts';
import { Int32Column } from '../../../columns/column.ts';
import type { Meter } from '../../budget/meter.ts';
import { realtimeSuccessors } from '../graph/realtime-order.ts';
import type { AnomalyTable } from '../result.ts';
import { MOP, isExternalWrite, type RwRegisterColumns } from './columns.ts';
import type { Repeats } from './repeats.ts';
import type { RegisterWriters } from './writers.ts';
import { edgesOf, strongComponents, type Rows } from '../graph/strong-components.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

export interface VersionSources {
  readonly 'wfr-keys?'?: boolean | undefined;
  readonly 'sequential-keys?'?: boolean | undefined;
  readonly 'linearizable-keys?'?: boolean | undefined;
  /** Positions in a known order of transactions, by the index of the completion. */
  readonly 'transaction-order'?: { readonly [index: string]: number } | undefined;
}

interface Edges {
  readonly from: Int32Column;
  readonly to: Int32Column;
}

/** The known order of versions, and the sources it comes from. */
export interface VersionOrder {
  /** The edges between versions as compressed rows, without the implicit edges from null to all other versions. */
  readonly rows: Rows;
  readonly sources: readonly string[];
}

/** Which crashed transactions took effect, and which versions stand for an unknown one of several. */
export type KnownReads = Pick<RegisterWriters, 'tookEffect'> & Pick<Repeats, 'unclear'>;

/** Infers the version order, and adds `cyclic-versions` to the anomalies. */
export function versionOrder(
  columns: RwRegisterColumns,
  sources: VersionSources,
  { tookEffect, unclear }: KnownReads,
  found: AnomalyTable,
  meter: Meter,
): VersionOrder {
  const accepted = noEdges();
  const names = ['initial-state'];
  const tried: readonly (readonly [string, () => Edges])[] = [
    ...(sources['transaction-order'] === undefined
      ? []
      : [
          [
            'transaction-order-keys',
            () => givenOrder(columns, unclear, sources['transaction-order'] ?? {}),
          ] as const,
        ]),
    ...(sources['wfr-keys?'] === true
      ? [['wfr-keys', () => writesFollowReads(columns, unclear, meter)] as const]
      : []),
    ...(sources['sequential-keys?'] === true
      ? [['sequential-keys', () => sequentialOrder(columns, { tookEffect, unclear }, meter)] as const]
      : []),
    ...(sources['linearizable-keys?'] === true
      ? [['linearizable-keys', () => linearizableOrder(columns, unclear, meter)] as const]
      : []),
  ];
  for (const [name, inferEdges] of tried) {
    const edges = inferEdges();
    const cycles = versionCycles(columns, [accepted, edges], meter);
    if (cycles.length === 0) {
      for (let edge = 0; edge < edges.from.length; edge++) {
        accepted.from.push(edges.from.at(edge));
        accepted.to.push(edges.to.at(edge));
      }
      names.push(name);
      continue;
    }
    for (const cycle of cycles) {
      found.add('cyclic-versions', () => ({
        key: columns.keyName(present(cycle[0])),
        scc: [...cycle].map((version) => columns.versionValue(version)).toSorted(compareJson),
        sources: [...names, name],
      }));
    }
  }
  return { rows: rowsOf(columns.versionKeys.length, [accepted]), sources: tried.map(([name]) => name) };
}

function noEdges(): Edges {
  return { from: new Int32Column(), to: new Int32Column() };
}

function addEdge(edges: Edges, from: number, to: number): void {
  if (from < 0 || to < 0 || from === to) return;
  edges.from.push(from);
  edges.to.push(to);
}

function rowsOf(size: number, parts: readonly Edges[]): Rows {
  const starts = new Int32Array(size + 1);
  let count = 0;
  for (const { from } of parts) {
    for (let edge = 0; edge < from.length; edge++) {
      const row = present(from.values[edge]) + 1;
      starts[row] = present(starts[row]) + 1;
    }
    count += from.length;
  }
  for (let row = 0; row < size; row++) starts[row + 1] = present(starts[row + 1]) + present(starts[row]);
  const targets = new Int32Array(count);
  const cursors = starts.slice();
  for (const { from, to } of parts) {
    for (let edge = 0; edge < from.length; edge++) {
      const row = present(from.values[edge]);
      const cursor = present(cursors[row]);
      targets[cursor] = present(to.values[edge]);
      cursors[row] = cursor + 1;
    }
  }
  return { starts, targets };
}

/** Returns the strongly connected components of versions, where null precedes everything else of its key. */
function versionCycles(
  columns: RwRegisterColumns,
  parts: readonly Edges[],
  meter: Meter,
): readonly Int32Array[] {
  const { keys, versionKeys } = columns;
  const intoNull = new Set<number>();
  for (const { to } of parts) {
    for (let edge = 0; edge < to.length; edge++) {
      const version = present(to.values[edge]);
      const key = present(versionKeys.values[version]);
      if (keys[key]?.nullVersion === version) intoNull.add(key);
    }
  }
  if (intoNull.size === 0) return strongComponents(edgesOf(rowsOf(versionKeys.length, parts)), meter);
  // Only a key with a version before null can have a cycle through null.
  const initial = noEdges();
  const known = knownVersions(columns);
  for (let version = 0; version < versionKeys.length; version++) {
    const key = present(versionKeys.values[version]);
    if (intoNull.has(key) && known[version] === 1) addEdge(initial, keys[key]?.nullVersion ?? -1, version);
  }
  return strongComponents(edgesOf(rowsOf(versionKeys.length, [...parts, initial])), meter);
}

/**
 * Returns 1 for each version that a possibly successful transaction externally wrote, or a successful one externally
 * read.
 */
function knownVersions({
  mopVersions,
  mopFlags,
  mopVertices,
  versionKeys,
  log,
}: RwRegisterColumns): Uint8Array {
  const known = new Uint8Array(versionKeys.length);
  for (let row = 0; row < mopVersions.length; row++) {
    const flags = present(mopFlags.values[row]);
    const outcome = log.outcomes.values[present(mopVertices.values[row])];
    const written = isExternalWrite(flags) && (outcome === OUTCOME.ok || outcome === OUTCOME.info);
    const read = (flags & MOP.externalRead) !== 0 && outcome === OUTCOME.ok;
    if (written || read) known[present(mopVersions.values[row])] = 1;
  }
  return known;
}

function writesFollowReads(columns: RwRegisterColumns, unclear: Uint8Array, meter: Meter): Edges {
  const { mopVersions, mopFlags, mopVertices, versionKeys, keys, log } = columns;
  const edges = noEdges();
  const wanted = MOP.externalRead | MOP.beforeWrite;
  for (let row = 0; row < mopVersions.length; row++) {
    if ((present(mopFlags.values[row]) & wanted) !== wanted) continue;
    meter.step(1);
    const vertex = present(mopVertices.values[row]);
    if (log.outcomes.values[vertex] !== OUTCOME.ok) continue;
    const version = present(mopVersions.values[row]);
    const key = present(versionKeys.values[version]);
    if (keys[key]?.nullVersion === version || unclear[version] === 1) continue;
    const end = present(log.mopStarts.values[vertex]) + present(log.mopCounts.values[vertex]);
    for (let later = row + 1; later < end; later++) {
      const written = present(mopVersions.values[later]);
      if (versionKeys.values[written] !== key || !isExternalWrite(present(mopFlags.values[later]))) continue;
      addEdge(edges, version, written);
      break;
    }
  }
  return edges;
}

/** A transaction's external read and write of one key: versions, or -1. */
interface Touch {
  readonly vertex: number;
  read: number;
  written: number;
}

/**
 * Returns the transactions that touched each key, in order of their numbers. Failed transactions, reads of unknown
 * outcome, and reads that may show one of several versions do not count.
 */
function touchesOfKeys(
  columns: RwRegisterColumns,
  unclear: Uint8Array,
  countsCrashed: (vertex: number) => boolean,
): readonly Touch[][] {
  const { mopVersions, mopFlags, versionKeys, keys, log } = columns;
  const touches = keys.map((): Touch[] => []);
  for (let vertex = 0; vertex < log.count; vertex++) {
    const outcome = log.outcomes.values[vertex];
    if (outcome !== OUTCOME.ok && (outcome !== OUTCOME.info || !countsCrashed(vertex))) continue;
    const start = present(log.mopStarts.values[vertex]);
    for (let row = start; row < start + present(log.mopCounts.values[vertex]); row++) {
      const flags = present(mopFlags.values[row]);
      const version = present(mopVersions.values[row]);
      const isRead = (flags & MOP.externalRead) !== 0 && outcome === OUTCOME.ok && unclear[version] !== 1;
      if (!isRead && !isExternalWrite(flags)) continue;
      const ofKey = touches[present(versionKeys.values[version])] ?? [];
      let touch = ofKey.at(-1);
      if (touch?.vertex !== vertex) ofKey.push((touch = { vertex, read: -1, written: -1 }));
      if (isRead) touch.read = version;
      else touch.written = version;
    }
  }
  return touches;
}

/**
 * Returns the first version of a key that a transaction shows: what it read, or else what it wrote. As in upstream,
 * null counts only if there is nothing else: a transaction that reads null and writes 3 stands for 3.
 */
function firstVersion({ read, written }: Touch, nullVersion: number): number {
  return read >= 0 && (read !== nullVersion || written < 0) ? read : written;
}

/** Returns the last version: what it wrote, or else what it read. */
function lastVersion({ read, written }: Touch, nullVersion: number): number {
  return written >= 0 && (written !== nullVersion || read < 0) ? written : read;
}

function addTouchEdge(edges: Edges, before: Touch, after: Touch, nullVersion: number): void {
  addEdge(edges, lastVersion(before, nullVersion), firstVersion(after, nullVersion));
}

/** No edges lead from a crashed write, since it is unknown when it took effect. */
function sequentialOrder(
  columns: RwRegisterColumns,
  { tookEffect, unclear }: KnownReads,
  meter: Meter,
): Edges {
  const edges = noEdges();
  const { log } = columns;
  for (const [key, touches] of touchesOfKeys(
    columns,
    unclear,
    (vertex) => tookEffect[vertex] === 1,
  ).entries()) {
    const nullVersion = columns.keys[key]?.nullVersion ?? -1;
    const last = new Map<number, Touch>();
    for (const touch of touches) {
      meter.step(1);
      const process = present(log.processes.values[touch.vertex]);
      const before = last.get(process);
      if (before !== undefined) addTouchEdge(edges, before, touch, nullVersion);
      if (log.outcomes.values[touch.vertex] === OUTCOME.ok) last.set(process, touch);
    }
  }
  return edges;
}

function linearizableOrder(columns: RwRegisterColumns, unclear: Uint8Array, meter: Meter): Edges {
  const edges = noEdges();
  for (const [key, touches] of touchesOfKeys(columns, unclear, () => true).entries()) {
    const nullVersion = columns.keys[key]?.nullVersion ?? -1;
    const successors = realtimeSuccessors(
      columns.log,
      touches.map(({ vertex }) => vertex),
    );
    touches.forEach((touch, position) => {
      meter.step(1 + (successors[position]?.length ?? 0));
      for (const later of successors[position] ?? []) {
        const next = touches[later];
        if (next !== undefined) addTouchEdge(edges, touch, next, nullVersion);
      }
    });
  }
  return edges;
}

function givenOrder(
  columns: RwRegisterColumns,
  unclear: Uint8Array,
  order: { readonly [index: string]: number },
): Edges {
  const edges = noEdges();
  for (const touches of touchesOfKeys(columns, unclear, () => false)) {
    const placed = touches
      .filter(({ written }) => written >= 0)
      .map(({ vertex, written }) => ({ written, place: order[String(columns.operation(vertex).index)] }))
      .filter(({ place }) => place !== undefined)
      .toSorted((left, right) => (left.place ?? 0) - (right.place ?? 0));
    for (let index = 1; index < placed.length; index++) {
      addEdge(edges, placed[index - 1]?.written ?? -1, placed[index]?.written ?? -1);
    }
  }
  return edges;
}
