/** On small graphs, search finds exactly the cycles that enumeration finds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComponentGraph } from './component-graph.ts';
import { brokenProjections } from './cycle-existence.ts';
import { CycleSearch, labelEdges } from './cycle-search.ts';
import { PROJECTIONS, RELATION, SEARCH_ORDER, type CycleType } from './cycle-types.ts';
import { strongerModels } from '../levels/consistency-models.ts';
import { Meter } from '../../budget/meter.ts';

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly relations: number;
}

const SIZE = 6;
const edges = fc.array(
  fc.record({
    from: fc.nat(SIZE - 1),
    to: fc.nat(SIZE - 1),
    relations: fc.constantFrom(
      RELATION.ww,
      RELATION.wr,
      RELATION.rw,
      RELATION.realtime,
      RELATION.rw | RELATION.realtime,
      RELATION.ww | RELATION.rw,
      RELATION.wr | RELATION.realtime,
    ),
  }),
  { maxLength: 14 },
);

function graphOf(list: readonly Edge[]): ComponentGraph {
  const table = new Map<number, number>();
  for (const { from, to, relations } of list) {
    if (from !== to) table.set(from * SIZE + to, (table.get(from * SIZE + to) ?? 0) | relations);
  }
  const sorted = [...table].toSorted(([a], [b]) => a - b);
  const starts = new Int32Array(SIZE + 1);
  for (const [pair] of sorted)
    for (let row = Math.floor(pair / SIZE); row < SIZE; row++) starts[row + 1] = (starts[row + 1] ?? 0) + 1;
  return {
    members: Array.from({ length: SIZE }, (_, vertex) => vertex),
    size: SIZE,
    starts,
    targets: Int32Array.from(sorted.map(([pair]) => pair % SIZE)),
    relations: Uint8Array.from(sorted.map(([, relations]) => relations)),
  };
}

/** Returns the labels along every simple cycle, starting anywhere. */
function simpleCycles(graph: ComponentGraph, labels: ArrayLike<number>): readonly number[][] {
  const cycles: number[][] = [];
  const walk = (start: number, vertex: number, path: readonly number[], taken: readonly number[]): void => {
    for (let edge = graph.starts[vertex] ?? 0; edge < (graph.starts[vertex + 1] ?? 0); edge++) {
      const target = graph.targets[edge] ?? 0;
      const label = labels[edge] ?? 0;
      if (target === start) cycles.push([...taken, label]);
      else if (target > start && !path.includes(target))
        walk(start, target, [...path, target], [...taken, label]);
    }
  };
  for (let start = 0; start < SIZE; start++) walk(start, start, [start], []);
  return cycles;
}

function isAdjacent(labels: readonly number[]): boolean {
  return labels.some(
    (label, at) => label === RELATION.rw && labels[(at + 1) % labels.length] === RELATION.rw,
  );
}

/** Names a cycle by its labels. */
function classify(labels: readonly number[]): string {
  const rw = labels.filter((label) => label === RELATION.rw).length;
  const base =
    rw === 1
      ? 'G-single-item'
      : rw > 1
        ? isAdjacent(labels)
          ? 'G2-item'
          : 'G-nonadjacent-item'
        : labels.includes(RELATION.wr)
          ? 'G1c'
          : 'G0';
  return base + (labels.includes(RELATION.realtime) ? '-realtime' : '');
}

const PRIORITY = [RELATION.ww, RELATION.wr, RELATION.rw, RELATION.realtime];
const kinds = SEARCH_ORDER.filter(({ name }) => !name.endsWith('-process'));

function search(
  graph: ComponentGraph,
  type: CycleType,
): { labels: readonly number[]; vertices: readonly number[] } | undefined {
  const found = new CycleSearch(graph, new Meter(undefined)).find(type, labelEdges(graph, PRIORITY));
  return found && { labels: found.relations, vertices: found.vertices };
}

describe('the search for cycles', () => {
  it('finds a kind of cycle exactly if enumeration does', () => {
    fc.assert(
      fc.property(edges, (list) => {
        const graph = graphOf(list);
        const labels = labelEdges(graph, PRIORITY);
        const names = new Set(simpleCycles(graph, labels).map(classify));
        const found = kinds.filter((type) => search(graph, type) !== undefined).map(({ name }) => name);
        // A realtime edge may occur in a cycle of writes alone, or in one that also has wr: each kind is found when
        // asked for.
        const expected = kinds.filter(({ name }) => names.has(name)).map(({ name }) => name);
        expect(found.toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 2000 },
    );
  });

  it('returns cycles of the named kind that visit no transaction twice', () => {
    fc.assert(
      fc.property(edges, (list) => {
        const graph = graphOf(list);
        for (const type of kinds) {
          const found = search(graph, type);
          if (found === undefined) continue;
          expect(classify(found.labels)).toBe(type.name);
          expect(new Set(found.vertices).size).toBe(found.vertices.length);
          expect(found.labels.length).toBe(found.vertices.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the shortest cycle of its kind', () => {
    fc.assert(
      fc.property(edges, (list) => {
        const graph = graphOf(list);
        const labels = labelEdges(graph, PRIORITY);
        const cycles = simpleCycles(graph, labels);
        for (const type of kinds.filter(({ rw }) => rw === 'none' || rw === 'one')) {
          const shortest = Math.min(
            ...cycles.filter((one) => classify(one) === type.name).map(({ length }) => length),
          );
          // When an order edge is required, the shortest walk may repeat a vertex; then a different walk is returned.
          if (type.order === 0) expect(search(graph, type)?.labels.length ?? Infinity).toBe(shortest);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the projections', () => {
  it('have a cycle exactly if enumeration finds one', () => {
    fc.assert(
      fc.property(edges, (list) => {
        const graph = graphOf(list);
        const cycles = simpleCycles(graph, graph.relations);
        const impossible = new Set<string>();
        const expected: string[] = [];
        for (const { name, model, relations, alternating } of PROJECTIONS) {
          if (impossible.has(model)) continue;
          const shows = cycles.some((cycle) => {
            const steps = cycle.map((bits) =>
              (bits & relations) !== 0 ? 'free' : (bits & alternating) !== 0 ? 'rw' : '',
            );
            return steps.every(
              (step, at) => step === 'free' || (step === 'rw' && steps[(at + 1) % steps.length] === 'free'),
            );
          });
          if (!shows) continue;
          expected.push(name);
          for (const stronger of strongerModels([model])) impossible.add(stronger);
        }
        expect(
          brokenProjections(graph, new Meter(undefined)).map(({ projection }) => projection.name),
        ).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
