/**
 * Labels beside the arrows of messages: the type, the payload where there is room, and how many messages coincide (`×2`; `+1`
 * for others than the one that is named).
 */
import { present } from '../../../../src/columns/present.ts';
import { MARKED } from '../../../../src/recording/messages/message-flags.ts';
import { arrowOf, isWithin, middleInView, type Arrow } from '../shapes/arrow-shape.ts';
import { styleOf } from './arrow-style.ts';
import { coinciding, type Coinciding } from './coinciding.ts';
import { laneHeight, laneY, type MessagePicture } from '../shapes/message-lanes.ts';
import { FONT, type Palette } from '../palette.ts';
import { overlap, type Spot } from './spots.ts';
import { GUTTER, type Box, type Surface } from '../surface.ts';
import { visible } from '../../visible-text.ts';

const LABELS = 70;
/** Above this number of arrows, nothing is labelled. */
const MOST_ARROWS = 600;
const LONGEST_TYPE = 24;
/** Minimum length of an arrow, in pixels, to have room for the payload. */
const ROOM = 60;
/** Positions along an arrow that are tried for its label, relative to its visible middle. */
const ALONG = [0, -0.2, 0.2];
const ROOMY_LANE = 30;

/** Draws as many labels as fit beside the existing `words`, and none if there are too many arrows. */
export function drawArrowLabels(
  surface: Surface,
  box: Box,
  picture: MessagePicture,
  words: readonly Spot[],
): void {
  const { context, palette } = surface;
  const { arrows } = picture.data;
  const order = labelOrder(picture);
  if (order.length > MOST_ARROWS) return;
  const counts = coinciding(surface, picture);
  const hasTypes = arrows.type !== undefined && order.length <= LABELS * 2;
  const taken: Spot[] = [...words];
  let drawn = 0;
  const lanes = roomyLanes(picture);
  context.font = FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const i of hasTypes ? order : counts.keys()) {
    if (drawn >= LABELS) return;
    const arrow = arrowOf(surface, picture, i);
    if (arrow === undefined || !isWithin(arrow, surface, box)) continue;
    const texts = hasTypes ? textsOf(picture, i, arrow, counts.get(i)) : [`×${counts.get(i)?.count}`];
    for (const text of texts) {
      const spot = ALONG.map((away) => spotOf(surface, arrow, text, away)).find(
        (each) =>
          isInside(each, surface, box) &&
          !lanes.some((y) => y > each.top && y < each.bottom) &&
          !taken.some((other) => overlap(each, other)),
      );
      if (spot === undefined) continue;
      taken.push(spot);
      drawn++;
      context.globalAlpha = 0.85;
      context.fillStyle = palette.background;
      context.fillRect(spot.left, spot.top + 1, spot.right - spot.left, 14);
      context.globalAlpha = picture.isMarking && !isMarked(picture, i) ? 0.5 : 1;
      context.fillStyle = labelColour(palette, picture, i);
      context.fillText(text, (spot.left + spot.right) / 2, (spot.top + spot.bottom) / 2 + 0.5);
      break;
    }
  }
}

const isMarked = ({ data }: MessagePicture, i: number): boolean =>
  (present(data.arrows.flags[i]) & MARKED) !== 0;

/** Returns the order of labelling: marked messages first, lost ones before others; with many arrows, only these. */
function labelOrder(picture: MessagePicture): readonly number[] {
  const { data, isMarking } = picture;
  const all = [...data.arrows.id.keys()];
  if (!isMarking) return all;
  const marked = all.filter((i) => isMarked(picture, i));
  const isLost = (i: number): boolean => styleOf(data, i) === 'lost';
  const first = [...marked.filter(isLost), ...marked.filter((i) => !isLost(i))];
  return all.length > LABELS * 2 ? first : [...first, ...all.filter((i) => !isMarked(picture, i))];
}

/** Returns the possible labels, longest first. */
function textsOf(
  { data: { arrows }, hasPayload }: MessagePicture,
  i: number,
  { x1, y1, x2, y2 }: Arrow,
  together?: Coinciding,
): readonly string[] {
  const times =
    together === undefined ? '' : together.areAlike ? ` ×${together.count}` : ` +${together.count - 1}`;
  const type = visible(arrows.type?.[i] ?? '');
  const payload = visible(arrows.payload?.[i] ?? '');
  const short = `${type.length > LONGEST_TYPE ? `${type.slice(0, LONGEST_TYPE - 1)}…` : type}${times}`;
  const isLong = hasPayload && payload !== '' && Math.hypot(x2 - x1, y2 - y1) >= ROOM;
  return [...(isLong ? [`${short} ${payload}`.trim()] : []), short].filter((text) => text !== '');
}

/** Returns the lines of lanes that labels must not cover; lanes too narrow to leave room for labels do not count. */
function roomyLanes(picture: MessagePicture): readonly number[] {
  return picture.data.lanes.flatMap((_, lane) =>
    laneHeight(picture, lane) < ROOMY_LANE ? [] : [laneY(picture, lane)],
  );
}

/** `away` is the distance from the visible middle, as a fraction of the arrow's length. */
function spotOf({ context, width }: Surface, { x1, y1, x2, y2 }: Arrow, text: string, away: number): Spot {
  const part = Math.max(0, Math.min(1, middleInView({ x1, y1, x2, y2 }, width) + away));
  const half = context.measureText(text).width / 2 + 3;
  const y = y1 + (y2 - y1) * part;
  const x = x1 + (x2 - x1) * part;
  return { left: x - half, right: x + half, top: y - 8, bottom: y + 8 };
}

const isInside = ({ left, right, top, bottom }: Spot, { width }: Surface, box: Box): boolean =>
  left >= GUTTER && right <= width && top >= box.top && bottom <= box.top + box.height;

function labelColour(palette: Palette, picture: MessagePicture, i: number): string {
  if (picture.data.arrows.id[i] === picture.selected) return palette.accent;
  const style = styleOf(picture.data, i);
  return style === 'server' ? palette.text : palette[style];
}
