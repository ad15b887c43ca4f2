/** The drawing surface: a canvas with the time axis shared by all pictures, and the colours. */
import type { TimeRange } from '../view-state.ts';
import { visible } from '../visible-text.ts';
import type { Palette } from './palette.ts';

/** Width of the labels at the left, in CSS pixels. */
export const GUTTER = 92;

/** The visible time range and its width. */
export interface TimeAxis {
  readonly range: TimeRange;
  /** Width of the whole canvas, in CSS pixels. */
  readonly width: number;
}

export interface Surface extends TimeAxis {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
}

export interface Box {
  readonly top: number;
  readonly height: number;
}

/** Returns the x of a time, in CSS pixels from the canvas's left edge. */
export function xOf({ range, width }: TimeAxis, nanos: number): number {
  return GUTTER + ((nanos - range.from) / (range.to - range.from)) * (width - GUTTER);
}

/** Calls `draw`, clipped at the left end of the time axis and at the top and bottom of the box. */
export function clipped({ context, width }: Surface, { top, height }: Box, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(GUTTER, top, width - GUTTER, height);
  context.clip();
  draw();
  context.restore();
}

/** Draws a label in the gutter, shortened to its width. */
export function gutterLabel(
  { context, palette }: Surface,
  text: string,
  y: number,
  colour = palette.text,
): void {
  context.fillStyle = colour;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillText(fitted(context, text, GUTTER - 14), GUTTER - 8, y);
}

/** Returns the text, made visible, and shortened with an ellipsis if it is wider than `width` pixels. */
export function fitted(
  context: Pick<CanvasRenderingContext2D, 'measureText'>,
  text: string,
  width: number,
): string {
  // Measuring is slow; most texts are short names.
  let shown = visible(text.length > 200 ? `${text.slice(0, 199)}…` : text);
  if (context.measureText(shown).width <= width) return shown;
  while (shown.length > 1 && context.measureText(`${shown}…`).width > width)
    shown = shown.slice(0, Math.max(1, Math.floor(shown.length * 0.8)));
  return `${shown}…`;
}

/** Sizes the canvas, given in CSS pixels, for the screen's resolution; returns its context, scaled to CSS pixels. */
export function prepareCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D {
  const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
  const pixelWidth = Math.round(width * ratio);
  const pixelHeight = Math.round(height * ratio);
  if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
    canvas.width = pixelWidth;
    canvas.height = pixelHeight;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('this browser has no canvas');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
