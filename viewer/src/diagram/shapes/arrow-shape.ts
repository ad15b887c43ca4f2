/**
 * The geometry of message arrows, in pixels: from the lane and time of sending to the lane and time of arrival. Messages in
 * flight end in a stub, lost ones before their destination. Used for drawing and for hit testing.
 */
import { present } from '../../../../src/columns/present.ts';
import { LOST, RECEIVED } from '../../../../src/recording/messages/message-flags.ts';
import { laneY, type MessagePicture } from './message-lanes.ts';
import { GUTTER, xOf, type Box, type TimeAxis } from '../surface.ts';

const STUB = 14;

/** A line from (x1, y1) to (x2, y2). */
export interface Arrow {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Returns the arrow of the message in row `i` of the window, or undefined if neither endpoint has a lane. */
export function arrowOf(axis: TimeAxis, picture: MessagePicture, i: number): Arrow | undefined {
  const { arrows } = picture.data;
  const src = present(arrows.src[i]);
  const dest = present(arrows.dest[i]);
  if (src < 0 && dest < 0) return undefined;
  const y1 = laneY(picture, src < 0 ? dest : src);
  const y2 = laneY(picture, dest < 0 ? src : dest);
  const x1 = xOf(axis, present(arrows.sent[i]));
  const end = present(arrows.end[i]);
  if (end === null) return { x1, y1, x2: x1 + STUB, y2: y1 + Math.sign(y2 - y1) * STUB };
  const x2 = xOf(axis, end);
  // A lost message ends in a cross before its destination.
  const isLost = (present(arrows.flags[i]) & (LOST | RECEIVED)) === LOST;
  return isLost ? { x1, y1, x2: x1 + (x2 - x1) * 0.7, y2: y1 + (y2 - y1) * 0.7 } : { x1, y1, x2, y2 };
}

/** Whether any part of the arrow may be visible in the box. */
export function isWithin({ x1, y1, x2, y2 }: Arrow, { width }: TimeAxis, { top, height }: Box): boolean {
  if (Math.max(x1, x2) < GUTTER || Math.min(x1, x2) > width) return false;
  return Math.max(y1, y2) >= top && Math.min(y1, y2) <= top + height;
}

/** Cuts an arrow to what is near the screen: zoomed in, its ends may be millions of pixels away, where canvases draw garbage. */
export function nearScreen(arrow: Arrow): Arrow {
  const limit = 20_000;
  const { x1, y1, x2, y2 } = arrow;
  if (Math.abs(x1) <= limit && Math.abs(x2) <= limit) return arrow;
  const at = (x: number): number => y1 + ((x - x1) / (x2 - x1)) * (y2 - y1);
  const from = Math.max(-limit, Math.min(limit, x1));
  const to = Math.max(-limit, Math.min(limit, x2));
  return { x1: from, y1: x1 === x2 ? y1 : at(from), x2: to, y2: x1 === x2 ? y2 : at(to) };
}

/** Returns the middle of the visible part of an arrow, as a fraction of its length. */
export function middleInView({ x1, x2 }: Arrow, width: number): number {
  if (x1 === x2) return 0.5;
  const a = (GUTTER - x1) / (x2 - x1);
  const b = (width - x1) / (x2 - x1);
  return (Math.max(0, Math.min(a, b)) + Math.min(1, Math.max(a, b))) / 2;
}

/** Returns the distance of a point from the arrow, in pixels. */
export function distanceTo({ x1, y1, x2, y2 }: Arrow, x: number, y: number): number {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const along = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
