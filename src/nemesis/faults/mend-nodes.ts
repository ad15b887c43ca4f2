/** Repairs several nodes together, some of which take a while. */
import type { Json } from '../../protocol/json.ts';
import type { NodeActionResult } from '../node-control.ts';

/** What was done to each node. */
export type NodeActionResults = ReadonlyMap<string, NodeActionResult>;

/** Repairs all nodes at once. Calls back with the results when all are repaired, and returns the results so far. */
export function mendNodes(
  nodes: readonly string[],
  done: (value: Json) => void,
  mend: (node: string, mended: (result: NodeActionResult) => void) => void,
): NodeActionResults {
  const results = new Map<string, NodeActionResult>();
  let waiting = nodes.length;
  if (waiting === 0) done({});
  for (const node of nodes) {
    mend(node, (result) => {
      results.set(node, result);
      waiting--;
      if (waiting === 0) done(Object.fromEntries(nodes.map((each) => [each, results.get(each) ?? 'failed'])));
    });
  }
  return results;
}
