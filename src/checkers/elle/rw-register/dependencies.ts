/**
 * The data dependencies of an rw-register history, by the version graph of its keys (v1 before v2):
 *
 *     wr   T1 wrote v1, T2 read v1
 *     ww   T1 wrote v1, T2 wrote v2
 *     rw   T1 read v1, T2 wrote v2
 *
 * Only external reads and writes count, of successful transactions, and the writes of crashed ones that certainly took
 * effect.
 */
import { present } from '../../../columns/present.ts';
import { RELATION } from '../cycles/cycle-types.ts';
import type { DataDependencies, StepEvidence } from '../graph/dependency-graph.ts';
import type { EdgeBuffer } from '../graph/edge-buffer.ts';
import { MOP, isExternalWrite, type RegisterKey, type RwRegisterColumns } from './columns.ts';
import { Stars } from '../graph/stars.ts';
import type { Rows } from '../graph/strong-components.ts';
import { OUTCOME } from '../transactions/transaction-log.ts';

/** Keys with at least this many edges from their initial state get a star instead. */
const STAR_FROM = 64;

export class RwRegisterDependencies implements DataDependencies {
  readonly priority = [RELATION.wr, RELATION.ww, RELATION.rw];
  hasSelfEdges = false;
  readonly #columns: RwRegisterColumns;
  readonly #order: Rows;
  readonly #firstHelper: number;
  readonly #stars = new Stars();
  readonly #starOfKey = new Map<number, number>();
  readonly #tookEffect: Uint8Array;
  /**
   * Rows of transactions that count. Indexed by version: the first row that externally writes (reads) it. Indexed by
   * row: the next one.
   */
  readonly #firstWrites: Int32Array;
  readonly #firstReads: Int32Array;
  readonly #nextRows: Int32Array;
  /** Indexed by key: the first row that externally writes anything but null. Indexed by row: the next one. */
  readonly #firstWritesOfKey: Int32Array;
  readonly #nextWritesOfKey: Int32Array;

  constructor(columns: RwRegisterColumns, order: Rows, tookEffect: Uint8Array) {
    this.#columns = columns;
    this.#tookEffect = tookEffect;
    this.#order = order;
    this.#firstHelper = columns.log.count;
    this.#firstWrites = new Int32Array(columns.versionKeys.length).fill(-1);
    this.#firstReads = new Int32Array(columns.versionKeys.length).fill(-1);
    this.#nextRows = new Int32Array(columns.mopVersions.length).fill(-1);
    this.#firstWritesOfKey = new Int32Array(columns.keys.length).fill(-1);
    this.#nextWritesOfKey = new Int32Array(columns.mopVersions.length).fill(-1);
    this.#link();
    this.#buildStars();
  }

  tookEffect(): Uint8Array {
    return this.#tookEffect;
  }

  get helpers(): number {
    return this.#stars.size;
  }

  #link(): void {
    const { mopVersions, mopFlags, mopVertices, versionKeys, keys, log } = this.#columns;
    for (let row = mopVersions.length - 1; row >= 0; row--) {
      const vertex = present(mopVertices.values[row]);
      const isOk = log.outcomes.values[vertex] === OUTCOME.ok;
      if (!isOk && this.#tookEffect[vertex] !== 1) continue;
      const flags = present(mopFlags.values[row]);
      const version = present(mopVersions.values[row]);
      if ((flags & MOP.externalRead) !== 0) {
        if (!isOk) continue;
        this.#nextRows[row] = this.#firstReads[version] ?? -1;
        this.#firstReads[version] = row;
      } else if (isExternalWrite(flags)) {
        this.#nextRows[row] = this.#firstWrites[version] ?? -1;
        this.#firstWrites[version] = row;
        const key = present(versionKeys.values[version]);
        if (keys[key]?.nullVersion === version) continue;
        this.#nextWritesOfKey[row] = this.#firstWritesOfKey[key] ?? -1;
        this.#firstWritesOfKey[key] = row;
      }
    }
  }

