/**
 * The plot `latency-raw`: a mark for every operation that ended, at the time of its invocation and at the height of its
 * latency.
 */
import { present } from '../../columns/present.ts';
import { byCount } from '../../protocol/count-text.ts';
import type { FaultBand } from '../../recording/fault-bands.ts';
import { latencyAxis, latencyMs } from './latency-axis.ts';
import type { Ending } from '../../recording/operations/outcome.ts';
import type { OperationColumns } from '../../recording/operations/operation-columns.ts';
import { NO_OPERATIONS, plot, type Drawn, type PlotArea, type YAxis } from './plot-frame.ts';
import { seriesOf, type Series } from './series.ts';
import { px, tag, type Picture } from '../svg/svg.ts';
import { thinMarks, type Mark } from './thin-marks.ts';

const MOST_MARKS = 10_000;

export interface PlotData {
  readonly workload: string;
  readonly history: OperationColumns;
  readonly bands: readonly FaultBand[];
}

export function latencyRaw({ workload, history, bands }: PlotData): Picture {
  const { count, endNanos } = history;
  const { invoked, completed } = history.columns;
  const { series, of } = seriesOf(history);
  const msOf = (row: number): number => latencyMs(completed.at(row) - invoked.at(row));
  const range = rangeOf(count, msOf);
  const draw = (area: PlotArea, y: YAxis): Drawn => {
    const { marks, cell } = thinMarks(
      {
        count,
        seriesCount: series.length,
        x: (row) => area.x(invoked.at(row) / 1e9),
        y: (row) => y.scale(msOf(row)),
        series: (row) => present(of[row]),
      },
      MOST_MARKS,
    );
    const markup = series.map((one, at) => drawMarks(one, marks[at] ?? [])).join('');
    if (cell === undefined) return { markup };
    const many = range.ended.toLocaleString('en');
    return {
      markup,
      note: `${many} operations; of those within ${cell} px of each other only one is drawn.`,
    };
  };
  const open = count - range.ended;
  return plot({
    title: `${workload}: latency of every operation`,
    endNanos,
    bands,
    legend: series.map((one) => ({ swatch: drawMarks(one, [{ x: 0, y: 0 }]), text: one.name })),
    panels: [
      {
        height: 320,
        heading: '',
        y: (bottom, top) => latencyAxis(range.least, range.most, bottom, top),
        draw,
      },
    ],
    notes:
      history.count === 0
        ? [NO_OPERATIONS]
        : open > 0
          ? [`${open.toLocaleString('en')} that never ended ${byCount(open, 'is', 'are')} not shown.`]
          : [],
  });
}

/** Returns the range of the operations that ended. */
export function rangeOf(
  count: number,
  msOf: (row: number) => number,
): { readonly least: number; readonly most: number; readonly ended: number } {
  let [least, most, ended] = [Infinity, 0, 0];
  for (let row = 0; row < count; row++) {
    const ms = msOf(row);
    if (Number.isNaN(ms)) continue;
    ended++;
    if (ms < least) least = ms;
    if (ms > most) most = ms;
  }
  return ended === 0 ? { least: 1, most: 100, ended } : { least, most, ended };
}

/** One path for all marks of a series. */
const SHAPES: Readonly<
  Record<Ending, { readonly class: string; readonly path: (x: string, y: string) => string }>
> = {
  ok: { class: 'dot', path: (x, y) => `M${x} ${y}h0` },
  fail: { class: 'cross', path: (x, y) => `M${x} ${y}m-3-3l6 6m0-6l-6 6` },
  info: { class: 'diamond', path: (x, y) => `M${x} ${y}m0-4l4 4l-4 4l-4-4z` },
};

function drawMarks({ outcome, colour }: Series, marks: readonly Mark[]): string {
  if (marks.length === 0) return '';
  const shape = SHAPES[outcome];
  return tag('path', {
    class: `${colour} ${shape.class}`,
    d: marks.map(({ x, y }) => shape.path(px(x), px(y))).join(''),
  });
}
