/** What is drawn on: a canvas with the time axis shared by all, and the colours. */
import type { TimeRange } from '../view-state.ts';
import type { Palette } from './palette.ts';

/** Width of the labels at the left, in CSS pixels. */
export const GUTTER = 92;

/** The stretch of time that is shown, and how wide. */
export interface TimeAxis {
  readonly range: TimeRange;
  /** Of the whole canvas, in CSS pixels. */
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

/** The x of a moment, in CSS pixels from the canvas's left. */
export function xOf({ range, width }: TimeAxis, nanos: number): number {
  return GUTTER + ((nanos - range.from) / (range.to - range.from)) * (width - GUTTER);
}

/** Draws something that is cut off at the left of the time axis and below and above a box. */
export function clipped({ context, width }: Surface, { top, height }: Box, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(GUTTER, top, width - GUTTER, height);
  context.clip();
  draw();
  context.restore();
}

/** A label in the gutter, cut to its width. */
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

/** The text, shortened with an ellipsis where it is wider than `width` pixels. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  // Each measurement costs; texts are names, mostly.
  let shown = text.length > 200 ? `${text.slice(0, 199)}…` : text;
  if (context.measureText(shown).width <= width) return shown;
  while (shown.length > 1 && context.measureText(`${shown}…`).width > width)
    shown = shown.slice(0, Math.max(1, Math.floor(shown.length * 0.8)));
  return `${shown}…`;
}

/** Makes the canvas so large, in device pixels; returns its context, scaled to CSS pixels, with nothing on it. */
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
