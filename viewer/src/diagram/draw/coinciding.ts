/** Finds arrows drawn on top of each other: between the same lanes, and within the same pixels. */
import { present } from '../../../../src/columns/present.ts';
import type { Arrows } from '../../../../src/recording/views.ts';
import { arrowOf } from '../shapes/arrow-shape.ts';
import type { MessagePicture } from '../shapes/message-lanes.ts';
import type { TimeAxis } from '../surface.ts';

/** Size of the grid, in pixels, to which the ends of arrows are rounded. */
const NEAR = 2;

/** Returns the number of arrows at each place that has several, indexed by the row of the first of them. */
export function coinciding(axis: TimeAxis, picture: MessagePicture): ReadonlyMap<number, number> {
  const { arrows } = picture.data;
  const firsts = new Map<string, number>();
  const counts = new Map<number, number>();
  for (let i = 0; i < arrows.id.length; i++) {
    const arrow = arrowOf(axis, picture, i);
    if (arrow === undefined) continue;
    const key = `${ends(arrows, i)} ${Math.round(arrow.x1 / NEAR)} ${Math.round(arrow.x2 / NEAR)}`;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, i);
    else counts.set(first, (counts.get(first) ?? 1) + 1);
  }
  return counts;
}

const ends = ({ src, dest }: Arrows, i: number): string => `${present(src[i])} ${present(dest[i])}`;
