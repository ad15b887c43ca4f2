/**
 * Where the arrows of messages lie, in pixels: from where and when each was sent to where and when it arrived. Those under
 * way end in a stub, lost ones before they are there. The same for drawing and for finding what is under the pointer.
 */
import { present } from '../../../src/columns/present.ts';
import { LOST, RECEIVED } from '../../../src/recording/messages/message-flags.ts';
import { laneY, type MessagePicture } from './message-lanes.ts';
import { GUTTER, xOf, type Box, type TimeAxis } from './surface.ts';

const STUB = 14;

/** From the first point to the second. */
export interface Arrow {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** The arrow of the message in that row of the window; undefined when neither of its ends has a lane. */
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
  // Lost on the way: the cross stands in between.
  const isLost = (present(arrows.flags[i]) & (LOST | RECEIVED)) === LOST;
  return isLost ? { x1, y1, x2: x1 + (x2 - x1) * 0.7, y2: y1 + (y2 - y1) * 0.7 } : { x1, y1, x2, y2 };
}

/** Whether any of it may be seen in the box. */
export function isWithin({ x1, y1, x2, y2 }: Arrow, { width }: TimeAxis, { top, height }: Box): boolean {
  if (Math.max(x1, x2) < GUTTER || Math.min(x1, x2) > width) return false;
  return Math.max(y1, y2) >= top && Math.min(y1, y2) <= top + height;
}

/** Zoomed in closely, ends are millions of pixels away, where canvases draw nonsense: cut to what is near. */
export function nearScreen(arrow: Arrow): Arrow {
  const limit = 20_000;
  const { x1, y1, x2, y2 } = arrow;
  if (Math.abs(x1) <= limit && Math.abs(x2) <= limit) return arrow;
  const at = (x: number): number => y1 + ((x - x1) / (x2 - x1)) * (y2 - y1);
  const from = Math.max(-limit, Math.min(limit, x1));
  const to = Math.max(-limit, Math.min(limit, x2));
  return { x1: from, y1: x1 === x2 ? y1 : at(from), x2: to, y2: x1 === x2 ? y2 : at(to) };
}

/** The middle of that part of an arrow that is on the screen, from 0 to 1. */
export function middleInView({ x1, x2 }: Arrow, width: number): number {
  if (x1 === x2) return 0.5;
  const a = (GUTTER - x1) / (x2 - x1);
  const b = (width - x1) / (x2 - x1);
  return (Math.max(0, Math.min(a, b)) + Math.min(1, Math.max(a, b))) / 2;
}

/** How far a point is from the arrow. */
export function distanceTo({ x1, y1, x2, y2 }: Arrow, x: number, y: number): number {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const along = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
