/** The types of messages, written beside their arrows. */
import { present } from '../../../src/columns/present.ts';
import { MARKED } from '../../../src/recording/message-flags.ts';
import { arrowOf, isWithin, middleInView } from './arrow-shape.ts';
import { styleOf } from './arrow-style.ts';
import type { MessagePicture } from './message-lanes.ts';
import { FONT, type Palette } from './palette.ts';
import { GUTTER, type Box, type Surface } from './surface.ts';

const LABELS = 70;

/** As many as there is room for, and none when there are too many arrows. */
export function drawArrowLabels(surface: Surface, box: Box, picture: MessagePicture): void {
  const { context, palette, width } = surface;
  const { arrows } = picture.data;
  if (arrows.type === undefined) return;
  const order = labelOrder(picture);
  if (order.length > LABELS * 2) return;
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  let drawn = 0;
  context.font = FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const i of order) {
    const type = arrows.type[i] ?? '';
    const arrow = arrowOf(surface, picture, i);
    if (type === '' || arrow === undefined || drawn >= LABELS || !isWithin(arrow, surface, box)) continue;
    const part = middleInView(arrow, width);
    const text = type.length > 24 ? `${type.slice(0, 23)}…` : type;
    const half = context.measureText(text).width / 2 + 3;
    const y = arrow.y1 + (arrow.y2 - arrow.y1) * part;
    const x = arrow.x1 + (arrow.x2 - arrow.x1) * part;
    const spot = { left: x - half, right: x + half, top: y - 8, bottom: y + 8 };
    if (spot.left < GUTTER || spot.right > width || spot.top < box.top || spot.bottom > box.top + box.height)
      continue;
    if (
      taken.some(
        (other) =>
          spot.left < other.right &&
          other.left < spot.right &&
          spot.top < other.bottom &&
          other.top < spot.bottom,
      )
    )
      continue;
    taken.push(spot);
    drawn++;
    context.globalAlpha = 0.85;
    context.fillStyle = palette.background;
    context.fillRect(spot.left, spot.top + 1, spot.right - spot.left, 14);
    context.globalAlpha = picture.isMarking && !isMarked(picture, i) ? 0.5 : 1;
    context.fillStyle = labelColour(palette, picture, i);
    context.fillText(text, x, y + 0.5);
  }
}

const isMarked = ({ data }: MessagePicture, i: number): boolean =>
  (present(data.arrows.flags[i]) & MARKED) !== 0;

/** What is followed comes first, its losses before the rest; of many arrows only that has room. */
function labelOrder(picture: MessagePicture): readonly number[] {
  const { data, isMarking } = picture;
  const all = [...data.arrows.id.keys()];
  if (!isMarking) return all;
  const marked = all.filter((i) => isMarked(picture, i));
  const isLost = (i: number): boolean => styleOf(data, i) === 'lost';
  const first = [...marked.filter(isLost), ...marked.filter((i) => !isLost(i))];
  return all.length > LABELS * 2 ? first : [...first, ...all.filter((i) => !isMarked(picture, i))];
}

function labelColour(palette: Palette, picture: MessagePicture, i: number): string {
  if (picture.data.arrows.id[i] === picture.selected) return palette.accent;
  const style = styleOf(picture.data, i);
  return style === 'server' ? palette.text : palette[style];
}
