/** The share of nodes that have an element, over the time since it was added: for the median and the slowest elements. */
import type { CurvePoint, PropagationView } from '../../../src/recording/spreading/propagation-view.ts';
import { spanText } from '../time-text.ts';
import type { Missing } from './spread-tables.tsx';
import { Chart, DelayAxis, delayRange, LeftAxis, linearScale, logScale, stepPath } from './chart.tsx';

const CURVES = [
  { key: 'p50', name: 'median element', style: 'median' },
  { key: 'p95', name: '95th percentile', style: 'tail' },
  { key: 'max', name: 'slowest', style: 'slow' },
] as const;

const TICKS = [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, label: `${100 * value} %` }));

export interface CurveChartProps {
  readonly found: PropagationView;
  readonly missing: Missing;
}

export function CurveChart({ found, missing }: CurveChartProps) {
  const { curve, nodes } = found;
  const range = delayRange(curve.flatMap(({ p50, max, p95 }) => [p50, p95, max]));
  return (
    <Chart
      title="Share of the nodes that have an element, over the time since it was added"
      label={labelOf(found, missing)}
    >
      {(frame) => {
        const x = logScale(range, frame.left, frame.right);
        const y = linearScale(0, 1, frame.bottom, frame.top);
        return (
          <>
            <DelayAxis frame={frame} range={range} x={x} />
            <LeftAxis frame={frame} ticks={TICKS} y={y} />
            {CURVES.map(({ key, style }) => (
              <path key={key} class={`line ${style}`} d={curvePath(curve, key, nodes.length, x, y, frame)} />
            ))}
          </>
        );
      }}
    </Chart>
  );
}

function curvePath(
  curve: readonly CurvePoint[],
  key: 'p50' | 'p95' | 'max',
  nodes: number,
  x: (delay: number) => number,
  y: (share: number) => number,
  frame: { readonly left: number; readonly right: number },
): string {
  const points: (readonly [number, number])[] = [[frame.left, y(0)]];
  let last = 0;
  for (const point of curve) {
    const delay = point[key];
    if (delay === null) break;
    points.push([x(delay), y(point.nodes / nodes)]);
    last = point.nodes / nodes;
  }
  // The curve stays at its last value.
  points.push([frame.right, y(last)]);
  return stepPath(points);
}

function labelOf({ toHalf, toAll }: PropagationView, missing: Missing): string {
  const text = (delay: number | null): string => (delay === null ? missing : `after ${spanText(delay)}`);
  return `The median element was on half of the nodes ${text(toHalf.p50)} and on all of them ${text(toAll.p50)}; the slowest ${text(toHalf.max)} and ${text(toAll.max)}.`;
}

export function CurveLegend() {
  return (
    <p class="spread-legend faint">
      {CURVES.map(({ name, style }) => (
        <span key={style}>
          <svg width="24" height="8" aria-hidden="true">
            <path class={`line ${style}`} d="M0 4H24" />
          </svg>{' '}
          {name}
        </span>
      ))}
    </p>
  );
}
