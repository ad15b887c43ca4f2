/**
 * Finds a short cycle of a given kind in a component, in polynomial time.
 *
 * Every edge has one label here: the first of its relations in the workload's order of explanation. A cycle of a kind
 * must contain a certain edge (an rw edge, a wr edge, an edge of the order relation ...). From each such pivot u -> w a
 * breadth-first search goes from w back to u; if a kind requires more than the pivot, the search remembers it in a few
 * bits:
 *
 *     G-nonadjacent:  u -rw-> w  ...  -rw-> x -ww/wr-> ...  u      last edge was rw? a second rw seen?
 *     G2:             u -rw-> w  ...  a -rw-> u                    last edge was rw?
 *     -realtime:                                                  an order edge seen?
 *
 * The shortest cycle over all pivots wins, within a work limit. Upstream enumerates paths instead, which is exponential
 * and therefore has a time limit; what it finds first depends on hash order. Here an existing kind is found, with one
 * rare exception: when the shortest closed walk of a kind repeats a transaction, other pivots are tried, then a bounded
 * enumeration of simple paths.
 */
import { present } from '../../../columns/present.ts';
import type { ComponentGraph } from './component-graph.ts';
import { DEPENDENCIES, RELATION, type AntiDependencies, type CycleType } from './cycle-types.ts';
import type { Meter } from '../../budget/meter.ts';
import { alternatingRows, projectedRows } from './projected-rows.ts';
import { edgesOf, strongComponents } from '../graph/strong-components.ts';

export interface FoundCycle {
  /** Positions in the component; an edge leads from the last back to the first. */
  readonly vertices: readonly number[];
  /** The relation from each vertex to the next. */
  readonly relations: readonly number[];
}

/** Returns one relation per edge: the first of `priority` that holds, or 0 if none does; `then` stays. */
export function labelEdges(graph: ComponentGraph, priority: readonly number[]): Uint8Array {
  const table = new Uint8Array(64);
  for (let relations = 0; relations < 64; relations++) {
    table[relations] =
      (relations & RELATION.then) !== 0
        ? RELATION.then
        : (priority.find((relation) => (relations & relation) !== 0) ?? 0);
  }
  return graph.relations.map((relations) => present(table[relations]));
}

const ORDER_SEEN = 1;
const LAST_RW = 2;
const SECOND_RW = 4;

/** Number of states that the search distinguishes for each kind. */
const STATES: Readonly<Record<AntiDependencies, number>> = { none: 2, one: 2, adjacent: 4, nonadjacent: 8 };

/** Minimum work limit: edges examined for one kind in one component, in addition to a few times its size. */
const LEAST_WORK = 2_000_000;
const ENUMERATED_STEPS = 100_000;
/** Up to this number, pivots are tried unsorted. */
const FEW_PIVOTS = 256;

/** The input of a search. */
interface Task {
  readonly type: CycleType;
  readonly labels: Uint8Array;
  readonly ranks: Int32Array;
  /** Number of states per vertex. */
  readonly states: number;
}

/** Vertices with their states, reached with a given number of edges. */
interface Level {
  readonly helpers: number[];
  readonly transactions: number[];
}

/** The transaction (with its state) and relation by which a search returned to its source; -1 for the source itself. */
interface LastStep {
  readonly vertex: number;
  readonly relation: number;
}

interface Pivot {
  readonly source: number;
  readonly edge: number;
}

export class CycleSearch {
  readonly #graph: ComponentGraph;
  readonly #meter: Meter;
  /** Indexed by (vertex, state): the last search that reached it, the predecessor, and the relation of the edge. */
  #reachedBy = new Int32Array(0);
  #cameFrom = new Int32Array(0);
  #cameBy = new Uint8Array(0);
  #search = 0;
  #work = 0;

  constructor(graph: ComponentGraph, meter: Meter) {
    this.#graph = graph;
    this.#meter = meter;
  }

