/**
 * Leaves out marks that would not be visible. Of the marks of a series in one cell of a grid the first is drawn; the
 * grid is as coarse as needed to keep the picture small. This is deterministic, and an isolated mark (such as the
 * slowest request of a run) is always kept.
 */
import { present } from '../../columns/present.ts';

export interface Mark {
  readonly x: number;
  readonly y: number;
}

export interface ThinnedMarks {
  /** Indexed by series. */
  readonly marks: readonly (readonly Mark[])[];
  /** The side of a cell in pixels; undefined if every mark is drawn. */
  readonly cell: number | undefined;
}

/** Columns of positions in pixels and of series; rows whose `y` is not finite are not drawn. */
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
  const isFew = count <= most;
  const places = placesOf(columns, !isFew);
  if (isFew) return { marks: gather(places, seriesCount, undefined, most).marks, cell: undefined };
  for (const cell of CELLS) {
    // Stops when the limit is exceeded, so that too fine a grid is abandoned early.
    const { marks, isWhole } = gather(places, seriesCount, cell, most);
    if (isWhole) return { marks, cell };
  }
  return { marks: Array.from({ length: seriesCount }, () => []), cell: CELLS.at(-1) };
}

/** Marks that may be drawn, in order of rows. */
interface Places {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly series: readonly number[];
}

/**
 * Returns all marks or, if `thinned`, without most of those that follow another one in the same pixel. Cells consist of
 * whole pixels, and the first mark of a cell is also the first of its pixel, so every grid still finds its marks
 * (bench/after-run.ts).
 */
function placesOf({ count, x, y, series }: MarkColumns, thinned: boolean): Places {
  const places = { x: [] as number[], y: [] as number[], series: [] as number[] };
  const cells = new LastCells(1);
  for (let row = 0; row < count; row++) {
    const yOfRow = y(row);
    if (!Number.isFinite(yOfRow)) continue;
    const xOfRow = x(row);
    const number = series(row);
    if (thinned && !cells.enter(number, xOfRow, yOfRow)) continue;
    places.x.push(xOfRow);
    places.y.push(yOfRow);
    places.series.push(number);
  }
  return places;
}

function gather(
  { x, y, series }: Places,
  seriesCount: number,
  cell: number | undefined,
  most: number,
): { readonly marks: Mark[][]; readonly isWhole: boolean } {
  const marks: Mark[][] = Array.from({ length: seriesCount }, () => []);
  const taken = new Set<number>();
  const cells = new LastCells(cell ?? 1);
  for (let at = 0; at < series.length; at++) {
    const [markX, markY, number] = [present(x[at]), present(y[at]), present(series[at])];
    if (cell !== undefined) {
      if (!cells.enter(number, markX, markY) || taken.has(cells.last)) continue;
      if (taken.size === most) return { marks, isWhole: false };
      taken.add(cells.last);
    }
    marks[number]?.push({ x: markX, y: markY });
  }
  return { marks, isWhole: true };
}

/** Pictures are smaller than this in pixels, so that numbers of cells stay small integers. */
const LONGEST_SIDE = 1 << 10;
/** A power of two: one column of cells of sixteen series. */
const SLOTS = 16 * LONGEST_SIDE;

/**
 * A cache of the cells of the latest marks. Rows are in order of time, so that marks in one column of cells follow one
 * another: nearly all marks in an occupied cell are detected here, and the few others by a set, which takes ten times
 * as long.
 */
class LastCells {
  /** The last cell entered. */
  last = -1;
  private readonly cells = new Float64Array(SLOTS).fill(-1);

  constructor(private readonly side: number) {}

  /** Adds the mark's cell; returns true if it was not in the cache. */
  enter(series: number, x: number, y: number): boolean {
    const row = Math.floor(y / this.side);
    const place = series * LONGEST_SIDE + row;
    const slot = place & (SLOTS - 1);
    const cell = place * LONGEST_SIDE + Math.floor(x / this.side);
    this.last = cell;
    if (this.cells[slot] === cell) return false;
    this.cells[slot] = cell;
    return true;
  }
}
