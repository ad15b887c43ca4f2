/** Shortest paths through a relation given by predecessors, searched from the end. */

/**
 * Returns a shortest path, including both ends, or undefined if none exists. `visitBefore` visits a transaction's
 * direct predecessors.
 */
export function shortestWay(
  { from, to }: { readonly from: number; readonly to: number },
  visitBefore: (t: number, visit: (before: number) => void) => void,
): readonly number[] | undefined {
  /** The next transaction on the path to the end. */
  const next = new Map<number, number>([[to, to]]);
  for (const t of next.keys()) {
    if (t === from) {
      const way = [t];
      for (let at = t; at !== to;) way.push((at = next.get(at) ?? to));
      return way;
    }
    visitBefore(t, (before) => {
      if (!next.has(before)) next.set(before, t);
    });
  }
  return undefined;
}
