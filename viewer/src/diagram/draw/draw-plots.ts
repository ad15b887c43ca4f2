/** Latencies (each operation, or quantiles) on a logarithmic scale, and rates by outcome, over the shared time axis. */
import { OUTCOMES } from '../../../../src/recording/operations/outcome.ts';
import { present } from '../../../../src/columns/present.ts';
import type { OperationWindow } from '../../../../src/recording/views.ts';
import { decades, spanText } from '../../time-text.ts';
import { drawGrid } from './draw-axis.ts';
import { addCross } from './draw-arrows.ts';
import { FONT, type Palette } from '../palette.ts';
import { clipped, GUTTER, gutterLabel, xOf, type Box, type Surface } from '../surface.ts';

export function drawLatency(surface: Surface, box: Box, data: OperationWindow): void {
  const { context, palette, width } = surface;
  const [low, high] = latencyRange(data);
  const y = (nanos: number): number =>
    box.top +
    box.height -
    6 -
    ((Math.log(Math.max(nanos, low)) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (box.height - 16);
  drawGrid(surface, box);
  context.font = FONT;
  let free = Number.POSITIVE_INFINITY;
  for (const value of decades(low, high)) {
    context.fillStyle = palette.grid;
    context.fillRect(GUTTER, Math.round(y(value)), width - GUTTER, 1);
    if (free - y(value) < 14) continue;
    free = y(value);
    gutterLabel(surface, spanText(value), y(value), palette.faint);
  }
  clipped(surface, box, () => {
    if (data.latency.points !== undefined) drawPoints(surface, data.latency.points, y);
    else if (data.latency.quantiles !== undefined) drawQuantiles(surface, data, y);
  });
}

function latencyRange({ latency }: OperationWindow): readonly [number, number] {
  const values = latency.points?.latency ?? [
    ...(latency.quantiles?.p50 ?? []),
    ...(latency.quantiles?.max ?? []),
  ];
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of values) {
    if (value === null || value <= 0) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (high === 0) return [1e5, 1e8];
  // At least one decade, so that small differences do not look large.
  const floor = 10 ** Math.floor(Math.log10(low));
  return [floor, Math.max(high, floor * 10) * 1.05];
}

function drawPoints(
  surface: Surface,
  points: NonNullable<OperationWindow['latency']['points']>,
  y: (nanos: number) => number,
): void {
  const { context, palette } = surface;
  const size = points.time.length > 800 ? 2 : 4;
  for (const [outcome, name] of OUTCOMES.entries()) {
    context.fillStyle = palette[name];
    context.strokeStyle = palette[name];
    context.lineWidth = 1.5;
    context.beginPath();
    for (const [i, time] of points.time.entries()) {
      if (points.outcome[i] !== outcome) continue;
      const x = xOf(surface, time);
      const at = y(present(points.latency[i]));
      // Outcomes differ in shape as well as in colour.
      if (name === 'ok') context.rect(x - size / 2, at - size / 2, size, size);
      else if (name === 'fail') addCross(context, x, at, 3);
      else context.rect(x - 3, at - 1, 6, 2);
    }
    if (name === 'fail') context.stroke();
    else context.fill();
  }
}

const QUANTILES = [
  { key: 'max', label: 'max', colour: 'info', dash: [2, 3] },
  { key: 'p99', label: '99 %', colour: 'fail', dash: [6, 3] },
  { key: 'p95', label: '95 %', colour: 'accent', dash: [] },
  { key: 'p50', label: 'median', colour: 'ok', dash: [] },
] as const;

function drawQuantiles(surface: Surface, data: OperationWindow, y: (nanos: number) => number): void {
  const { context, palette, width } = surface;
  const { quantiles } = data.latency;
  if (quantiles === undefined) return;
  const step = (data.to - data.from) / quantiles.buckets;
  for (const { key, colour, dash } of QUANTILES) {
    context.strokeStyle = palette[colour];
    context.lineWidth = 1.5;
    context.setLineDash([...dash]);
    line(surface, data.from + step / 2, step, quantiles[key], y);
  }
  context.setLineDash([]);
  let x = width - 8;
  context.textAlign = 'right';
  for (const { label, colour } of QUANTILES) {
    context.fillStyle = palette[colour];
    context.fillText(label, x, y(0) - 4);
    x -= context.measureText(label).width + 12;
  }
}

function line(
  surface: Surface,
  first: number,
  step: number,
  values: readonly (number | null)[],
  y: (value: number) => number,
): void {
  const { context } = surface;
  context.beginPath();
  let isDrawing = false;
  for (const [i, value] of values.entries()) {
    if (value === null) {
      isDrawing = false;
      continue;
    }
    const x = xOf(surface, first + i * step);
    if (isDrawing) context.lineTo(x, y(value));
    else {
      context.moveTo(x, y(value));
      context.lineTo(x + 1, y(value));
    }
    isDrawing = true;
  }
  context.stroke();
}

export function drawRate(surface: Surface, box: Box, data: OperationWindow): void {
  const { context, palette, width } = surface;
  const { rate } = data;
  const most = Math.max(1e-9, ...rate.ok, ...rate.fail, ...rate.info);
  const y = (value: number): number => box.top + box.height - 6 - (value / most) * (box.height - 16);
  drawGrid(surface, box);
  context.fillStyle = palette.grid;
  context.fillRect(GUTTER, Math.round(y(0)), width - GUTTER, 1);
  context.font = FONT;
  gutterLabel(surface, `${short(most)} /s`, y(most) + 3, palette.faint);
  gutterLabel(surface, '0', y(0), palette.faint);
  const step = (data.to - data.from) / rate.buckets;
  clipped(surface, box, () => {
    for (const [key, dash] of [
      ['ok', []],
      ['info', [2, 3]],
      ['fail', [6, 3]],
    ] as const) {
      if (rate[key].every((value) => value === 0)) continue;
      context.strokeStyle = palette[key satisfies keyof Palette];
      context.lineWidth = 1.5;
      context.setLineDash([...dash]);
      line(surface, data.from + step / 2, step, rate[key], y);
    }
    context.setLineDash([]);
  });
}

const short = (value: number): string =>
  value >= 10 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
