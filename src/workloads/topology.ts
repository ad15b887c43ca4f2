/**
 * The networks that the broadcast workload offers to nodes, by name: from each node to its neighbours, in both
 * directions.
 *
 *     line   n1 ─ n2 ─ n3 ─ n4        tree2      n1          grid   n1 ─ n2
 *                                               ╱  ╲                │    │
 *     total  all with all                     n2    n3              n3 ─ n4
 */

/** From each node to its neighbours. */
export type Topology = ReadonlyMap<string, readonly string[]>;

/** Pairs of positions that are neighbours, each listed once, the smaller first. */
type Edges = (size: number) => Iterable<readonly [number, number]>;

const EDGES: ReadonlyMap<string, Edges> = new Map([
  ['line', tree(1)],
  ['grid', grid],
  ['tree', tree(2)],
  ['tree2', tree(2)],
  ['tree3', tree(3)],
  ['tree4', tree(4)],
  ['total', total],
]);

export const TOPOLOGIES: readonly string[] = [...EDGES.keys()];

/** Returns the topology of that name over the nodes, or undefined for an unknown name. */
export function topology(name: string, nodes: readonly string[]): Topology | undefined {
  const edges = EDGES.get(name);
  if (edges === undefined) return undefined;
  const neighbours = nodes.map((): string[] => []);
  for (const [a, b] of edges(nodes.length)) {
    const [first, second] = [nodes[a], nodes[b]];
    if (first === undefined || second === undefined) continue;
    neighbours[a]?.push(second);
    neighbours[b]?.push(first);
  }
  return new Map(nodes.map((node, at) => [node, neighbours[at] ?? []]));
}

/** Every node but the first is the child of another, with `branches` children each; one child each makes a line. */
function tree(branches: number): Edges {
  return function* edges(size) {
    for (let child = 1; child < size; child++) yield [Math.floor((child - 1) / branches), child];
  };
}

/** Rows are as long as the grid is high, or one longer; the last one may be short. */
function* grid(size: number): Iterable<readonly [number, number]> {
  const width = Math.ceil(Math.sqrt(size));
  for (let at = 0; at < size; at++) {
    if ((at + 1) % width !== 0 && at + 1 < size) yield [at, at + 1];
    if (at + width < size) yield [at, at + width];
  }
}

function* total(size: number): Iterable<readonly [number, number]> {
  for (let a = 0; a < size; a++) for (let b = a + 1; b < size; b++) yield [a, b];
}
