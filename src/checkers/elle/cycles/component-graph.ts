/**
 * One strongly connected component of the dependency graph, with the relations of its edges. Cycles are named here.
 *
 * In a component of moderate size helper vertices are dissolved, so that every edge shows all relations between its two
 * transactions, and realtime is reduced: a -> c is left out if some b lies between. In a large one, where that could be
 * quadratic, helpers stay; `then` edges cost nothing and take on the relation that led to the helper.
 *
 * Vertices are renumbered: transactions from 0 in order of invocation, then helpers.
 */
import { present } from '../../../columns/present.ts';
import { DependencyGraph } from '../graph/dependency-graph.ts';
import { RELATION } from './cycle-types.ts';
import { EdgeBuffer } from '../graph/edge-buffer.ts';
import { Int32Column } from '../../../columns/column.ts';
import { lowerBound } from '../../../columns/lower-bound.ts';
import type { Meter } from '../../budget/meter.ts';
import { realtimeSuccessors } from '../graph/realtime-order.ts';

/** Components of at most this many transactions have their helpers dissolved. */
const DISSOLVED_BELOW = 2048;

export interface ComponentGraph {
  /** The transactions, by their vertices in the dependency graph. */
  readonly members: readonly number[];
  /** Number of vertices: transactions and helpers. */
  readonly size: number;
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  /** Indexed by edge: its relations as bits. */
  readonly relations: Uint8Array;
}

export function componentGraph(graph: DependencyGraph, component: Int32Array, meter: Meter): ComponentGraph {
  const sorted = component.slice().sort();
  let count = 0;
  while (count < sorted.length && present(sorted[count]) < graph.transactions) count++;
  const rows =
    count <= DISSOLVED_BELOW ? new DissolvedRows(graph, sorted, count) : new KeptRows(graph, sorted, count);
  return rows.build(meter);
}

/** Returns the position of a vertex in the sorted component, by binary search; -1 if it is not there. */
function positionIn(sorted: Int32Array, vertex: number): number {
  const position = lowerBound(sorted, vertex);
  return sorted[position] === vertex ? position : -1;
}

/** Builds rows, merging edges between the same vertices. */
class RowBuilder {
  readonly #starts: Int32Array;
  readonly #targets = new Int32Column();
  readonly #relations = new Int32Column();
  readonly #edgeTo: Int32Array;
  #rowStart = 0;

  constructor(readonly size: number) {
    this.#starts = new Int32Array(size + 1);
    this.#edgeTo = new Int32Array(size).fill(-1);
  }

  add(target: number, relation: number): void {
    const known = this.#edgeTo[target] ?? -1;
    if (known >= this.#rowStart) {
      this.#relations.set(known, this.#relations.at(known) | relation);
      return;
    }
    this.#edgeTo[target] = this.#targets.push(target);
    this.#relations.push(relation);
  }

  endRow(vertex: number): void {
    this.#rowStart = this.#targets.length;
    this.#starts[vertex + 1] = this.#rowStart;
  }

  finish(members: readonly number[]): ComponentGraph {
    return {
      members,
      size: this.size,
      starts: this.#starts,
      targets: this.#targets.values.slice(0, this.#targets.length),
      relations: Uint8Array.from(this.#relations.values.subarray(0, this.#relations.length)),
    };
  }
}

/** The component as it is in the dependency graph. */
class KeptRows {
  constructor(
    readonly graph: DependencyGraph,
    readonly sorted: Int32Array,
    readonly count: number,
  ) {}

  build(meter: Meter): ComponentGraph {
    const positions = new Int32Array(this.graph.size).fill(-1);
    for (let position = 0; position < this.sorted.length; position++) {
      positions[present(this.sorted[position])] = position;
    }
    const rows = new RowBuilder(this.sorted.length);
    const out = new EdgeBuffer();
    for (let position = 0; position < this.sorted.length; position++) {
      out.clear();
      this.graph.collect(present(this.sorted[position]), out);
      for (let edge = 0; edge < out.length; edge++) {
        const target = positions[present(out.targets[edge])] ?? -1;
        if (target >= 0) rows.add(target, present(out.relations[edge]));
      }
      rows.endRow(position);
      meter.step(out.length + 1);
    }
    return rows.finish([...this.sorted.subarray(0, this.count)]);
  }
}

/** The component without helpers. */
class DissolvedRows {
  readonly #members: Int32Array;
  readonly #out = new EdgeBuffer();
  readonly #fromHelper = new EdgeBuffer();

  constructor(
    readonly graph: DependencyGraph,
    sorted: Int32Array,
    count: number,
  ) {
    this.#members = sorted.slice(0, count);
  }

  build(meter: Meter): ComponentGraph {
    const rows = new RowBuilder(this.#members.length);
    const realtime =
      this.graph.order === 'realtime' ? realtimeSuccessors(this.graph.log, this.#members) : undefined;
    for (let position = 0; position < this.#members.length; position++) {
      const vertex = present(this.#members[position]);
      this.#out.clear();
      this.graph.data.collect(vertex, this.#out);
      this.graph.collectSession(vertex, this.#out);
      for (let edge = 0; edge < this.#out.length; edge++) {
        this.#addDissolved(rows, present(this.#out.targets[edge]), present(this.#out.relations[edge]));
      }
      for (const later of realtime?.[position] ?? []) rows.add(later, RELATION.realtime);
      rows.endRow(position);
      meter.step(this.#out.length + 1);
    }
    return rows.finish([...this.#members]);
  }

  #addDissolved(rows: RowBuilder, target: number, relation: number): void {
    if (target < this.graph.transactions) {
      const position = positionIn(this.#members, target);
      if (position >= 0) rows.add(position, relation);
      return;
    }
    const helpers = [target];
    for (let helper = helpers.pop(); helper !== undefined; helper = helpers.pop()) {
      this.#fromHelper.clear();
      this.graph.collect(helper, this.#fromHelper);
      for (let edge = 0; edge < this.#fromHelper.length; edge++) {
        const next = present(this.#fromHelper.targets[edge]);
        if (next >= this.graph.transactions) helpers.push(next);
        else {
          const position = positionIn(this.#members, next);
          if (position >= 0) rows.add(position, relation);
        }
      }
    }
  }
}
