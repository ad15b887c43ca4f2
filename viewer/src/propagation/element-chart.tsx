/**
 * Each element as a vertical line at the time it was added, from the delay until half of the nodes had it to the delay until
 * all had it. Elements that never reached some node end at the top edge.
 */
import type { ElementLine, PropagationView } from '../../../src/recording/spreading/propagation-view.ts';
import type { FaultView } from '../../../src/recording/views.ts';
import { counted, countText, decades, spanText } from '../time-text.ts';
import type { Missing } from './spread-tables.tsx';
import { Chart, delayRange, FaultBands, LeftAxis, linearScale, logScale, TimeAxis } from './chart.tsx';

export interface ElementChartProps {
  readonly missing: Missing;
  readonly found: PropagationView;
  readonly faults: readonly FaultView[];
  /** Index of the selected operation. */
  readonly selected: number | undefined;
  readonly onPick: (line: ElementLine) => void;
}

/** Maximum distance of a click from a line, in pixels. */
const NEAR = 14;

export function ElementChart({ missing, found, faults, selected, onPick }: ElementChartProps) {
  const { lines, traffic, elements, reachedAll } = found;
  const range = delayRange(lines.flatMap(({ half, all }) => [half, all]));
  const missed = elements - reachedAll;
  return (
    <Chart
      title={`When each element had reached half of the nodes, and all of them${lines.length < elements ? ` (${lines.length} of ${countText(elements)}: the slowest of each part of the run)` : ''}`}
      label={`Of ${counted(elements, 'element')} ${reachedAll} reached all nodes, and ${missed} ${missing === 'never' ? 'did not' : 'had not yet'}. The table below has the slowest.`}
      onPick={(at, frame) => {
        const x = linearScale(traffic.from, traffic.to, frame.left, frame.right);
        const near = nearest(lines, (line) => Math.abs(x(line.invoked) - at));
        if (near !== undefined) onPick(near);
      }}
    >
      {(frame) => {
        const x = linearScale(traffic.from, traffic.to, frame.left, frame.right);
        const y = logScale(range, frame.bottom, frame.top + 14);
        return (
          <>
            <FaultBands frame={frame} faults={faults} range={traffic} x={x} />
            <TimeAxis frame={frame} range={traffic} x={x} />
            <LeftAxis
              frame={frame}
              ticks={decades(range.low, range.high).map((value) => ({ value, label: spanText(value) }))}
              y={y}
            />
            {missed === 0 ? null : (
              <text x={frame.left - 6} y={frame.top + 4} text-anchor="end">
                {missing}
              </text>
            )}
            {lines.map((line) => {
              const { index, invoked, half, all } = line;
              const top = all === null ? frame.top : y(all);
              const foot = half === null ? frame.top : y(half);
              const state = `${all === null ? 'never' : ''} ${index === selected ? 'chosen' : ''}`;
              return (
                <g key={index} class={`element ${state}`}>
                  <line x1={x(invoked)} x2={x(invoked)} y1={foot} y2={top} />
                  <circle cx={x(invoked)} cy={top} r={index === selected ? 4.5 : 2.2} />
                </g>
              );
            })}
          </>
        );
      }}
    </Chart>
  );
}

/** Returns the line nearest to the click, or undefined if none is near. */
function nearest(
  lines: readonly ElementLine[],
  distanceOf: (line: ElementLine) => number,
): ElementLine | undefined {
  let found: ElementLine | undefined;
  let distance = NEAR;
  for (const line of lines) {
    if (distanceOf(line) > distance) continue;
    found = line;
    distance = distanceOf(line);
  }
  return found;
}
