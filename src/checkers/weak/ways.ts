/** Shortest ways through what comes before what, found from their end. */

/** From `from` to `to`, both included; `visitBefore` names what comes directly before a transaction. Undefined where there is none. */
export function shortestWay(
  { from, to }: { readonly from: number; readonly to: number },
  visitBefore: (t: number, visit: (before: number) => void) => void,
): readonly number[] | undefined {
  /** What comes next on the way to the end. */
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
