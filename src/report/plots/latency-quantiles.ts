/**
 * The plot `latency-quantiles`: for each function a panel with the 0.5, 0.95, 0.99 and 1 quantiles of latency over time
 * windows, for all operations that ended.
 */
import { present } from '../../columns/present.ts';
import { curveStepAfter, line } from 'd3-shape';
import { latencyAxis, latencyMs } from './latency-axis.ts';
import { rangeOf, type PlotData } from './latency-raw.ts';
import type { OperationColumns } from '../../recording/operations/operation-columns.ts';
import { NO_OPERATIONS, plot, type Panel } from './plot-frame.ts';
import { tag, type Picture } from '../svg/svg.ts';
import { timeWindows, type TimeWindows } from './time-windows.ts';

const QUANTILES = [
  { quantile: 1, class: 's1 line thin' },
  { quantile: 0.99, class: 's3 line dashed' },
  { quantile: 0.95, class: 's2 line dotted' },
  { quantile: 0.5, class: 's0 line thick' },
];
/** Maximum number of panels, one for each function; a workload has at most six. */
const MOST_PANELS = 8;
/** Minimum number of operations in a window for its 0.99 quantile to mean anything. */
const OPERATIONS_A_WINDOW = 20;
const MOST_WINDOWS = 60;

export function latencyQuantiles({ workload, history, bands }: PlotData): Picture {
  const { count, endNanos } = history;
  const windows = timeWindows(endNanos, Math.min(MOST_WINDOWS, Math.max(1, count / OPERATIONS_A_WINDOW)));
  const range = rangeOf(count, (row) => msOf(history, row));
  const functions = history.functions.slice(0, MOST_PANELS);
  const height = functions.length <= 1 ? 320 : functions.length === 2 ? 200 : 140;
  const panels = functions.map((name, f): Panel => {
    const latencies = latenciesByWindow(history, f, windows);
    return {
      height,
      heading: functions.length > 1 ? name : '',
      y: (bottom, top) => latencyAxis(range.least, range.most, bottom, top),
      draw: (area, y) => ({
        markup: QUANTILES.map(({ quantile, class: style }) => {
          const path = line<readonly [number, number]>()
            .x(([seconds]) => area.x(seconds))
            .y(([, ms]) => y.scale(ms))
            .defined(([, ms]) => !Number.isNaN(ms))
            .digits(1)
            .curve(curveStepAfter);
          return tag('path', { class: style, d: path(quantileSteps(latencies, quantile, windows)) ?? '' });
        }).join(''),
      }),
    };
  });
  const rest = history.functions.length - functions.length;
  return plot({
    title: `${workload}: latency quantiles`,
    endNanos,
    bands,
    legend: QUANTILES.map(({ quantile, class: style }) => ({
      swatch: tag('path', { class: style, d: 'M-12 0H12' }),
      text: quantile === 1 ? '1 (slowest)' : quantile === 0.5 ? '0.5 (median)' : String(quantile),
    })),
    panels: panels.length > 0 ? panels : [emptyPanel],
    notes: [
      history.count === 0 ? NO_OPERATIONS : `Over ${windows.text}.`,
      ...(rest > 0 ? [`The first ${MOST_PANELS} functions; there are ${rest} more.`] : []),
    ],
  });
}

const emptyPanel: Panel = {
  height: 320,
  heading: '',
  y: (bottom, top) => latencyAxis(1, 100, bottom, top),
  draw: () => ({ markup: '' }),
};

function msOf({ columns }: OperationColumns, row: number): number {
  return latencyMs(columns.completed.at(row) - columns.invoked.at(row));
}

/** Returns the latencies of each window, sorted ascending. */
function latenciesByWindow(
  history: OperationColumns,
  f: number,
  windows: TimeWindows,
): readonly Float64Array[] {
  const { count, columns } = history;
  const eachEnded = (take: (window: number, ms: number) => void): void => {
    for (let row = 0; row < count; row++) {
      if (columns.f.at(row) !== f) continue;
      const ms = msOf(history, row);
      if (!Number.isNaN(ms)) take(windows.at(columns.invoked.at(row)), ms);
    }
  };
  const counts = new Uint32Array(windows.count);
  eachEnded((window) => (counts[window] = present(counts[window]) + 1));
  const gathered = Array.from(counts, (size) => new Float64Array(size));
  const filled = new Uint32Array(windows.count);
  eachEnded((window, ms) => {
    const at = present(filled[window]);
    present(gathered[window])[at] = ms;
    filled[window] = at + 1;
  });
  return gathered.map((values) => values.sort());
}

/** Interpolates linearly between the two nearest values (type 7 of Hyndman and Fan); undefined if there are no values. */
function quantileSorted(sorted: Float64Array, quantile: number): number | undefined {
  const place = (sorted.length - 1) * quantile;
  const below = Math.floor(place);
  const value = sorted[below];
  if (value === undefined) return undefined;
  return value + ((sorted[below + 1] ?? value) - value) * (place - below);
}

/** Returns points for a step line: each window at its beginning, and the end of the last one before a gap. */
function quantileSteps(
  latencies: readonly Float64Array[],
  quantile: number,
  windows: TimeWindows,
): (readonly [number, number])[] {
  return latencies.flatMap((sorted, at): (readonly [number, number])[] => {
    const value = quantileSorted(sorted, quantile);
    if (value === undefined) return [[0, NaN]];
    const from: readonly [number, number] = [windows.fromSeconds(at), value];
    const next = latencies[at + 1];
    return next === undefined || next.length === 0 ? [from, [windows.fromSeconds(at + 1), value]] : [from];
  });
}
