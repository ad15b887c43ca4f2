/** The branches of a followed request: rows in depth-first order, each with its depth. */
import type { RequestRow } from '../../../src/recording/views.ts';

type Placed = Pick<RequestRow, 'depth'>;

/** Returns the number of descendants of each row. */
export function branchSizes(rows: readonly Placed[]): readonly number[] {
  const sizes = rows.map(() => 0);
  /** Ancestors of the current row, innermost last. */
  const open: number[] = [];
  for (const [at, { depth }] of rows.entries()) {
    while (depth <= (rows[open.at(-1) ?? -1]?.depth ?? -1)) open.pop();
    for (const above of open) sizes[above] = (sizes[above] ?? 0) + 1;
    open.push(at);
  }
  return sizes;
}

/** Returns the indices of the rows that are not inside a folded branch. */
export function rowsInSight(
  rows: readonly Placed[],
  sizes: readonly number[],
  folded: ReadonlySet<number>,
): readonly number[] {
  const shown: number[] = [];
  for (let at = 0; at < rows.length; at++) {
    shown.push(at);
    if (folded.has(at)) at += sizes[at] ?? 0;
  }
  return shown;
}
