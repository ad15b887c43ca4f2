/** Sets several nodes right together, some of which take a while. */
import type { Json } from '../protocol/json.ts';
import type { NodeDeed } from './node-control.ts';

/** What was done to each node. */
export type Deeds = ReadonlyMap<string, NodeDeed>;

/** All at once; calls back with what was done when it has been done, and returns what has been done so far. */
export function mendNodes(
  nodes: readonly string[],
  done: (value: Json) => void,
  mend: (node: string, mended: (deed: NodeDeed) => void) => void,
): Deeds {
  const deeds = new Map<string, NodeDeed>();
  let waiting = nodes.length;
  if (waiting === 0) done({});
  for (const node of nodes) {
    mend(node, (deed) => {
      deeds.set(node, deed);
      waiting--;
      if (waiting === 0) done(Object.fromEntries(nodes.map((each) => [each, deeds.get(each) ?? 'failed'])));
    });
  }
  return deeds;
}
