/** The operations of an interval: bars or a density, latencies as points or quantiles, and rates. */
import type { Column, Numbers } from '../../columns/column.ts';
import { present } from '../../columns/present.ts';
import { lowerBound } from '../../columns/lower-bound.ts';
import type { RunOperations } from './operation-columns.ts';
import type { ProcessRows } from './process-rows.ts';
import { FAIL, INFO, OK, OPEN } from './outcome.ts';
import type { LatencyPlot, OperationWindow, RatePlot } from '../views.ts';

/** Maximum number of operations whose labels are read from the file. */
const LABELLED = 160;
const LABEL_BYTES = 600;

export interface OperationRequest {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly buckets: number;
  readonly processRows: ProcessRows;
  /** Filter by row; all operations if undefined. */
  readonly keep?: ((row: number) => boolean) | undefined;
}

/** Returns the rows of operations that are open during [from, to], in order of invocation. */
export function operationRows(
  { columns, count }: RunOperations,
  { from, to, keep }: Pick<OperationRequest, 'from' | 'to' | 'keep'>,
): number[] {
  const invoked = columns.invoked.values;
  const completed = columns.completed.values;
  const outcome = columns.outcome.values;
  const last = lowerBound(invoked, to + 1, count);
  const rows: number[] = [];
  for (let row = 0; row < last; row++) {
    const end = present(completed[row]);
    // An indefinite or open operation may still take effect; its bar ends at its completion as `info`.
    if ((end >= from || (outcome[row] === OPEN && Number.isNaN(end))) && (keep === undefined || keep(row)))
      rows.push(row);
  }
  return rows;
}

export function operationWindow(history: RunOperations, request: OperationRequest): OperationWindow {
  const { from, to, limit, processRows } = request;
  const rows = operationRows(history, request);
  const isDense = rows.length > limit;
  const shown = isDense ? [] : rows;
  const { columns } = history;
  const at = (column: Column<Numbers>): number[] => shown.map((row) => column.at(row));
  const completed = at(columns.completed).map((time) => (Number.isNaN(time) ? null : time));
  return {
    from,
    to,
    total: rows.length,
    functions: history.functions,
    bars: {
      index: at(columns.index),
      invoked: at(columns.invoked),
      completed,
      process: at(columns.process),
      row: at(columns.process).map(processRows.of),
      outcome: at(columns.outcome),
      f: at(columns.f),
      ...(shown.length <= LABELLED ? { label: operationLabels(history, shown) } : {}),
    },
    ...(isDense ? { density: densityOf(history, rows, request) } : {}),
    latency: latencyOf(history, rows, request),
    rate: rateOf(history, rows, request),
  };
}

/**
 * Returns labels such as `read [1 2 3]`: the function, and the beginning of the value of its completion (or else of its
 * invocation).
 */
export function operationLabels(history: RunOperations, rows: readonly number[]): string[] {
  if (rows.length === 0) return [];
  const { columns, functions } = history;
  return history.lines((read) =>
    rows.map((row) => {
      const useCompletion = columns.outcome.at(row) === OK;
      const offset = (useCompletion ? columns.completeAt : columns.invokeAt).at(row);
      const line = read(offset, LABEL_BYTES);
      const found = /,"value":(.*?)(?:,"error":.*|,"final":.*)?\}?$/s.exec(line)?.[1] ?? '';
      const value = found === 'null' ? '' : found.length > 80 ? `${found.slice(0, 80)}…` : found;
      return `${functions[columns.f.at(row)] ?? '?'} ${value}`.trim();
    }),
  );
}

function densityOf(
  { columns }: RunOperations,
  rows: readonly number[],
  { from, to, buckets, processRows }: OperationRequest,
): NonNullable<OperationWindow['density']> {
  const counts = processRows.first.map(() => zeros(buckets));
  const bad = processRows.first.map(() => zeros(buckets));
  const scale = buckets / Math.max(1, to - from);
  for (const row of rows) {
    const drawnIn = processRows.of(columns.process.at(row));
    const bucket = Math.max(0, Math.min(buckets - 1, Math.floor((columns.invoked.at(row) - from) * scale)));
    add(counts[drawnIn], bucket);
    if (columns.outcome.at(row) !== OK) add(bad[drawnIn], bucket);
  }
  return { buckets, rows: counts.length, counts, bad };
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

function add(counts: number[] | undefined, bucket: number): void {
  if (counts !== undefined) counts[bucket] = present(counts[bucket]) + 1;
}

function latencyOf(
  { columns }: RunOperations,
  rows: readonly number[],
  { from, to, limit, buckets }: OperationRequest,
): LatencyPlot {
  const invoked = columns.invoked.values;
  const completed = columns.completed.values;
  const ended = rows.filter((row) => present(invoked[row]) >= from && !Number.isNaN(completed[row]));
  const latency = (row: number): number => present(completed[row]) - present(invoked[row]);
  if (ended.length <= limit) {
    return {
      points: {
        time: ended.map((row) => present(invoked[row])),
        latency: ended.map(latency),
        outcome: ended.map((row) => columns.outcome.at(row)),
      },
    };
  }
  const width = Math.max(1, to - from) / buckets;
  const groups: number[][] = Array.from({ length: buckets }, () => []);
  for (const row of ended)
    groups[Math.min(buckets - 1, Math.floor((present(invoked[row]) - from) / width))]?.push(latency(row));
  for (const group of groups) group.sort((a, b) => a - b);
  const quantile = (q: number): (number | null)[] =>
    groups.map((group) => group[Math.min(group.length - 1, Math.floor(q * group.length))] ?? null);
  return {
    quantiles: { buckets, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), max: quantile(1) },
  };
}

function rateOf(
  { columns }: RunOperations,
  rows: readonly number[],
  { from, to, buckets: most }: OperationRequest,
): RatePlot {
  // Several operations per bucket, or the line is nothing but spikes.
  const buckets = Math.max(10, Math.min(most, Math.floor(rows.length / 3)));
  const seconds = Math.max(1, to - from) / buckets / 1e9;
  const counts = [OK, FAIL, INFO].map(() => zeros(buckets));
  for (const row of rows) {
    const time = columns.completed.at(row);
    const outcome = columns.outcome.at(row);
    const bucket = Math.floor(((time - from) / Math.max(1, to - from)) * buckets);
    if (outcome !== OPEN && bucket >= 0 && bucket < buckets) add(counts[outcome - 1], bucket);
  }
  const perSecond = (list: number[] = []): number[] => list.map((count) => count / seconds);
  return { buckets, ok: perSecond(counts[0]), fail: perSecond(counts[1]), info: perSecond(counts[2]) };
}
