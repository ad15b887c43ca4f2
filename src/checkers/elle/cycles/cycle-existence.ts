/**
 * Determines which models a component violates, before any of its cycles has a name.
 *
 * A projection keeps some relations of the component; a cycle that remains shows that the projection's model does not
 * hold. The projection of snapshot isolation lets an anti-dependency follow other edges but never another
 * anti-dependency: that is a walk in a graph of two layers, where the second means "just took an anti-dependency".
 */
import { PROJECTIONS, RELATION, type Projection } from './cycle-types.ts';
import type { ComponentGraph } from './component-graph.ts';
import { strongerModels } from '../levels/consistency-models.ts';
import type { Meter } from '../../budget/meter.ts';
import { alternatingRows, projectedRows } from './projected-rows.ts';
import { edgesOf, strongComponents } from '../graph/strong-components.ts';

export interface BrokenProjection {
  readonly projection: Projection;
  /** The transactions of the smallest remaining component, by their positions in the component. */
  readonly smallest: readonly number[];
}

/** Returns the projections in which a cycle remains, weakest first, without those that an earlier one implies. */
export function brokenProjections(graph: ComponentGraph, meter: Meter): readonly BrokenProjection[] {
  let present = 0;
  for (const relation of graph.relations) present |= relation;
  const impossible = new Set<string>();
  const found: BrokenProjection[] = [];
  const acyclic: Projection[] = [];
  const cyclic = new Map<Projection, BrokenProjection>();
  const judge = (projection: Projection): BrokenProjection | undefined => {
    const known = cyclic.get(projection);
    if (known !== undefined) return known;
    if (acyclic.some((larger) => contains(larger, projection, present))) return undefined;
    const smallest = smallestCycleComponent(graph, projection, meter);
    if (smallest === undefined) {
      acyclic.push(projection);
      return undefined;
    }
    const broken = { projection, smallest };
    cyclic.set(projection, broken);
    return broken;
  };
  for (const projection of PROJECTIONS) {
    if (impossible.has(projection.model)) continue;
    // If a wider projection has no cycle, the narrower ones need no check. The widest of all is the component itself.
    for (const wider of WIDEST_FIRST) {
      if (wider === projection || familyOf(wider) !== familyOf(projection)) continue;
      if (coversAll(wider, present) || !contains(wider, projection, present)) continue;
      if (judge(wider) === undefined) break;
    }
    const broken = judge(projection);
    if (broken === undefined) continue;
    found.push(broken);
    for (const model of strongerModels([projection.model])) impossible.add(model);
  }
  return found;
}

const WIDEST_FIRST = PROJECTIONS.toReversed();

function coversAll(projection: Projection, present: number): boolean {
  return (present & ~projection.relations & ~RELATION.then) === 0;
}

function familyOf(projection: Projection): number {
  return projection.relations & (RELATION.process | RELATION.realtime);
}

/** Whether every walk in the smaller projection is one in the larger, given the relations that are present. */
function contains(larger: Projection, smaller: Projection, present: number): boolean {
  const all = (projection: Projection): number => (projection.relations | projection.alternating) & present;
  if ((smaller.relations & present & ~larger.relations) !== 0) return false;
  if ((all(smaller) & ~all(larger)) !== 0) return false;
  return larger.alternating === 0 || (smaller.relations & larger.alternating) === 0;
}

function smallestCycleComponent(
  graph: ComponentGraph,
  projection: Projection,
  meter: Meter,
): readonly number[] | undefined {
  const rows =
    projection.alternating === 0
      ? projectedRows(graph, graph.relations, projection.relations)
      : alternatingRows(graph, graph.relations, projection);
  let smallest: readonly number[] | undefined;
  const transactions = graph.members.length;
  for (const component of strongComponents(edgesOf(rows), meter)) {
    const members = new Set<number>();
    for (const vertex of component) {
      const position = vertex % graph.size;
      if (position < transactions) members.add(position);
    }
    if (smallest === undefined || members.size < smallest.length) smallest = [...members];
  }
  return smallest?.toSorted((left, right) => left - right);
}