  #buildStars(): void {
    const { keys, mopVertices } = this.#columns;
    for (const key of keys) {
      if (key.nullVersion < 0) continue;
      let sources = 0;
      for (const first of [this.#firstReads[key.nullVersion], this.#firstWrites[key.nullVersion]]) {
        for (let row = first ?? -1; row >= 0; row = this.#nextRows[row] ?? -1) sources++;
      }
      if (sources < 5) continue;
      const writers: number[] = [];
      let row = this.#firstWritesOfKey[key.id] ?? -1;
      for (; row >= 0; row = this.#nextWritesOfKey[row] ?? -1) writers.push(present(mopVertices.values[row]));
      if (writers.length * sources < STAR_FROM) continue;
      this.#starOfKey.set(key.id, this.#stars.add(writers)); // distinct: each transaction has one external write
    }
  }

  collect(vertex: number, out: EdgeBuffer): void {
    const { log, mopVersions, mopFlags, versionKeys, keys } = this.#columns;
    const isOk = log.outcomes.values[vertex] === OUTCOME.ok;
    if (!isOk && this.#tookEffect[vertex] !== 1) return;
    const start = present(log.mopStarts.values[vertex]);
    const end = start + present(log.mopCounts.values[vertex]);
    for (let row = start; row < end; row++) {
      const flags = present(mopFlags.values[row]);
      const version = present(mopVersions.values[row]);
      let relation: number = RELATION.rw;
      if ((flags & MOP.externalRead) !== 0) {
        if (!isOk) continue;
      } else {
        if (!isExternalWrite(flags)) continue;
        relation = RELATION.ww;
        this.#add(vertex, this.#firstReads[version] ?? -1, this.#nextRows, RELATION.wr, out);
      }
      const nextEnd = present(this.#order.starts[version + 1]);
      for (let next = present(this.#order.starts[version]); next < nextEnd; next++) {
        const later = present(this.#order.targets[next]);
        this.#add(vertex, this.#firstWrites[later] ?? -1, this.#nextRows, relation, out);
      }
      const key = keys[present(versionKeys.values[version])];
      if (key?.nullVersion === version) this.#collectFromInitial(vertex, key, relation, out);
    }
  }

  #add(vertex: number, first: number, nextRows: Int32Array, relation: number, out: EdgeBuffer): void {
    const vertices = this.#columns.mopVertices.values;
    for (let row = first; row >= 0; row = nextRows[row] ?? -1) {
      const target = present(vertices[row]);
      if (target === vertex) this.hasSelfEdges = true;
      else out.add(target, relation);
    }
  }

  #collectFromInitial(vertex: number, key: RegisterKey, relation: number, out: EdgeBuffer): void {
    const star = this.#starOfKey.get(key.id);
    if (star !== undefined) this.#stars.enter(vertex, star, relation, this.#firstHelper, out);
    else this.#add(vertex, this.#firstWritesOfKey[key.id] ?? -1, this.#nextWritesOfKey, relation, out);
  }

  collectFromHelper(helper: number, out: EdgeBuffer): void {
    this.#stars.leave(helper - this.#firstHelper, this.#firstHelper, out);
  }

  explain(from: number, to: number, relation: number): StepEvidence | undefined {
    const { log, mopVersions, mopFlags, versionKeys } = this.#columns;
    const fromStart = present(log.mopStarts.values[from]);
    const toStart = present(log.mopStarts.values[to]);
    for (let row = fromStart; row < fromStart + present(log.mopCounts.values[from]); row++) {
      const flags = present(mopFlags.values[row]);
      const version = present(mopVersions.values[row]);
      if (relation === RELATION.rw ? (flags & MOP.externalRead) === 0 : !isExternalWrite(flags)) continue;
      for (let other = toStart; other < toStart + present(log.mopCounts.values[to]); other++) {
        const later = present(mopVersions.values[other]);
        if (versionKeys.values[later] !== versionKeys.values[version]) continue;
        const otherFlags = present(mopFlags.values[other]);
        const places = { 'a-mop-index': row - fromStart, 'b-mop-index': other - toStart };
        const key = this.#columns.keyName(version);
        const value = this.#columns.versionValue(version);
        if (relation === RELATION.wr) {
          if (later !== version || (otherFlags & MOP.externalRead) === 0) continue;
          return { type: 'wr', key, value, ...places };
        }
        if (!isExternalWrite(otherFlags) || !this.#precedes(version, later)) continue;
        const type = relation === RELATION.ww ? 'ww' : 'rw';
        return { type, key, value, "value'": this.#columns.versionValue(later), ...places };
      }
    }
    return undefined;
  }

  #precedes(version: number, later: number): boolean {
    if (version === later) return false;
    const { keys, versionKeys } = this.#columns;
    if (keys[present(versionKeys.values[version])]?.nullVersion === version) return true;
    const { starts, targets } = this.#order;
    return targets.subarray(present(starts[version]), present(starts[version + 1])).includes(later);
  }
}
