/** The time axis with its grid, the overview strip of the whole run, and the rows of faults. */
import type { FaultView } from '../../../../src/recording/views.ts';
import { spanText, timeTicks } from '../../time-text.ts';
import { BOLD, FONT } from '../palette.ts';
import { clipped, fitted, GUTTER, gutterLabel, xOf, type Box, type Surface } from '../surface.ts';

export const FAULT_ROW = 18;

export function drawAxis(surface: Surface, box: Box): void {
  const { context, palette, range, width } = surface;
  context.font = FONT;
  context.textBaseline = 'middle';
  const y = box.top + box.height / 2;
  for (const { nanos, label } of timeTicks(range.from, range.to, width - GUTTER)) {
    const x = xOf(surface, nanos);
    context.fillStyle = palette.faint;
    context.fillRect(x, box.top + box.height - 5, 1, 5);
    const half = context.measureText(label).width / 2;
    if (x - half < GUTTER || x + half > width) continue;
    context.textAlign = 'center';
    context.fillText(label, x, y - 2);
  }
  gutterLabel(surface, spanText(range.to - range.from), y - 2, palette.faint);
}

/** Draws thin lines at the ticks, behind everything else in the box. */
export function drawGrid(surface: Surface, { top, height }: Box): void {
  const { context, palette, range, width } = surface;
  context.fillStyle = palette.grid;
  for (const { nanos } of timeTicks(range.from, range.to, width - GUTTER)) {
    const x = Math.round(xOf(surface, nanos));
    if (x >= GUTTER) context.fillRect(x, top, 1, height);
  }
}

/** Draws the whole run as a strip, with the part that is in view. */
export function drawStrip(
  surface: Surface,
  box: Box,
  {
    counts,
    startNanos,
    endNanos,
    faults,
  }: {
    counts: readonly number[];
    startNanos: number;
    endNanos: number;
    faults: readonly FaultView[];
  },
): void {
  const { context, palette, range, width } = surface;
  const wide = width - GUTTER;
  const at = (nanos: number): number => GUTTER + ((nanos - startNanos) / (endNanos - startNanos)) * wide;
  context.fillStyle = palette.panel;
  context.fillRect(GUTTER, box.top, wide, box.height);
  context.fillStyle = palette.fault;
  context.globalAlpha = 0.25;
  for (const { from, to } of faults)
    context.fillRect(at(from), box.top, at(to ?? endNanos) - at(from), box.height);
  context.globalAlpha = 1;
  const most = Math.max(1, ...counts);
  context.fillStyle = palette.faint;
  const step = wide / Math.max(1, counts.length);
  for (const [i, count] of counts.entries()) {
    const tall = Math.sqrt(count / most) * (box.height - 4);
    if (count > 0) context.fillRect(GUTTER + i * step, box.top + box.height - tall, Math.max(1, step), tall);
  }
  const from = Math.max(GUTTER, at(range.from));
  const to = Math.min(width, at(range.to));
  context.fillStyle = palette.background;
  context.globalAlpha = 0.65;
  context.fillRect(GUTTER, box.top, from - GUTTER, box.height);
  context.fillRect(to, box.top, width - to, box.height);
  context.globalAlpha = 1;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.strokeRect(from, box.top + 0.75, Math.max(3, to - from - 0.75), box.height - 1.5);
  gutterLabel(surface, 'whole run', box.top + box.height / 2, palette.faint);
}

export function drawFaults(surface: Surface, box: Box, faults: readonly FaultView[], endNanos: number): void {
  const { context, palette } = surface;
  for (const [row, name] of faultNames(faults).entries()) {
    const top = box.top + row * FAULT_ROW;
    context.font = FONT;
    gutterLabel(surface, name, top + FAULT_ROW / 2, palette.faint);
    clipped(surface, { top, height: FAULT_ROW }, () => {
      for (const fault of faults) {
        if (fault.name !== name) continue;
        const left = Math.max(GUTTER - 2, xOf(surface, fault.from));
        const right = Math.min(surface.width + 2, xOf(surface, fault.to ?? endNanos));
        if (right < GUTTER || left > surface.width) continue;
        context.fillStyle = palette.fault;
        context.globalAlpha = 0.35;
        context.fillRect(left, top + 2, Math.max(2, right - left), FAULT_ROW - 4);
        context.globalAlpha = 1;
        const room = right - Math.max(left, GUTTER) - 10;
        if (room < 24 || fault.about === '') continue;
        context.font = BOLD;
        context.fillStyle = palette.text;
        context.textAlign = 'left';
        context.textBaseline = 'middle';
        context.fillText(
          fitted(context, fault.about, room),
          Math.max(left, GUTTER) + 5,
          top + FAULT_ROW / 2 + 0.5,
        );
      }
    });
  }
}

export function faultNames(faults: readonly FaultView[]): string[] {
  return [...new Set(faults.map(({ name }) => name))];
}
