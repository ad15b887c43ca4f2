/**
 * Settles forced choices: if the later of two blocks reaches the earlier, that order is impossible. Settled choices add
 * edges, which force further choices, until nothing changes.
 *
 * Reachability from points to blocks is kept as rows of bits, computed in reverse topological order for a limited
 * number of blocks at a time to bound memory. 10,000 transactions with 20,000 writes take some tenths of a second per
 * round.
 */
import { present } from '../../columns/present.ts';
import type { Meter } from '../budget/meter.ts';
import type { Choices, Edge } from './choices.ts';
import type { Block, Polygraph } from './polygraph.ts';

/** Words in a row, and the bits (columns) computed at once. */
const WORDS = 64;
const COLUMNS = 32 * WORDS;
/** Maximum number of followers of a block that are tried as a path to another block. */
const TRIED_FOLLOWERS = 8;

/** Returns the edges of a cycle if two blocks can stand in neither order. */
export function prune(polygraph: Polygraph, choices: Choices, meter: Meter): readonly Edge[] | undefined {
  for (;;) {
    const settled = settleOnce(polygraph, choices, meter);
    if (!settled) return undefined;
    const cycle = choices.addSettledEdges(TRIED_FOLLOWERS);
    if (cycle !== undefined) return cycle;
  }
}

/** Whether anything was settled. */
function settleOnce(polygraph: Polygraph, choices: Choices, meter: Meter): boolean {
  const columnsOf = polygraph.isolation === 'serial' ? 1 : 2;
  const rows = new Int32Array(polygraph.graph.size * WORDS);
  const points = pointsBackwards(polygraph);
  let settled = false;
  let chunk: Block[] = [];
  const flush = (): void => {
    if (chunk.length === 0) return;
    reach(polygraph, { points, chunk, columnsOf, rows }, meter);
    for (const [at, before] of chunk.entries()) {
      const column = at * columnsOf;
      for (const after of present(polygraph.rivals[before.key])) {
        if (after === before || choices.isSettled(before, after)) continue;
        const writer = polygraph.headWriter(after);
        const isImpossible =
          has(rows, polygraph.begin(writer), column) ||
          (columnsOf === 2 && has(rows, polygraph.commit(writer), column + 1));
        if (!isImpossible) continue;
        choices.settle(after, before);
        settled = true;
      }
      meter.step(present(polygraph.rivals[before.key]).length);
    }
    chunk = [];
  };
  for (const rivals of polygraph.rivals) {
    for (const block of rivals) {
      if (!choices.hasOpen(block)) continue;
      chunk.push(block);
      if ((chunk.length + 1) * columnsOf > COLUMNS) flush();
    }
  }
  flush();
  return settled;
}

const has = (rows: Int32Array, point: number, column: number): boolean =>
  (present(rows[point * WORDS + (column >> 5)]) & (1 << (column & 31))) !== 0;

function pointsBackwards({ graph }: Polygraph): Int32Array {
  const points = new Int32Array(graph.size);
  for (let point = 0; point < graph.size; point++)
    points[graph.size - 1 - present(graph.places[point])] = point;
  return points;
}

/**
 * Fills in the rows: for each point, a bit for each block that it reaches. In serial orders a block is reached through
 * its last writer or its readers; under snapshots these two have a bit each.
 */
function reach(
  polygraph: Polygraph,
  given: {
    readonly points: Int32Array;
    readonly chunk: readonly Block[];
    readonly columnsOf: number;
    readonly rows: Int32Array;
  },
  meter: Meter,
): void {
  const { points, chunk, columnsOf, rows } = given;
  const { graph } = polygraph;
  const words = (chunk.length * columnsOf + 31) >> 5;
  rows.fill(0);
  const seed = (point: number, column: number): void => {
    const word = point * WORDS + (column >> 5);
    rows[word] = present(rows[word]) | (1 << (column & 31));
  };
  for (const [at, block] of chunk.entries()) {
    const column = at * columnsOf;
    seed(polygraph.commit(polygraph.tailWriter(block)), column);
    if (block.end >= 0) seed(block.end, column + columnsOf - 1);
  }
  const { firstOut, nextOut, tos } = graph;
  const [nexts, targets] = [nextOut.values, tos.values];
  for (const point of points) {
    const row = point * WORDS;
    for (let edge = firstOut[point] ?? -1; edge >= 0; edge = nexts[edge] ?? -1) {
      const other = (targets[edge] ?? 0) * WORDS;
      for (let word = 0; word < words; word++)
        rows[row + word] = (rows[row + word] ?? 0) | (rows[other + word] ?? 0);
      meter.step(words);
    }
  }
}
