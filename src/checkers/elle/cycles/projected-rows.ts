/** Subgraphs of a component: only some relations, or some of them never twice in a row. */
import { present } from '../../../columns/present.ts';
import { Int32Column } from '../../../columns/column.ts';
import type { ComponentGraph } from './component-graph.ts';
import { RELATION } from './cycle-types.ts';
import type { Rows } from '../graph/strong-components.ts';

/** Returns the edges with one of the wanted relations. `relations` is indexed by edge. */
export function projectedRows(graph: ComponentGraph, relations: Uint8Array, wanted: number): Rows {
  const allowed = wanted | RELATION.then;
  const starts = new Int32Array(graph.size + 1);
  const targets = new Int32Column(Math.max(16, graph.targets.length));
  for (let vertex = 0; vertex < graph.size; vertex++) {
    for (let edge = present(graph.starts[vertex]); edge < present(graph.starts[vertex + 1]); edge++) {
      if ((present(relations[edge]) & allowed) !== 0) targets.push(present(graph.targets[edge]));
    }
    starts[vertex + 1] = targets.length;
  }
  return { starts, targets: targets.values.subarray(0, targets.length) };
}

/**
 * Returns the walks that never take two alternating edges in a row, as a graph of two layers: vertex v is v in the
 * first, and v + size in the second, which is entered by an alternating edge.
 */
export function alternatingRows(
  graph: ComponentGraph,
  relations: Uint8Array,
  wanted: { readonly relations: number; readonly alternating: number },
): Rows {
  const { size } = graph;
  const starts = new Int32Array(size * 2 + 1);
  const targets = new Int32Column(Math.max(16, graph.targets.length * 2));
  for (let layer = 0; layer < 2; layer++) {
    for (let vertex = 0; vertex < size; vertex++) {
      for (let edge = present(graph.starts[vertex]); edge < present(graph.starts[vertex + 1]); edge++) {
        const relation = present(relations[edge]);
        const target = present(graph.targets[edge]);
        if ((relation & RELATION.then) !== 0) targets.push(target + layer * size);
        if ((relation & wanted.relations) !== 0) targets.push(target);
        if (layer === 0 && (relation & wanted.alternating) !== 0) targets.push(target + size);
      }
      starts[layer * size + vertex + 1] = targets.length;
    }
  }
  return { starts, targets: targets.values.subarray(0, targets.length) };
}
