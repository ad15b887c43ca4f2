/** Finds arrows drawn on top of each other: between the same lanes, and within the same pixels. */
import { present } from '../../../../src/columns/present.ts';
import type { Arrows } from '../../../../src/recording/views.ts';
import { arrowOf } from '../shapes/arrow-shape.ts';
import type { MessagePicture } from '../shapes/message-lanes.ts';
import type { TimeAxis } from '../surface.ts';

/** Size of the grid, in pixels, to which the ends of arrows are rounded. */
const NEAR = 2;

export interface Coinciding {
  readonly count: number;
  /** True if all have the same type. */
  readonly areAlike: boolean;
}

/** Returns the arrows at each place that has several, indexed by the row of the first of them. */
export function coinciding(axis: TimeAxis, picture: MessagePicture): ReadonlyMap<number, Coinciding> {
  const { arrows } = picture.data;
  const firsts = new Map<string, number>();
  const counts = new Map<number, Coinciding>();
  for (let i = 0; i < arrows.id.length; i++) {
    const arrow = arrowOf(axis, picture, i);
    if (arrow === undefined) continue;
    const key = `${ends(arrows, i)} ${Math.round(arrow.x1 / NEAR)} ${Math.round(arrow.x2 / NEAR)}`;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, i);
    else {
      const { count, areAlike } = counts.get(first) ?? { count: 1, areAlike: true };
      const isAlike = arrows.type?.[i] === arrows.type?.[first];
      counts.set(first, { count: count + 1, areAlike: areAlike && isAlike });
    }
  }
  return counts;
}

const ends = ({ src, dest }: Arrows, i: number): string => `${present(src[i])} ${present(dest[i])}`;
