/**
 * The graph of transactions: which must come before which by a workload's data, and by process or realtime order.
 *
 * Vertices are numbered: first the transactions, then the workload's helper vertices (stars.ts), then one helper for
 * each realtime epoch but the last. The epoch's `ok` completions have edges to its helper, which has edges to
 * everything invoked in the next epoch and to the next helper. So the realtime order, with up to n * n edges, takes
 * about 2n.
 */
import { present } from '../../../columns/present.ts';
import { RELATION, type RelationName } from '../cycles/cycle-types.ts';
import { EdgeBuffer } from './edge-buffer.ts';
import type { Meter } from '../../budget/meter.ts';
import { strongComponents, type EdgeSource } from './strong-components.ts';
import { OUTCOME, type TransactionLog } from '../transactions/transaction-log.ts';
import type { Json } from '../../../protocol/json.ts';

/** Why one transaction comes before another, with upstream's field names. */
export type StepEvidence = {
  readonly type: RelationName;
  readonly key?: Json;
  /** The versions before and after the step; for a wr step only the one version. */
  readonly value?: Json;
  readonly "value'"?: Json;
  /** Indexes of the micro-operations of the two transactions that show it. */
  readonly 'a-mop-index'?: number;
  readonly 'b-mop-index'?: number;
  readonly process?: number;
};

/** The order between transactions that follows from a workload's data. */
export interface DataDependencies {
  /** Number of helper vertices. They are numbered after the transactions. */
  readonly helpers: number;
  /** Adds the ww, wr and rw edges from a transaction to others. */
  collect(vertex: number, out: EdgeBuffer): void;
  /** Adds the edges from a helper, numbered as in the graph. */
  collectFromHelper(helper: number, out: EdgeBuffer): void;
  /**
   * Returns 1 for each crashed transaction that certainly took effect, indexed by number. Called only for process
   * order.
   */
  tookEffect?(meter: Meter): Uint8Array;
  /** Whether a dependency of a transaction on itself was dropped. */
  readonly hasSelfEdges: boolean;
  /** Returns the evidence for an edge, or undefined if there is none of that relation. */
  explain(from: number, to: number, relation: number): StepEvidence | undefined;
  /** The order in which relations explain an edge with several. */
  readonly priority: readonly number[];
}

export type OrderRelation = 'none' | 'process' | 'realtime';

export class DependencyGraph implements EdgeSource {
  readonly log: TransactionLog;
  readonly data: DataDependencies;
  readonly order: OrderRelation;
  /** Vertices below this are transactions. */
  readonly transactions: number;
  /** Vertices from this on are realtime helpers. */
  readonly firstEpoch: number;
  readonly size: number;
  readonly #nextInSession: Int32Array | undefined;

  constructor(log: TransactionLog, data: DataDependencies, order: OrderRelation, meter: Meter) {
    this.log = log;
    this.data = data;
    this.order = order === 'realtime' && log.hasOnlyCompletions ? 'process' : order;
    this.transactions = log.count;
    this.firstEpoch = log.count + data.helpers;
    this.size = this.firstEpoch + (this.order === 'realtime' ? log.epochStarts.length - 1 : 0);
    this.#nextInSession = this.order === 'process' ? nextInSession(log, data.tookEffect?.(meter)) : undefined;
  }

  /** Adds all edges from a vertex, which may be a helper. */
  collect(vertex: number, out: EdgeBuffer): void {
    if (vertex >= this.firstEpoch) this.#collectFromEpoch(vertex - this.firstEpoch, out);
    else if (vertex >= this.transactions) this.data.collectFromHelper(vertex, out);
    else {
      this.data.collect(vertex, out);
      if (this.order === 'realtime') {
        const epoch = this.log.endEpochs.values[vertex] ?? -1;
        if (epoch >= 0 && this.firstEpoch + epoch < this.size) {
          out.add(this.firstEpoch + epoch, RELATION.realtime);
        }
      } else this.collectSession(vertex, out);
    }
  }

  #collectFromEpoch(epoch: number, out: EdgeBuffer): void {
    const starts = this.log.epochStarts;
    const begin = starts.at(epoch + 1);
    const end = epoch + 2 < starts.length ? starts.at(epoch + 2) : this.log.count;
    for (let vertex = begin; vertex < end; vertex++) {
      if (this.log.outcomes.values[vertex] !== OUTCOME.open) out.add(vertex, RELATION.then);
    }
    if (this.firstEpoch + epoch + 1 < this.size) out.add(this.firstEpoch + epoch + 1, RELATION.then);
  }

  /**
   * Adds the edges to the next transactions of the same process: the crashed ones that took effect, up to and including
   * the next successful one. No edge leads from a crashed transaction, which may have taken effect at any time after
   * its invocation.
   */
  collectSession(vertex: number, out: EdgeBuffer): void {
    if (this.#nextInSession === undefined || this.log.outcomes.values[vertex] !== OUTCOME.ok) return;
    let next = this.#nextInSession[vertex] ?? -1;
    for (; next >= 0; next = this.#nextInSession[next] ?? -1) {
      out.add(next, RELATION.process);
      if (this.log.outcomes.values[next] === OUTCOME.ok) return;
    }
  }

  /** Returns the strongly connected components with more than one vertex, and whether the graph has no edge at all. */
  components(meter: Meter): { readonly components: readonly Int32Array[]; readonly empty: boolean } {
    const components = strongComponents(this, meter);
    return { components, empty: components.length === 0 && this.#isEmpty(meter) };
  }

  /**
   * Whether there is no edge. An edge to an epoch's helper counts only if something was invoked after the epoch. The
   * data's helpers are ignored: without reads no edge leads to them.
   */
  #isEmpty(meter: Meter): boolean {
    if (this.data.hasSelfEdges) return false;
    const out = new EdgeBuffer();
    for (let vertex = 0; vertex < this.transactions; vertex++) {
      out.clear();
      this.collect(vertex, out);
      for (let edge = 0; edge < out.length; edge++) {
        if (present(out.targets[edge]) < this.firstEpoch) return false;
      }
      meter.step(out.length + 1);
    }
    const { outcomes, epochStarts, count } = this.log;
    if (this.order !== 'realtime' || epochStarts.length < 2) return true;
    for (let vertex = epochStarts.at(1); vertex < count; vertex++) {
      if (outcomes.values[vertex] !== OUTCOME.open) return false;
    }
    return true;
  }
}

/** Returns for each transaction the next one of its process that certainly took effect, or -1. */
function nextInSession(log: TransactionLog, tookEffect: Uint8Array | undefined): Int32Array {
  const next = new Int32Array(log.count).fill(-1);
  const last = new Map<number, number>();
  for (let vertex = 0; vertex < log.count; vertex++) {
    const isOk = log.outcomes.values[vertex] === OUTCOME.ok;
    if (!isOk && tookEffect?.[vertex] !== 1) continue;
    const process = present(log.processes.values[vertex]);
    const before = last.get(process);
    if (before !== undefined) next[before] = vertex;
    last.set(process, vertex);
  }
  return next;
}
