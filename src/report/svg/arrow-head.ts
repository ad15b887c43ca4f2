/** The head of an arrow: a filled triangle at its end. */
import { px, tag } from './svg.ts';

/** Returns nothing for an arrow without a direction. */
export function arrowHead(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 1) return '';
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const d = `M${px(x2)} ${px(y2)}l${px(-8 * ux + 3.4 * uy)} ${px(-8 * uy - 3.4 * ux)}l${px(-6.8 * uy)} ${px(6.8 * ux)}z`;
  return tag('path', { class: `head ${colour}`, d });
}
