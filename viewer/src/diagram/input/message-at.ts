/** Finds the message under the pointer. */
import { present } from '../../../../src/columns/present.ts';
import { arrowOf, distanceTo } from '../shapes/arrow-shape.ts';
import { visible } from '../../visible-text.ts';
import type { MessagePicture } from '../shapes/message-lanes.ts';
import type { TimeAxis } from '../surface.ts';

/** Maximum distance of the pointer from an arrow, in pixels. */
const REACH = 7;

export interface MessageHit {
  readonly id: number;
  readonly label: string;
}

/** Returns the message whose arrow is nearest to the point, or undefined if none is near. */
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
  // A name that is not an endpoint has no lane.
  const name = (ends: readonly number[]): string => lanes[present(ends[best])]?.label ?? '?';
  const type = arrows.type?.[best];
  const payload = visible(arrows.payload?.[best] ?? '');
  return {
    id: present(arrows.id[best]),
    label: `${name(arrows.src)} → ${name(arrows.dest)}${type === undefined ? '' : `: ${visible(type)}`}${payload === '' ? '' : `\n${payload}`}`,
  };
}