  #makeRoom(type: CycleType): void {
    const room = this.#graph.size * STATES[type.rw];
    if (this.#reachedBy.length >= room) {
      this.#reachedBy.fill(0);
      this.#search = 0;
      return;
    }
    this.#reachedBy = new Int32Array(room);
    this.#cameFrom = new Int32Array(room);
    this.#cameBy = new Uint8Array(room);
    this.#search = 0;
  }

  /** Returns a cycle of the kind by these labels, as short as could be found, or undefined. */
  find(type: CycleType, labels: Uint8Array): FoundCycle | undefined {
    const { targets } = this.#graph;
    const limit = LEAST_WORK + 4 * targets.length;
    const ranks = this.#ranks(type, labels);
    let best: FoundCycle | undefined;
    let isCrooked = false;
    this.#work = 0;
    this.#makeRoom(type);
    const task = { type, labels, ranks, states: STATES[type.rw] };
    for (const pivot of this.#pivots(type, labels, ranks)) {
      const longest = best === undefined ? Infinity : best.vertices.length - 2;
      const walk = this.#wayBack(pivot, task, longest);
      if (walk !== undefined && isSimple(walk)) best = walk;
      else if (walk !== undefined) isCrooked = true;
      if (best !== undefined && best.vertices.length <= 2) return best;
      if (this.#work > limit && (best !== undefined || this.#work > 16 * limit)) return best;
    }
    return best ?? (isCrooked ? this.#enumerate(type, labels) : undefined);
  }

  /**
   * Returns for each vertex (and layer) a number that limits where a path back can lead: only to equal numbers, or, if
   * the pivot is the kind's only rw edge, to numbers not below the source's. This keeps a search near its pivot.
   */
  #ranks(type: CycleType, labels: Uint8Array): Int32Array {
    const relations = (type.writesOnly ? RELATION.ww : DEPENDENCIES) | type.order;
    const graph = this.#graph;
    const rows =
      type.rw === 'nonadjacent'
        ? alternatingRows(graph, labels, { relations, alternating: RELATION.rw })
        : projectedRows(graph, labels, relations | (type.rw === 'adjacent' ? RELATION.rw : 0));
    const ranks = new Int32Array(rows.starts.length - 1);
    strongComponents(edgesOf(rows), this.#meter, ranks);
    return ranks;
  }

  /**
   * Returns the edges from which a search may lead back. If there are many, those that point farthest back in time come
   * first.
   */
  #pivots(type: CycleType, labels: Uint8Array, ranks: Int32Array): readonly Pivot[] {
    const { starts, targets, members, size } = this.#graph;
    const label = pivotLabel(type);
    const pivots: Pivot[] = [];
    for (let source = 0; source < members.length; source++) {
      const rank = present(ranks[source]);
      for (let edge = present(starts[source]); edge < present(starts[source + 1]); edge++) {
        if (labels[edge] !== label) continue;
        const target = present(targets[edge]);
        const after = present(ranks[target + (type.rw === 'nonadjacent' ? size : 0)]);
        if (type.rw === 'one' ? after >= rank : after === rank) pivots.push({ source, edge });
      }
    }
    if (pivots.length <= FEW_PIVOTS) return pivots;
    const back = ({ source, edge }: Pivot): number => source - present(targets[edge]);
    return pivots.toSorted((left, right) => back(right) - back(left));
  }

  /** Returns the shortest walk that begins with a pivot and returns to its source as the kind requires. */
  #wayBack({ source, edge }: Pivot, task: Task, longest: number): FoundCycle | undefined {
    const { targets, members } = this.#graph;
    const pivot = pivotLabel(task.type);
    const first = present(targets[edge]);
    const entry = first * task.states + stateAfterPivot(task.type);
    this.#search++;
    this.#reachedBy[entry] = this.#search;
    this.#cameFrom[entry] = -1;
    this.#cameBy[entry] = pivot;
    const isHelper = first >= members.length;
    let level: Level = { helpers: isHelper ? [entry] : [], transactions: isHelper ? [] : [entry] };
    for (let length = 1; length <= longest; length++) {
      const { helpers, transactions } = level;
      if (helpers.length + transactions.length === 0) return undefined;
      // Leaving a helper costs nothing, so its successors join the level. Helpers come first, so that the free path to
      // a vertex is found before a longer one.
      for (let index = 0; index < helpers.length; index++) {
        const last = this.#expand(source, present(helpers[index]), task, level);
        if (last !== undefined) return this.#walk(source, last, task.states);
      }
      const next: Level = { helpers: [], transactions: [] };
      for (const from of transactions) {
        const last = this.#expand(source, from, task, next);
        if (last !== undefined) return this.#walk(source, last, task.states);
      }
      level = next;
    }
    return undefined;
  }

  /**
   * Follows the edges out of a vertex into a level. If one closes the cycle, returns the last transaction and relation.
   */
  #expand(
    source: number,
    from: number,
    { type, labels, ranks, states }: Task,
    into: Level,
  ): LastStep | undefined {
    const { starts, targets, members, size } = this.#graph;
    const search = this.#search;
    const rank = present(ranks[source]);
    const vertex = (from / states) | 0;
    const state = from % states;
    const isHelper = vertex >= members.length;
    const begin = present(starts[vertex]);
    const end = present(starts[vertex + 1]);
    this.#work += end - begin + 1;
    this.#meter.step(end - begin + 1);
    for (let edge = begin; edge < end; edge++) {
      const label = present(labels[edge]);
      const after = stateAfter(type, state, label);
      if (after < 0) continue;
      const target = present(targets[edge]);
      // A helper passes on how it was entered, so that walks show only transactions.
      const origin = isHelper ? (this.#cameFrom[from] ?? -1) : from;
      const relation = isHelper ? present(this.#cameBy[from]) : label;
      if (target === source) {
        if (closes(type, after)) return { vertex: origin, relation };
        continue;
      }
      const layer = type.rw === 'nonadjacent' && (after & LAST_RW) !== 0 ? size : 0;
      const targetRank = present(ranks[target + layer]);
      if (type.rw === 'one' ? targetRank < rank : targetRank !== rank) continue;
      const reached = target * states + after;
      if (this.#reachedBy[reached] === search) continue;
      this.#reachedBy[reached] = search;
      this.#cameFrom[reached] = origin;
      this.#cameBy[reached] = relation;
      (target < members.length ? into.transactions : into.helpers).push(reached);
    }
    return undefined;
  }

  #walk(source: number, last: LastStep, states: number): FoundCycle {
    const vertices: number[] = [];
    const relations = [last.relation];
    for (let at = last.vertex; at >= 0; at = this.#cameFrom[at] ?? -1) {
      vertices.push((at / states) | 0);
      relations.push(present(this.#cameBy[at]));
    }
    vertices.push(source);
    return { vertices: vertices.toReversed(), relations: relations.toReversed() };
  }

  /** Enumerates simple paths depth-first, for a limited number of steps. The last resort. */
  #enumerate(type: CycleType, labels: Uint8Array): FoundCycle | undefined {
    const pivots = pivotLabel(type);
    const { starts, targets, members } = this.#graph;
    let steps = ENUMERATED_STEPS;
    if (members.length < this.#graph.size) return undefined;
    for (let source = 0; source < members.length; source++) {
      for (let edge = present(starts[source]); edge < present(starts[source + 1]); edge++) {
        if (labels[edge] !== pivots) continue;
        const first = present(targets[edge]);
        const path = [{ vertex: first, state: stateAfterPivot(type), edge: present(starts[first]) }];
        const relations = [pivots];
        const onPath = new Set([source, first]);
        for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
          if (--steps < 0) return undefined;
          this.#meter.step(1);
          if (top.edge >= present(starts[top.vertex + 1])) {
            onPath.delete(top.vertex);
            path.pop();
            relations.pop();
            continue;
          }
          const label = present(labels[top.edge]);
          const target = present(targets[top.edge++]);
          const state = stateAfter(type, top.state, label);
          if (state < 0) continue;
          if (target === source && closes(type, state)) {
            return {
              vertices: [source, ...path.map(({ vertex }) => vertex)],
              relations: [...relations, label],
            };
          }
          if (onPath.has(target)) continue;
          onPath.add(target);
          path.push({ vertex: target, state, edge: present(starts[target]) });
          relations.push(label);
        }
      }
    }
    return undefined;
  }
}

/** Returns the label of an edge that every cycle of the kind has. */
function pivotLabel(type: CycleType): number {
  if (type.rw !== 'none') return RELATION.rw;
  if (!type.writesOnly) return RELATION.wr;
  return type.order === 0 ? RELATION.ww : type.order;
}

function stateAfterPivot(type: CycleType): number {
  if (type.rw === 'nonadjacent' || type.rw === 'adjacent') return LAST_RW;
  return type.order !== 0 && pivotLabel(type) === type.order ? ORDER_SEEN : 0;
}

/** Returns the state after one more edge, or -1 if the kind does not allow that edge. */
function stateAfter(type: CycleType, state: number, label: number): number {
  if (label === RELATION.then) return state;
  if (label === RELATION.rw) {
    switch (type.rw) {
      case 'none':
      case 'one':
        return -1;
      case 'nonadjacent':
        return (state & LAST_RW) === 0 ? state | LAST_RW | SECOND_RW : -1;
      case 'adjacent':
        return state | LAST_RW;
    }
  }
  const isOrder = label === type.order && label !== 0;
  const allowed = isOrder || (label & (type.writesOnly ? RELATION.ww : DEPENDENCIES)) !== 0;
  if (!allowed) return -1;
  return (state & ~LAST_RW) | (isOrder ? ORDER_SEEN : 0);
}

/** Whether a walk that is back at its source is a cycle of the kind. */
function closes(type: CycleType, state: number): boolean {
  if (type.order !== 0 && (state & ORDER_SEEN) === 0) return false;
  switch (type.rw) {
    case 'none':
    case 'one':
      return true;
    case 'nonadjacent':
      return (state & LAST_RW) === 0 && (state & SECOND_RW) !== 0;
    case 'adjacent':
      return (state & LAST_RW) !== 0;
  }
}

function isSimple(walk: FoundCycle): boolean {
  return new Set(walk.vertices).size === walk.vertices.length;
}
