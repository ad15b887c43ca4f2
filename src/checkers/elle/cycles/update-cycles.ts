/**
 * G-update, which update serializability forbids (Adya, 1999): a cycle of transactions of which at most one writes
 * nothing. Each read-only transaction may see an order of its own, so a cycle with two of them is allowed.
 *
 *     T1  r y -> nil, w x 1    -rw-> T2         T3 sees T1 and misses T2; T2 misses T1:
 *     T2  r x -> nil, w y 1    -rw-> T1         two updates that miss each other are G-update without any reader
 *
 * Elle does not look for it. With at most one missed write such a cycle is G-single, G1c or G0, which are found anyway.
 */
import { present } from '../../../columns/present.ts';
import type { Meter } from '../../budget/meter.ts';
import { strongComponents } from '../graph/strong-components.ts';
import type { ComponentGraph } from './component-graph.ts';
import type { FoundCycle } from './cycle-search.ts';
import { DEPENDENCIES, RELATION } from './cycle-types.ts';

const FOLLOWED = DEPENDENCIES | RELATION.rw | RELATION.then;
/** An edge with several relations is explained by the first. */
const PRIORITY = [RELATION.ww, RELATION.wr, RELATION.rw] as const;

/** Returns such a cycle of a component, or undefined. `writes` is asked about positions of transactions. */
export function updateCycle(
  graph: ComponentGraph,
  writes: (position: number) => boolean,
  meter: Meter,
): FoundCycle | undefined {
  const { members, size } = graph;
  const isUpdate = Array.from({ length: size }, (_, at) => at >= members.length || writes(at));
  const knots = strongComponents(
    {
      size,
      collect: (vertex, out) => {
        if (isUpdate[vertex] !== true) return;
        for (const { target } of edgesFrom(graph, vertex)) if (isUpdate[target] === true) out.add(target, 0);
      },
    },
    meter,
  );
  const walk = new Walk(graph, isUpdate, meter);
  // A transaction and a helper that leads back to it are no cycle.
  for (const knot of knots) {
    for (const start of knot.filter((vertex) => vertex < members.length)) {
      const found = walk.backTo(start);
      if (found !== undefined) return found;
    }
  }
  for (const start of members.keys()) {
    const found = isUpdate[start] === true ? undefined : walk.backTo(start);
    if (found !== undefined) return found;
  }
  return undefined;
}

function* edgesFrom(
  { starts, targets, relations }: ComponentGraph,
  vertex: number,
): Generator<{ readonly target: number; readonly relation: number }> {
  for (let edge = present(starts[vertex]); edge < present(starts[vertex + 1]); edge++) {
    const relation = present(relations[edge]);
    if ((relation & FOLLOWED) !== 0) yield { target: present(targets[edge]), relation };
  }
}

/** Breadth-first searches over updates, from a transaction back to it. */
class Walk {
  /** Indexed by vertex: the search that last reached it. */
  private readonly reachedBy: Int32Array;
  private readonly cameFrom: Int32Array;
  private readonly cameBy: Uint8Array;
  /** Helpers by which the start leads to itself, and other transactions to the start. */
  private readonly leadsBack = new Set<number>();
  private search = 0;

  constructor(
    private readonly graph: ComponentGraph,
    private readonly isUpdate: readonly boolean[],
    private readonly meter: Meter,
  ) {
    this.reachedBy = new Int32Array(graph.size);
    this.cameFrom = new Int32Array(graph.size);
    this.cameBy = new Uint8Array(graph.size);
  }

  backTo(start: number): FoundCycle | undefined {
    this.search++;
    this.leadsBack.clear();
    const queue = [start];
    for (const from of queue) {
      for (const { target, relation } of edgesFrom(this.graph, from)) {
        const by = PRIORITY.find((one) => (relation & one) !== 0);
        if (by !== undefined && this.reach(target, { from, by, start, queue }))
          return this.cycle(start, from, by);
      }
      this.meter.step(present(this.graph.starts[from + 1]) - present(this.graph.starts[from]) + 1);
    }
    return undefined;
  }

  /** Goes on to a vertex, through helpers. Returns true if that leads another transaction back to the start. */
  private reach(
    vertex: number,
    step: { readonly from: number; readonly by: number; readonly start: number; readonly queue: number[] },
  ): boolean {
    const { from, by, start, queue } = step;
    if (vertex === start) return from !== start;
    if (this.leadsBack.has(vertex) && from !== start) return true;
    if (this.isUpdate[vertex] !== true || this.reachedBy[vertex] === this.search) return false;
    this.reachedBy[vertex] = this.search;
    if (vertex < this.graph.members.length) {
      this.cameFrom[vertex] = from;
      this.cameBy[vertex] = by;
      queue.push(vertex);
      return false;
    }
    for (const { target } of edgesFrom(this.graph, vertex)) {
      if (this.reach(target, step)) return true;
      if (target === start || this.leadsBack.has(target)) this.leadsBack.add(vertex);
    }
    return false;
  }

  private cycle(start: number, last: number, by: number): FoundCycle {
    const vertices = [last];
    const relations = [by];
    for (let vertex = last; vertex !== start;) {
      relations.push(present(this.cameBy[vertex]));
      vertex = present(this.cameFrom[vertex]);
      vertices.push(vertex);
    }
    return { vertices: vertices.toReversed(), relations: relations.toReversed() };
  }
}
