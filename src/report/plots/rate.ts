/** The plot `rate`: completed operations per second, for each function and outcome, over time windows. */
import { scaleLinear } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import { present } from '../../columns/present.ts';
import type { PlotData } from './latency-raw.ts';
import type { Ending } from '../../recording/operations/outcome.ts';
import type { OperationColumns } from '../../recording/operations/operation-columns.ts';
import { NO_OPERATIONS, plot } from './plot-frame.ts';
import { seriesOf } from './series.ts';
import { tag, type Picture } from '../svg/svg.ts';
import { timeWindows, type TimeWindows } from './time-windows.ts';

const MOST_WINDOWS = 100;
const OPERATIONS_A_WINDOW = 10;

const DASHES: Readonly<Record<Ending, string>> = { ok: 'line', fail: 'line dashed', info: 'line dotted' };

export function rate({ workload, history, bands }: PlotData): Picture {
  const { count, endNanos } = history;
  const windows = timeWindows(endNanos, Math.min(MOST_WINDOWS, Math.max(1, count / OPERATIONS_A_WINDOW)));
  const { series, of } = seriesOf(history);
  const rates = ratesOf(history, of, series.length, windows);
  const most = rates.reduce((sofar, one) => one.reduce((a, b) => Math.max(a, b), sofar), 0);
  return plot({
    title: `${workload}: rate of operations`,
    endNanos,
    bands,
    legend: series.map(({ outcome, colour, name }) => ({
      swatch: tag('path', { class: `${colour} ${DASHES[outcome]}`, d: 'M-12 0H12' }),
      text: name,
    })),
    panels: [
      {
        height: 320,
        heading: '',
        y: (bottom, top) => {
          const scale = scaleLinear([0, most === 0 ? 1 : most], [bottom, top]).nice(6);
          const text = scale.tickFormat(6);
          return {
            scale,
            ticks: scale.ticks(6).map((value) => ({ value, text: text(value) })),
            name: 'operations per second',
          };
        },
        draw: (area, y) => ({
          markup: series
            .map(({ outcome, colour }, at) => {
              const path = line<readonly [number, number]>()
                .x(([seconds]) => area.x(seconds))
                .y(([, perSecond]) => y.scale(perSecond))
                .digits(1)
                .curve(curveStepAfter);
              const values = present(rates[at]);
              // Repeats the last value at the end of the last window.
              const points = [...values, present(values.at(-1))].map(
                (value, window) => [windows.fromSeconds(window), value] as const,
              );
              return tag('path', { class: `${colour} ${DASHES[outcome]}`, d: path(points) ?? '' });
            })
            .join(''),
        }),
      },
    ],
    notes: [count === 0 ? NO_OPERATIONS : `Over ${windows.text}.`],
  });
}

/**
 * Returns the rate per second, indexed by series and window. An operation that never ended counts at its invocation.
 * The last window may be cut short by the end of the run and full of the final reads; its length counts as at least
 * half a window, or its rate would dwarf all others.
 */
function ratesOf(
  { count, columns }: OperationColumns,
  seriesOfRow: Uint16Array,
  seriesCount: number,
  windows: TimeWindows,
): readonly Float64Array[] {
  const rates = Array.from({ length: seriesCount }, () => new Float64Array(windows.count));
  for (let row = 0; row < count; row++) {
    const completed = columns.completed.at(row);
    const one = present(rates[present(seriesOfRow[row])]);
    const window = windows.at(Number.isNaN(completed) ? columns.invoked.at(row) : completed);
    one[window] = present(one[window]) + 1;
  }
  const least = windows.count === 1 ? 1e-9 : windows.seconds / 2;
  const secondsOf = (window: number): number =>
    Math.max(least, windows.fromSeconds(window + 1) - windows.fromSeconds(window));
  return rates.map((counts) => counts.map((number, window) => number / secondsOf(window)));
}
