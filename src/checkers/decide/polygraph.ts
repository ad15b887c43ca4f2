/**
 * The polygraph of a history: one point per transaction (or two: its snapshot and its commit), edges for the known
 * order, and a choice for each two writes of a key whose order is unknown. Either side of a choice adds edges.
 *
 *     T1 writes x 1, T2 reads it, T3 writes x 2:    either T1 and T2 before T3, or T3 before T1
 *
 *                        serial       snapshot
 *     wr, T1 to T2      T1 -> T2      T1's commit -> T2's snapshot
 *     ww, T1 to T3      T1 -> T3      T1's commit -> T3's snapshot     (of two that write one key, one sees the other)
 *     rw, T2 to T3      T2 -> T3      T2's snapshot -> T3's commit
 *
 * After Papadimitriou's polygraphs, as used by Cobra (Tan et al., 2020), PolySI (Huang et al., 2023) and Viper (Zhang
 * et al., 2023). Versions that were each written by a reader of the version before form a block, and no other version
 * comes between them. A choice is therefore between blocks. The readers of a block's last version have edges to one
 * point, the block's end, which has edges to all later writers.
 */
import { Int32Column } from '../../columns/column.ts';
import { present } from '../../columns/present.ts';
import type { Meter } from '../budget/meter.ts';
import { OrderGraph } from './order-graph.ts';
import type { Isolation, VersionHistory } from './version-history.ts';

/** Consecutive versions of one key. */
export interface Block {
  /** Index among the blocks of all keys. */
  readonly index: number;
  readonly key: number;
  readonly head: number;
  readonly tail: number;
  /** The point that the readers of the last version have edges to; -1 if it has none. */
  readonly end: number;
  /** Index among the blocks of its key. */
  readonly place: number;
}

/** The kinds of edges that are not choices. The label of a choice is below 0. */
export const EDGE = {
  /** From a transaction's snapshot to its commit. */
  inner: 0,
  wr: 1,
  ww: 2,
  rw: 3,
  /** From a reader to the end of the block it reads. */
  toEnd: 4,
  process: 5,
  realtime: 6,
  /** Between the helper points of the realtime order, and from them. */
  then: 7,
} as const;

const KINDS = 8;

const isByTime = (label: number): boolean => label >= 0 && label % KINDS >= EDGE.realtime;

/** Maximum number of pairs of blocks; each takes one byte. */
export const PAIRS_KEPT = 1 << 26;

type VersionsByTransaction = readonly (readonly number[])[];

export type PolygraphIsolation = Exclude<Isolation, 'prefix'>;

export class Polygraph {
  readonly history: VersionHistory;
  readonly isolation: PolygraphIsolation;
  readonly graph: OrderGraph;
  /**
   * Versions of all keys are numbered together, those of a key from `firstVersions[key]`. The columns below are indexed
   * by version.
   */
  readonly firstVersions: readonly number[];
  readonly writers: Int32Array;
  readonly parents: Int32Array;
  readonly onlyChildren: Int32Array;
  readonly readers: readonly (readonly number[])[];
  readonly keysOf: Int32Array;
  readonly blocks: readonly Block[];
  /** Indexed by key: its blocks, except the one that begins with the initial version, which precedes all others. */
  readonly rivals: readonly (readonly Block[])[];

  constructor(history: VersionHistory, isolation: PolygraphIsolation, meter: Meter) {
    this.history = history;
    this.isolation = isolation;
    const firstVersions: number[] = [];
    const readers: (readonly number[])[] = [];
    const [writers, parents, keysOf] = [new Int32Column(), new Int32Column(64), new Int32Column(64)];
    for (const [key, versions] of history.keys.entries()) {
      const first = writers.length;
      firstVersions.push(first);
      for (const [version, writer] of versions.writers.entries()) {
        writers.push(writer);
        const shown = versions.parents[version] ?? -1;
        const parent = shown < 0 ? (versions.updated[version] ?? -1) : shown;
        parents.push(parent < 0 ? -1 : first + parent);
        readers.push(versions.readers[version] ?? []);
        keysOf.push(key);
      }
    }
    this.firstVersions = firstVersions;
    this.readers = readers;
    const size = writers.length;
    this.writers = writers.values.subarray(0, size);
    this.parents = parents.values.subarray(0, size);
    this.keysOf = keysOf.values.subarray(0, size);
    this.onlyChildren = onlyChildrenOf(this.parents);
    const { blocks, points } = this.#blocks(this.#transactionPoints);
    this.blocks = blocks;
    const rivals = history.keys.map((): Block[] => []);
    for (const block of blocks) if (block.place > 0) rivals[block.key]?.push(block);
    this.rivals = rivals;
    const helpers = Math.max(0, (history.realtime?.epochs ?? 0) - 1);
    this.graph = new OrderGraph(points + helpers, meter, isByTime);
    this.#addData();
    this.#addOrder(points);
  }

