/**
 * The row of the picture in which a process's operations are drawn. A process whose operation ends in `info` is
 * followed by another one in the same row. In our own runs rows are threads: the process's number modulo their number.
 * In a foreign history the number of threads is unknown, and processes may have any number: a process that begins after
 * the last operation of another one has ended in `info` takes over its row.
 */
import { present } from '../../columns/present.ts';
import type { RunOperations } from './operation-columns.ts';
import { INFO, OPEN } from './outcome.ts';

export interface ProcessRows {
  /** Indexed by row: its first process. */
  readonly first: readonly number[];
  readonly of: (process: number) => number;
}

/** Maximum number of rows; further processes share them. */
const MOST_ROWS = 64;

export const threadRows = (concurrency: number): ProcessRows => ({
  first: Array.from({ length: Math.max(1, concurrency) }, (_, row) => row),
  of: (process) => process % Math.max(1, concurrency),
});

interface Life {
  readonly process: number;
  readonly fromNanos: number;
  toNanos: number;
  /** True if its last operation ended in `info`, after which it makes no other. */
  isOver: boolean;
}

export function foundRows({ columns, count }: RunOperations): ProcessRows {
  const lives = new Map<number, Life>();
  for (let row = 0; row < count; row++) {
    const [process, completed, outcome] = [
      columns.process.at(row),
      columns.completed.at(row),
      columns.outcome.at(row),
    ];
    let life = lives.get(process);
    if (life === undefined) {
      life = { process, fromNanos: columns.invoked.at(row), toNanos: 0, isOver: false };
      lives.set(process, life);
    }
    life.toNanos = Number.isNaN(completed) ? Infinity : completed;
    life.isOver = outcome === INFO || outcome === OPEN;
  }
  const first: number[] = [];
  const last: Life[] = [];
  const rows = new Map<number, number>();
  for (const life of lives.values()) {
    const row = rowFor(life, last);
    rows.set(life.process, row);
    last[row] = life;
    if (row === first.length) first.push(life.process);
  }
  // Processes with smaller numbers go above.
  const order = first.map((_, row) => row).toSorted((a, b) => present(first[a]) - present(first[b]));
  const place = new Map(order.map((row, at) => [row, at]));
  return {
    first: first.length === 0 ? [0] : first.toSorted((a, b) => a - b),
    of: (process) => place.get(rows.get(process) ?? 0) ?? 0,
  };
}

/** Returns the row that has been free for longest, or else a new one. */
function rowFor({ process, fromNanos }: Life, last: readonly Life[]): number {
  let found: number | undefined;
  for (const [row, before] of last.entries()) {
    const isFree = before.isOver && before.toNanos <= fromNanos && before.process < process;
    if (isFree && (found === undefined || before.toNanos < present(last[found]).toNanos)) found = row;
  }
  return found ?? (last.length < MOST_ROWS ? last.length : process % MOST_ROWS);
}
