/**
 * In which row of the picture the operations of a process are drawn. A process that ends in doubt is followed by another one in the
 * same row. In our own runs these are threads: a process's number modulo how many there are. Of a history from elsewhere
 * their number is unknown, and processes may have any: whichever begins after another one has ended in doubt takes its row.
 */
import { present } from '../../columns/present.ts';
import type { RunOperations } from './operation-columns.ts';
import { INFO, OPEN } from './outcome.ts';

export interface ProcessRows {
  /** Of each row, its first process. */
  readonly first: readonly number[];
  readonly of: (process: number) => number;
}

/** More processes than this share rows. */
const MOST_ROWS = 64;

export const threadRows = (concurrency: number): ProcessRows => ({
  first: Array.from({ length: Math.max(1, concurrency) }, (_, row) => row),
  of: (process) => process % Math.max(1, concurrency),
});

interface Life {
  readonly process: number;
  readonly fromNanos: number;
  toNanos: number;
  /** Whether its last operation ended in doubt, after which it makes no other. */
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
  // Those of small numbers above.
  const order = first.map((_, row) => row).toSorted((a, b) => present(first[a]) - present(first[b]));
  const place = new Map(order.map((row, at) => [row, at]));
  return {
    first: first.length === 0 ? [0] : first.toSorted((a, b) => a - b),
    of: (process) => place.get(rows.get(process) ?? 0) ?? 0,
  };
}

/** Of the rows whose process is gone, the one that has waited longest; else a new one. */
function rowFor({ process, fromNanos }: Life, last: readonly Life[]): number {
  let found: number | undefined;
  for (const [row, before] of last.entries()) {
    const isFree = before.isOver && before.toNanos <= fromNanos && before.process < process;
    if (isFree && (found === undefined || before.toNanos < present(last[found]).toNanos)) found = row;
  }
  return found ?? (last.length < MOST_ROWS ? last.length : process % MOST_ROWS);
}
