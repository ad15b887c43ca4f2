/**
 * The cycles of a dependency graph as anomalies: for each strongly connected component the models it violates
 * (`...-cycle-exists`) and the kinds of cycles found in it, each with one short example.
 *
 * A kind is searched for only if it adds information: not when every model that forbids it still holds, and not when a
 * kind already found implies it.
 */
import { present } from '../../../columns/present.ts';
import {
  impossibleModels,
  anomaliesImpliedBy,
  friendlyModelName,
  prohibitedAnomalies,
} from '../levels/consistency-models.ts';
import { componentGraph, type ComponentGraph } from './component-graph.ts';
import { brokenProjections, type BrokenProjection } from './cycle-existence.ts';
import { CycleSearch, labelEdges, type FoundCycle } from './cycle-search.ts';
import { PROJECTIONS, SEARCH_ORDER, cycleType, relationName, type CycleType } from './cycle-types.ts';
import type { DependencyGraph, StepEvidence } from '../graph/dependency-graph.ts';
import type { Meter } from '../../budget/meter.ts';
import { updateCycle } from './update-cycles.ts';

/** A cycle by vertices of the dependency graph. */
export interface CycleAnomaly {
  readonly type: string;
  readonly vertices: readonly number[];
  readonly steps: readonly StepEvidence[];
}

export interface CycleExists {
  readonly type: string;
  /** The friendly name of the model that the cycle violates. */
  readonly not: string;
  readonly subgraph: string;
  readonly vertices: readonly number[];
}

export interface ComponentAnomalies {
  readonly exists: readonly CycleExists[];
  readonly cycles: readonly CycleAnomaly[];
}

/** Returns the anomalies of one strongly connected component. `known` are those found without looking for cycles. */
export function componentAnomalies(
  graph: DependencyGraph,
  component: Int32Array,
  known: readonly string[],
  meter: Meter,
): ComponentAnomalies {
  const local = componentGraph(graph, component, meter);
  const broken = brokenProjections(local, meter);
  return {
    exists: broken.map((projection) => describeExistence(local, projection)),
    cycles: nameCycles(graph, local, broken, known, meter).map(({ type, found }) =>
      describeCycle(graph, local, type, found),
    ),
  };
}

/** Returns the cycle that update serializability forbids although each part of it alone is allowed, if there is one. */
export function updateAnomaly(
  graph: DependencyGraph,
  component: Int32Array,
  writes: (vertex: number) => boolean,
  meter: Meter,
): CycleAnomaly | undefined {
  const local = componentGraph(graph, component, meter);
  const found = updateCycle(local, (position) => writes(present(local.members[position])), meter);
  return found === undefined ? undefined : describeCycle(graph, local, 'G-update', found);
}

function describeExistence(local: ComponentGraph, { projection, smallest }: BrokenProjection): CycleExists {
  return {
    type: projection.name,
    not: friendlyModelName(projection.model),
    subgraph: relationNames(projection.relations, projection.alternating),
    vertices: smallest.map((position) => present(local.members[position])),
  };
}

function relationNames(relations: number, alternating: number): string {
  const names = (bits: number): string =>
    [1, 2, 4, 8, 16]
      .filter((bit) => (bits & bit) !== 0)
      .map(relationName)
      .join(' or ');
  return alternating === 0
    ? names(relations)
    : `${names(relations)}, each followed by at most one ${names(alternating)}`;
}

interface NamedCycle {
  readonly type: string;
  readonly found: FoundCycle;
}

function nameCycles(
  graph: DependencyGraph,
  local: ComponentGraph,
  broken: readonly BrokenProjection[],
  known: readonly string[],
  meter: Meter,
): readonly NamedCycle[] {
  const search = new CycleSearch(local, meter);
  const labels = labelEdges(local, [...graph.data.priority, 16, 8]);
  const named: NamedCycle[] = [];
  const skipped = new Set(kindsOfUnbrokenModels(broken));
  for (const type of SEARCH_ORDER) {
    if (skipped.has(type.name)) continue;
    const found = search.find(type, labels);
    if (found === undefined) continue;
    named.push({ type: type.name, found });
    for (const implied of anomaliesImpliedBy([type.name])) skipped.add(implied);
  }
  // A cycle that a projection showed can still lack a name because an edge's first explanation is not the one that
  // matters: a -realtime-> b that is also a -rw-> b counts as rw above. Now each edge is explained as the projection
  // needs it.
  const impossible = impossibleModels([...known, ...named.map(({ type }) => type)]);
  for (const { projection } of broken) {
    if (impossible.has(projection.model)) continue;
    const explanation = labelEdges(local, priorityFor(projection.kinds, graph.data.priority));
    for (const kind of projection.kinds) {
      const found = search.find(cycleType(kind), explanation);
      if (found === undefined) continue;
      named.push({ type: kind, found });
      break;
    }
  }
  return named;
}

/**
 * Returns the first explanations that let an edge serve in these kinds: unrestricted relations before restricted ones.
 */
function priorityFor(kinds: readonly string[], priority: readonly number[]): readonly number[] {
  const types: readonly CycleType[] = kinds.map(cycleType);
  const writesOnly = types.some((type) => type.writesOnly);
  const order = types.find((type) => type.order !== 0)?.order;
  const data = priority.filter((relation) => relation !== 4 && (!writesOnly || relation === 1));
  const antiDependency = types.some((type) => type.rw !== 'none') ? [4] : [];
  return [...data, ...(order === undefined ? [] : [order]), ...antiDependency];
}

const kindsByModels = new Map<string, readonly string[]>();

/** Returns the kinds that a model forbids which nothing has ruled out yet. */
function kindsOfUnbrokenModels(broken: readonly BrokenProjection[]): readonly string[] {
  const names = broken.map(({ projection }) => projection.name);
  const key = names.join();
  const known = kindsByModels.get(key);
  if (known !== undefined) return known;
  const impossible = impossibleModels(names);
  const unbroken = PROJECTIONS.map(({ model }) => model).filter((model) => !impossible.has(model));
  const kinds = [...prohibitedAnomalies(unbroken)];
  kindsByModels.set(key, kinds);
  return kinds;
}

function describeCycle(
  graph: DependencyGraph,
  local: ComponentGraph,
  type: string,
  { vertices, relations }: FoundCycle,
): CycleAnomaly {
  const members = vertices.map((position) => present(local.members[position]));
  const steps = members.map((from, step): StepEvidence => {
    const to = present(members[(step + 1) % members.length]);
    const relation = present(relations[step]);
    const name = relationName(relation);
    if (name === 'process') return { type: 'process', process: present(graph.log.processes.values[from]) };
    if (name === 'realtime') return { type: 'realtime' };
    const evidence = graph.data.explain(from, to, relation);
    if (evidence === undefined) {
      throw new Error(`no ${name} from transaction ${from} to ${to}, although the graph has that edge`);
    }
    return evidence;
  });
  return { type, vertices: members, steps };
}
