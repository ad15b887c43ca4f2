/**
 * Operations as bars from invocation to completion, with a row for each client thread (a process whose operation ended in
 * `info` is followed by another on the same row), or as a density when there are too many.
 */
import { OUTCOMES } from '../../../../src/recording/operations/outcome.ts';
import { present } from '../../../../src/columns/present.ts';
import type { OperationWindow } from '../../../../src/recording/views.ts';
import { drawGrid } from './draw-axis.ts';
import { FONT } from '../palette.ts';
import {
  clipped,
  fitted,
  GUTTER,
  gutterLabel,
  xOf,
  type Box,
  type Surface,
  type TimeAxis,
} from '../surface.ts';

export interface OperationPicture {
  readonly data: OperationWindow;
  /** Indexed by row: its first process. */
  readonly processes: readonly number[];
  /** Index of the selected operation's invocation. */
  readonly selected: number | undefined;
  /** Indices of the operations that a finding points at, invocations or completions. */
  readonly shown: ReadonlySet<number>;
  readonly endNanos: number;
}

/** Half the height of a label, in pixels. */
const HALF_LABEL = 6;

export interface OperationHit {
  readonly index: number;
  readonly label: string;
}

export function drawOperations(surface: Surface, box: Box, picture: OperationPicture): void {
  const { context, palette } = surface;
  const { processes, data } = picture;
  const rowHeight = box.height / processes.length;
  drawGrid(surface, box);
  context.font = FONT;
  const every = Math.max(1, Math.ceil(13 / rowHeight));
  for (let row = 0; row < processes.length; row += every) {
    // In rows lower than the text the first label would lie on the title above.
    const y = Math.max((row + 0.5) * rowHeight, HALF_LABEL);
    gutterLabel(surface, `process ${processes[row]}`, box.top + y, palette.faint);
  }
  clipped(surface, box, () => {
    if (data.density !== undefined) drawDensity(surface, box, picture);
    else drawBars(surface, box, picture);
  });
}

function drawBars(
  surface: Surface,
  box: Box,
  { data, processes, selected, shown, endNanos }: OperationPicture,
): void {
  const { context, palette, width } = surface;
  const { bars } = data;
  const rowHeight = box.height / processes.length;
  const tall = Math.max(1, Math.min(14, rowHeight - (rowHeight > 5 ? 3 : 0.5)));
  const dims = shown.size > 0;
  for (const [i, index] of bars.index.entries()) {
    const { left, right } = barEnds(surface, bars, i, endNanos);
    if (right < GUTTER || left > width) continue;
    const top = box.top + present(bars.row[i]) * rowHeight + (rowHeight - tall) / 2;
    const outcome = present(OUTCOMES[present(bars.outcome[i])]);
    const wide = Math.max(1.5, right - left);
    const isShown = dims && shown.has(index);
    context.globalAlpha = dims && !isShown && index !== selected ? 0.2 : 0.9;
    context.fillStyle = palette[outcome];
    context.fillRect(left, top, wide, tall);
    // Outcomes other than ok are also marked by a stripe, not by colour alone.
    if (outcome !== 'ok' && tall >= 6) {
      context.fillStyle = palette.background;
      if (outcome === 'fail') context.fillRect(left, top + tall - 3, wide, 1.5);
      else
        for (let x = left + 4; x < left + Math.min(wide, 2000); x += 8)
          context.fillRect(x, top + tall - 3, 3, 2);
    }
    context.globalAlpha = 1;
    if (index === selected || isShown) {
      context.strokeStyle = index === selected ? palette.accent : palette.lost;
      context.lineWidth = 2;
      context.strokeRect(left - 1.5, top - 1.5, wide + 3, tall + 3);
    }
    const isDim = dims && !isShown && index !== selected;
    const label = bars.label?.[i];
    const from = Math.max(left, GUTTER) + 4;
    if (label === undefined || tall < 11 || Math.min(right, width) - from < 30) continue;
    context.fillStyle = isDim ? palette.faint : palette.background;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillText(fitted(context, label, Math.min(right, width) - from - 3), from, top + tall / 2);
  }
}

function barEnds(
  axis: TimeAxis,
  bars: OperationWindow['bars'],
  i: number,
  endNanos: number,
): { readonly left: number; readonly right: number } {
  const left = xOf(axis, present(bars.invoked[i]));
  const right = xOf(axis, present(bars.completed[i]) ?? endNanos);
  return { left: Math.max(left, -10), right: Math.min(right, axis.width + 10) };
}

function drawDensity(surface: Surface, box: Box, { data, processes }: OperationPicture): void {
  const { context, palette } = surface;
  const { density } = data;
  if (density === undefined) return;
  const rowHeight = box.height / processes.length;
  const step = (data.to - data.from) / density.buckets;
  const most = Math.max(1, ...density.counts.map((row) => Math.max(...row)));
  for (let row = 0; row < density.rows; row++) {
    for (let bucket = 0; bucket < density.buckets; bucket++) {
      const count = present(density.counts[row]?.[bucket]);
      if (count === 0) continue;
      const x = xOf(surface, data.from + bucket * step);
      const wide = xOf(surface, data.from + (bucket + 1) * step) - x;
      const bad = present(density.bad[row]?.[bucket]);
      context.fillStyle = palette.ok;
      context.globalAlpha = 0.25 + 0.65 * (count / most);
      context.fillRect(x, box.top + row * rowHeight + 0.5, wide, rowHeight - 1);
      if (bad === 0) continue;
      context.globalAlpha = 1;
      context.fillStyle = palette.fail;
      const tall = Math.max(1, (bad / count) * (rowHeight - 1));
      context.fillRect(x, box.top + (row + 1) * rowHeight - 0.5 - tall, wide, tall);
    }
  }
  context.globalAlpha = 1;
}

/** Returns the operation at that point of the picture. */
export function operationAt(
  axis: TimeAxis,
  box: Box,
  { data, processes, endNanos }: OperationPicture,
  x: number,
  y: number,
): OperationHit | undefined {
  const { bars } = data;
  const row = Math.floor(((y - box.top) / box.height) * processes.length);
  let best: OperationHit | undefined;
  let distance = 5;
  for (const [i, index] of bars.index.entries()) {
    if (bars.row[i] !== row) continue;
    const { left, right } = barEnds(axis, bars, i, endNanos);
    const away = Math.max(0, left - x, x - right);
    if (away >= distance) continue;
    distance = away;
    const name = bars.label?.[i] ?? present(data.functions[present(bars.f[i])]);
    best = { index, label: `process ${present(bars.process[i])}: ${name}` };
  }
  return best;
}
