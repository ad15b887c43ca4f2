/**
 * Draws each message as an arrow. Lost messages end in a cross, messages in flight in a stub. Duplicated ones are dashed, and
 * their further copies dotted. Marked messages, the selected one and those related to it stand out.
 */
import { present } from '../../../../src/columns/present.ts';
import { LOST, MARKED, RECEIVED } from '../../../../src/recording/messages/message-flags.ts';
import { arrowOf, isWithin, nearScreen, type Arrow } from '../shapes/arrow-shape.ts';
import { ARROW_STYLES, styleOf } from './arrow-style.ts';
import { laneY, type MessagePicture } from '../shapes/message-lanes.ts';
import { xOf, type Box, type Surface } from '../surface.ts';

/** Above this number of arrows, heads are left out, as they would only clutter the picture. */
const HEADS = 500;

export function drawArrows(surface: Surface, box: Box, picture: MessagePicture): void {
  const { context, palette } = surface;
  const { data, isMarking } = picture;
  const { arrows } = data;
  const count = arrows.id.length;
  const hasHeads = count <= HEADS;
  const isDim = (i: number): boolean => isMarking && (present(arrows.flags[i]) & MARKED) === 0;
  for (const dim of isMarking ? [true, false] : [false]) {
    context.globalAlpha = dim ? 0.16 : isMarking ? 1 : count > 1200 ? 0.55 : 0.85;
    for (const style of ARROW_STYLES) {
      const lines = new Path2D();
      const heads = new Path2D();
      let isEmpty = true;
      for (let i = 0; i < count; i++) {
        if (isDim(i) !== dim || styleOf(data, i) !== style) continue;
        const arrow = arrowOf(surface, picture, i);
        if (arrow === undefined || !isWithin(arrow, surface, box)) continue;
        isEmpty = false;
        addArrow(lines, heads, arrow, present(arrows.flags[i]), hasHeads, arrows.end[i] !== null);
      }
      if (isEmpty) continue;
      const colour = isMarking && !dim && style !== 'lost' ? palette.marked : palette[style];
      context.strokeStyle = colour;
      context.fillStyle = colour;
      // Among marked messages, losses stand out most.
      context.lineWidth = !isMarking || dim ? 1 : style === 'lost' ? 2.6 : 1.6;
      context.setLineDash(style === 'duplicated' ? [6, 2] : []);
      context.stroke(lines);
      context.setLineDash([]);
      // A Path2D, not an array.
      // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type
      context.fill(heads);
      context.stroke(heads);
    }
  }
  context.globalAlpha = 1;
  drawCopies(surface, picture);
  for (const [i, id] of arrows.id.entries()) {
    if (id === picture.selected) drawStrong(surface, picture, i, palette.accent, 3);
    else if (picture.related.has(id))
      drawStrong(surface, picture, i, styleOf(data, i) === 'lost' ? palette.lost : palette.accent, 1.8);
  }
}

function addArrow(
  lines: Path2D,
  heads: Path2D,
  arrow: Arrow,
  flags: number,
  hasHead: boolean,
  hasEnded: boolean,
): void {
  const { x1, y1, x2, y2 } = nearScreen(arrow);
  lines.moveTo(x1, y1);
  lines.lineTo(x2, y2);
  if (!hasEnded) return;
  if ((flags & (LOST | RECEIVED)) === LOST) {
    addCross(lines, x2, y2, hasHead ? 4 : 2);
  } else if (hasHead) addHead(heads, x1, y1, x2, y2);
}

export function addCross(lines: CanvasPath, x: number, y: number, size: number): void {
  lines.moveTo(x - size, y - size);
  lines.lineTo(x + size, y + size);
  lines.moveTo(x - size, y + size);
  lines.lineTo(x + size, y - size);
}

function addHead(heads: Path2D, x1: number, y1: number, x2: number, y2: number): void {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const size = 6;
  heads.moveTo(x2, y2);
  heads.lineTo(x2 - size * Math.cos(angle - 0.4), y2 - size * Math.sin(angle - 0.4));
  heads.lineTo(x2 - size * Math.cos(angle + 0.4), y2 - size * Math.sin(angle + 0.4));
  heads.closePath();
}

function drawCopies(surface: Surface, picture: MessagePicture): void {
  const { context, palette } = surface;
  const { copies, arrows } = picture.data;
  if (copies.length === 0) return;
  const rowOf = new Map(arrows.id.map((id, i) => [id, i]));
  context.strokeStyle = palette.duplicated;
  context.setLineDash([2, 3]);
  context.lineWidth = 1.2;
  context.beginPath();
  for (const { id, arrival } of copies) {
    const i = rowOf.get(id);
    if (i === undefined) continue;
    const [src, dest] = [present(arrows.src[i]), present(arrows.dest[i])];
    if (src < 0 || dest < 0) continue;
    const { x1, y1, x2, y2 } = nearScreen({
      x1: xOf(surface, present(arrows.sent[i])),
      y1: laneY(picture, src),
      x2: xOf(surface, arrival),
      y2: laneY(picture, dest),
    });
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.moveTo(x2 + 3, y2);
    context.arc(x2, y2, 3, 0, 7);
  }
  context.stroke();
  context.setLineDash([]);
}

function drawStrong(
  surface: Surface,
  picture: MessagePicture,
  i: number,
  colour: string,
  width: number,
): void {
  const { context, palette } = surface;
  const arrow = arrowOf(surface, picture, i);
  if (arrow === undefined) return;
  const { x1, y1, x2, y2 } = nearScreen(arrow);
  context.lineCap = 'round';
  for (const [strokeStyle, lineWidth] of [
    [palette.background, width + 4],
    [colour, width],
  ] as const) {
    context.strokeStyle = strokeStyle;
    context.lineWidth = lineWidth;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }
  context.lineCap = 'butt';
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x1, y1, width + 1, 0, 7);
  context.fill();
  const head = new Path2D();
  const cross = new Path2D();
  if (styleOf(picture.data, i) === 'lost') addCross(cross, x2, y2, 4);
  else addHead(head, x1, y1, x2, y2);
  context.lineWidth = width;
  context.stroke(cross);
  // A Path2D, not an array.
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type
  context.fill(head);
  context.stroke(head);
}
