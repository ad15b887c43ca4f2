/** Which message is under the pointer. */
import { arrowOf, distanceTo } from './arrow-shape.ts';
import type { MessagePicture } from './message-lanes.ts';
import type { TimeAxis } from './surface.ts';

/** Pixels from an arrow that still count as on it. */
const REACH = 7;

export interface MessageHit {
  readonly id: number;
  readonly label: string;
}

/** The message whose arrow is nearest to that place, if one is near. */
export function messageAt(
  axis: TimeAxis,
  picture: MessagePicture,
  x: number,
  y: number,
): MessageHit | undefined {
  const { arrows, lanes } = picture.data;
  let best: number | undefined;
  let distance = REACH;
  for (let i = 0; i < arrows.id.length; i++) {
    const arrow = arrowOf(axis, picture, i);
    if (arrow === undefined) continue;
    const away = distanceTo(arrow, x, y);
    if (away >= distance) continue;
    distance = away;
    best = i;
  }
  if (best === undefined) return undefined;
  const name = (lane: number | undefined): string => lanes[lane ?? -1]?.label ?? '?';
  const type = arrows.type?.[best];
  return {
    id: arrows.id[best] ?? 0,
    label: `${name(arrows.src[best])} → ${name(arrows.dest[best])}${type === undefined ? '' : `: ${type}`}`,
  };
}