  get #transactionPoints(): number {
    return this.isolation === 'serial' ? this.history.transactions : 2 * this.history.transactions;
  }

  /** Returns the point at which a transaction reads. */
  begin(transaction: number): number {
    return this.isolation === 'serial' ? transaction : 2 * transaction;
  }

  /** Returns the point at which a transaction's writes take effect. */
  commit(transaction: number): number {
    return this.isolation === 'serial' ? transaction : 2 * transaction + 1;
  }

  /** Returns the transaction of a point; -1 for the end of a block or a helper. */
  transactionAt(point: number): number {
    if (point >= this.#transactionPoints) return -1;
    return this.isolation === 'serial' ? point : point >> 1;
  }

  /** Returns the versions that each transaction reads and writes, indexed by transaction. */
  accesses(): { readonly reads: VersionsByTransaction; readonly writes: VersionsByTransaction } {
    const none = (): number[][] => Array.from({ length: this.history.transactions }, () => []);
    const [reads, writes] = [none(), none()];
    for (const [version, writer] of this.writers.entries()) {
      if (writer >= 0) present(writes[writer]).push(version);
      for (const reader of this.readers[version] ?? []) present(reads[reader]).push(version);
    }
    return { reads, writes };
  }

  headWriter({ head }: Block): number {
    return present(this.writers[head]);
  }

  tailWriter({ tail }: Block): number {
    return present(this.writers[tail]);
  }

  /** Calls `take` with each edge that orders one block before another. */
  eachEdge(before: Block, after: Block, take: (from: number, to: number) => void): void {
    take(this.commit(this.tailWriter(before)), this.begin(this.headWriter(after)));
    if (before.end >= 0) take(before.end, this.commit(this.headWriter(after)));
  }

  /** Whether an edge belongs to the realtime order. */
  isByTime(label: number): boolean {
    return isByTime(label);
  }

  kindOf(label: number): number {
    return label % KINDS;
  }

  versionOf(label: number): number {
    return Math.floor(label / KINDS);
  }

  #blocks(points: number): { readonly blocks: readonly Block[]; readonly points: number } {
    const blocks: Block[] = [];
    let nextPoint = points;
    let place = 0;
    for (let head = 0; head < this.writers.length; head++) {
      const parent = present(this.parents[head]);
      const key = present(this.keysOf[head]);
      if (head === this.firstVersions[key]) place = 0;
      if (parent >= 0 && this.onlyChildren[parent] === head) continue;
      let tail = head;
      for (
        let next = this.onlyChildren[tail];
        next !== undefined && next >= 0;
        next = this.onlyChildren[tail]
      )
        tail = next;
      const end = (this.readers[tail]?.length ?? 0) > 0 ? nextPoint++ : -1;
      blocks.push({ index: blocks.length, key, head, tail, end, place: place++ });
    }
    return { blocks, points: nextPoint };
  }

  #add(from: number, to: number, kind: number, version = 0): void {
    if (from !== to) this.graph.add(from, to, version * KINDS + kind);
  }

  #addData(): void {
    if (this.isolation === 'snapshot')
      for (let transaction = 0; transaction < this.history.transactions; transaction++)
        this.#add(2 * transaction, 2 * transaction + 1, EDGE.inner);
    for (let version = 0; version < this.writers.length; version++) {
      const writer = present(this.writers[version]);
      if (writer >= 0)
        for (const reader of this.readers[version] ?? [])
          this.#add(this.commit(writer), this.begin(reader), EDGE.wr, version);
      const parent = present(this.parents[version]);
      if (parent < 0) continue;
      const before = present(this.writers[parent]);
      if (before >= 0) this.#add(this.commit(before), this.begin(writer), EDGE.ww, parent);
      for (const reader of this.readers[parent] ?? [])
        if (reader !== writer) this.#add(this.begin(reader), this.commit(writer), EDGE.rw, parent);
    }
    let initial: Block | undefined;
    for (const block of this.blocks) {
      if (block.place === 0) initial = block;
      if (block.end >= 0)
        for (const reader of this.readers[block.tail] ?? [])
          this.#add(this.begin(reader), block.end, EDGE.toEnd, block.tail);
      if (initial === undefined || block === initial || this.parents[block.head] === initial.tail) continue;
      const before = this.tailWriter(initial);
      const after = this.headWriter(block);
      if (before >= 0) this.#add(this.commit(before), this.begin(after), EDGE.ww, initial.tail);
      if (initial.end >= 0) this.#add(initial.end, this.commit(after), EDGE.rw, initial.tail);
    }
  }

  #addOrder(firstHelper: number): void {
    const { sessions, realtime } = this.history;
    for (const [before, after] of sessions) this.#add(this.commit(before), this.begin(after), EDGE.process);
    if (realtime === undefined) return;
    const { begins, ends, epochs } = realtime;
    for (let transaction = 0; transaction < this.history.transactions; transaction++) {
      const end = ends[transaction] ?? -1;
      if (end >= 0 && end < epochs - 1) this.#add(this.commit(transaction), firstHelper + end, EDGE.realtime);
      const begin = begins[transaction] ?? 0;
      if (begin > 0) this.#add(firstHelper + begin - 1, this.begin(transaction), EDGE.then);
    }
    for (let epoch = 0; epoch + 2 < epochs; epoch++)
      this.#add(firstHelper + epoch, firstHelper + epoch + 1, EDGE.then);
  }
}

/** Returns the direct successor of each version: -1 for none, -2 for several. */
function onlyChildrenOf(parents: Int32Array): Int32Array {
  const children = new Int32Array(parents.length).fill(-1);
  for (let version = 0; version < parents.length; version++) {
    const parent = present(parents[version]);
    if (parent >= 0) children[parent] = children[parent] === -1 ? version : -2;
  }
  return children;
}
