/**
 * The current position of a run that is stepped through: a line, with later times faded, the messages in flight drawn strong
 * up to it, and a ring at each endpoint that the last event concerns.
 */
import { arrowOf, nearScreen } from '../shapes/arrow-shape.ts';
import { laneY, type MessagePicture } from '../shapes/message-lanes.ts';
import { clipped, GUTTER, xOf, type Box, type Surface } from '../surface.ts';

export interface Moment {
  readonly nanos: number;
  /** Ids of the messages in flight. */
  readonly inFlight: ReadonlySet<number>;
  /** Names of the endpoints that the last event concerns. */
  readonly concerns: readonly string[];
}

/** Draws over everything in the box. */
export function drawMoment(surface: Surface, box: Box, { nanos }: Moment): void {
  const { context, palette, width } = surface;
  const x = xOf(surface, nanos);
  clipped(surface, box, () => {
    const left = Math.max(GUTTER, x);
    context.globalAlpha = 0.6;
    context.fillStyle = palette.background;
    if (left < width) context.fillRect(left, box.top, width - left, box.height);
    context.globalAlpha = 1;
    context.fillStyle = palette.accent;
    context.fillRect(Math.round(x) - 1, box.top, 2, box.height);
  });
}

/** Draws the same over the lanes, with the messages in flight. */
export function drawMomentOfMessages(
  surface: Surface,
  box: Box,
  picture: MessagePicture,
  moment: Moment,
): void {
  drawMoment(surface, box, moment);
  const { context, palette } = surface;
  const { arrows, lanes } = picture.data;
  const x = xOf(surface, moment.nanos);
  context.strokeStyle = palette.accent;
  clipped(surface, box, () => {
    for (const [i, id] of arrows.id.entries()) {
      const arrow = moment.inFlight.has(id) ? arrowOf(surface, picture, i) : undefined;
      if (arrow === undefined) continue;
      const { x1, y1, x2, y2 } = nearScreen(arrow);
      const part = x2 === x1 ? 1 : Math.max(0, Math.min(1, (x - x1) / (x2 - x1)));
      const here = { x: x1 + (x2 - x1) * part, y: y1 + (y2 - y1) * part };
      line(context, 2.4, [], { x: x1, y: y1 }, here);
      line(context, 1.2, [3, 4], here, { x: x2, y: y2 });
      context.fillStyle = palette.accent;
      context.beginPath();
      context.arc(here.x, here.y, 3.5, 0, 7);
      context.fill();
    }
    for (const [lane, { label }] of lanes.entries()) {
      if (!moment.concerns.includes(label)) continue;
      context.fillStyle = palette.background;
      context.lineWidth = 2.5;
      context.beginPath();
      context.arc(x, laneY(picture, lane), 6, 0, 7);
      context.fill();
      context.stroke();
    }
  });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function line(
  context: CanvasRenderingContext2D,
  width: number,
  dash: number[],
  from: Point,
  to: Point,
): void {
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
  context.setLineDash([]);
}
