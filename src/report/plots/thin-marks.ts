/**
 * Leaves out marks that would not be seen. Of the marks of a series that fall into one cell of a grid the first is drawn;
 * the grid is as coarse as it must be for the whole to stay small. Nothing is random, and what stands alone (the
 * slowest request of a run) is always kept.
 */

export interface Mark {
  readonly x: number;
  readonly y: number;
}

export interface ThinnedMarks {
  /** By series. */
  readonly marks: readonly (readonly Mark[])[];
  /** The side of a cell, in pixels; undefined when every mark is drawn. */
  readonly cell: number | undefined;
}

/** Columns of places in pixels and of series; those whose `y` is no number are not drawn. */
export interface MarkColumns {
  readonly count: number;
  readonly seriesCount: number;
  readonly x: (row: number) => number;
  readonly y: (row: number) => number;
  readonly series: (row: number) => number;
}

const CELLS = [1, 2, 3, 4, 6, 8, 12, 16];

export function thinMarks(columns: MarkColumns, most: number): ThinnedMarks {
  const { count, seriesCount } = columns;
  if (count <= most) return { marks: gather(columns, undefined, most).marks, cell: undefined };
  for (const cell of CELLS) {
    // No more are gathered than may be drawn, so that a grid too fine is given up soon.
    const { marks, isWhole } = gather(columns, cell, most);
    if (isWhole) return { marks, cell };
  }
  return { marks: Array.from({ length: seriesCount }, () => []), cell: CELLS.at(-1) };
}

function gather(
  { count, seriesCount, x, y, series }: MarkColumns,
  cell: number | undefined,
  most: number,
): { readonly marks: Mark[][]; readonly isWhole: boolean } {
  const marks: Mark[][] = Array.from({ length: seriesCount }, () => []);
  const taken = new Set<number>();
  let drawn = 0;
  for (let row = 0; row < count; row++) {
    const yOfRow = y(row);
    if (!Number.isFinite(yOfRow)) continue;
    const xOfRow = x(row);
    const number = series(row);
    if (cell !== undefined) {
      const key = (number * 4096 + Math.floor(yOfRow / cell)) * 4096 + Math.floor(xOfRow / cell);
      if (taken.has(key)) continue;
      if (drawn === most) return { marks, isWhole: false };
      taken.add(key);
    }
    drawn++;
    marks[number]?.push({ x: xOfRow, y: yOfRow });
  }
  return { marks, isWhole: true };
}
