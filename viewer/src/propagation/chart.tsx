/** The frame of the charts in this folder: a drawing as wide as the page allows, its axes, and bands for the faults. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FaultView } from '../../../src/recording/views.ts';
import { decades, spanText, timeTicks } from '../time-text.ts';
import { visible } from '../visible-text.ts';

export const HEIGHT = 200;
const LEFT = 62;
const RIGHT = 12;
const TOP = 16;
const BOTTOM = 24;

/** Maps a value to a pixel. */
export type Scale = (value: number) => number;

export interface Frame {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface ChartProps {
  /** Shown above the chart, and read by screen readers. */
  readonly title: string;
  /** A description of what the chart shows. */
  readonly label: string;
  readonly children: (frame: Frame) => ComponentChildren;
  /** Called with the x of a click. */
  readonly onPick?: (x: number, frame: Frame) => void;
}

export function Chart({ title, label, children, onPick }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const { current } = host;
    if (current === null) return undefined;
    const resized = new ResizeObserver(() => setWidth(current.clientWidth));
    resized.observe(current);
    return () => resized.disconnect();
  }, []);
  const frame = { width, left: LEFT, right: width - RIGHT, top: TOP, bottom: HEIGHT - BOTTOM };
  return (
    <figure class="spread-chart">
      <figcaption>{title}</figcaption>
      <div ref={host}>
        {width < 120 ? null : (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={label}
            class={onPick === undefined ? '' : 'pick'}
            onClick={(event) =>
              onPick?.(event.clientX - event.currentTarget.getBoundingClientRect().left, frame)
            }
          >
            {children(frame)}
          </svg>
        )}
      </div>
    </figure>
  );
}

/** A range of delays in nanoseconds. Delays of 0 are drawn at its lower edge. */
export interface DelayRange {
  readonly low: number;
  readonly high: number;
}

/** Returns the range of `delays`, which are in nanoseconds. */
export function delayRange(delays: readonly (number | null)[]): DelayRange {
  const positive = delays.filter((delay) => delay !== null && delay > 0) as number[]; // without nulls
  if (positive.length === 0) return { low: 1e5, high: 1e8 };
  const low = 10 ** Math.floor(Math.log10(positive.reduce((a, b) => Math.min(a, b))));
  const high = positive.reduce((a, b) => Math.max(a, b));
  return { low, high: Math.max(high, 10 * low) * 1.1 };
}

export function logScale({ low, high }: DelayRange, from: number, to: number): Scale {
  return (value) => from + ((to - from) * Math.log(Math.max(value, low) / low)) / Math.log(high / low);
}

export function linearScale(low: number, high: number, from: number, to: number): Scale {
  return (value) => from + ((to - from) * (value - low)) / Math.max(1e-9, high - low);
}

/** A horizontal time axis below the chart. */
export function TimeAxis({
  frame,
  range,
  x,
}: {
  readonly frame: Frame;
  readonly range: Stretch;
  readonly x: Scale;
}) {
  return (
    <>
      {timeTicks(range.from, range.to, frame.right - frame.left).map(({ nanos, label }) => (
        <g key={nanos}>
          <line class="grid" x1={x(nanos)} x2={x(nanos)} y1={frame.top} y2={frame.bottom} />
          <text x={x(nanos)} y={frame.bottom + 15} text-anchor={anchorOf(x(nanos), frame)}>
            {label}
          </text>
        </g>
      ))}
    </>
  );
}

/** Width of a label with the air beside it, in pixels: on a narrow screen not all of them have room. */
const ROOM_OF_LABEL = 52;

/** A horizontal axis of delays. */
export function DelayAxis({
  frame,
  range,
  x,
}: {
  readonly frame: Frame;
  readonly range: DelayRange;
  readonly x: Scale;
}) {
  const all = decades(range.low, range.high);
  const every = Math.ceil((all.length * ROOM_OF_LABEL) / Math.max(1, frame.right - frame.left));
  return (
    <>
      {all.map((delay, at) => (
        <g key={delay}>
          <line class="grid" x1={x(delay)} x2={x(delay)} y1={frame.top} y2={frame.bottom} />
          {at % every === 0 ? (
            <text x={x(delay)} y={frame.bottom + 15} text-anchor={anchorOf(x(delay), frame)}>
              {spanText(delay)}
            </text>
          ) : null}
        </g>
      ))}
    </>
  );
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A vertical axis with the given ticks. */
export function LeftAxis({
  frame,
  ticks,
  y,
}: {
  readonly frame: Frame;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  readonly y: Scale;
}) {
  return (
    <>
      {ticks.map(({ value, label }) => (
        <g key={value}>
          <line class="grid" x1={frame.left} x2={frame.right} y1={y(value)} y2={y(value)} />
          <text x={frame.left - 6} y={y(value) + 4} text-anchor="end">
            {label}
          </text>
        </g>
      ))}
    </>
  );
}

/** Bands for the run's faults, behind a chart over time. */
export function FaultBands({
  frame,
  faults,
  range,
  x,
}: {
  readonly frame: Frame;
  readonly faults: readonly FaultView[];
  readonly range: Stretch;
  readonly x: Scale;
}) {
  return (
    <>
      {faults.slice(0, MOST_BANDS).map(({ name, from, to, about }, at) => {
        const left = Math.max(frame.left, x(from));
        const right = Math.min(frame.right, x(to ?? range.to));
        return right <= left ? null : (
          <g key={at}>
            <rect class="band" x={left} y={frame.top} width={right - left} height={frame.bottom - frame.top}>
              <title>{visible(`${name} ${about}`)}</title>
            </rect>
            {right - left > 7 * name.length ? (
              <text class="band-name" x={left + 3} y={frame.top - 4}>
                {visible(name)}
              </text>
            ) : null}
          </g>
        );
      })}
    </>
  );
}

const MOST_BANDS = 300;

/** Keeps labels near the right edge from being cut off. */
const anchorOf = (x: number, { right }: Frame): 'middle' | 'end' => (x > right - 20 ? 'end' : 'middle');

/** Returns the path of a step function: at each point across at the previous height, then up or down. */
export function stepPath(points: readonly (readonly [x: number, y: number])[]): string {
  return points
    .map(([x, y], at) => (at === 0 ? `M${round(x)} ${round(y)}` : `H${round(x)}V${round(y)}`))
    .join('');
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10;
