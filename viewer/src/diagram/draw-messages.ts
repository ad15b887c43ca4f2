/**
 * The space-time diagram: a line for each endpoint, time to the right, and each message an arrow from where and when it
 * was sent to where and when it arrived. Lost ones end in a cross; those under way end in a stub; when there are too many
 * to draw, each line is as thick as what it sends.
 */
import {
  DUPLICATED,
  LOST,
  MARKED,
  RECEIVED,
  type FaultView,
  type MessageWindow,
} from '../../../src/server/view-types.ts';
import { visible } from '../visible-text.ts';
import { drawGrid } from './draw-axis.ts';
import { FONT, type Palette } from './palette.ts';
import { clipped, fitted, GUTTER, gutterLabel, xOf, type Box, type Surface } from './surface.ts';

export interface MessagePicture {
  readonly data: MessageWindow;
  /** Where each lane begins, and where the last ends. */
  readonly tops: readonly number[];
  /** How far the lanes are scrolled up. */
  readonly scroll: number;
  readonly selected: number | undefined;
  /** Messages beside the selected one that are to stand out: its request and replies. */
  readonly related: ReadonlySet<number>;
  readonly isMarking: boolean;
  readonly faults: readonly FaultView[];
  readonly endNanos: number;
}

export interface MessageHit {
  readonly id: number;
  readonly label: string;
}

const STUB = 14;
/** Above so many arrows heads would only blot the picture. */
const HEADS = 500;
const LABELS = 70;

type Style = 'client' | 'server' | 'service' | 'lost' | 'duplicated';
const STYLES: readonly Style[] = ['server', 'service', 'client', 'duplicated', 'lost'];

/** An arrow in pixels. */
interface Arrow {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

function laneY({ tops, scroll }: MessagePicture, lane: number): number {
  return ((tops[lane] ?? 0) + (tops[lane + 1] ?? 0)) / 2 - scroll;
}

function laneHeight({ tops }: MessagePicture, lane: number): number {
  return (tops[lane + 1] ?? 0) - (tops[lane] ?? 0);
}

export function drawMessages(surface: Surface, box: Box, picture: MessagePicture): void {
  const { context, palette, width } = surface;
  const { data } = picture;
  drawGrid(surface, box);
  context.font = FONT;
  clipped(surface, box, () => drawFaultBands(surface, picture));
  for (const [lane, { label, kind }] of data.lanes.entries()) {
    const y = laneY(picture, lane);
    if (y < box.top - 40 || y > box.top + box.height + 40) continue;
    context.fillStyle = palette.grid;
    context.fillRect(GUTTER, Math.round(y), width - GUTTER, 1);
    gutterLabel(surface, label, y, kind === 'node' ? palette.text : palette[kind]);
  }
  clipped(surface, box, () => {
    if (data.density !== undefined) drawDensity(surface, picture);
    drawArrows(surface, box, picture);
    drawLogs(surface, picture);
  });
}

/** A flag below the node's line where it wrote to its log; with the words when there are few. */
function drawLogs(surface: Surface, picture: MessagePicture): void {
  const { context, palette, width } = surface;
  const { logs = [], lanes } = picture.data;
  const laneOf = new Map(lanes.map(({ label }, lane) => [label, lane]));
  const free = new Map<number, number>();
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const { node, time, text } of logs) {
    const x = xOf(surface, time);
    const lane = laneOf.get(node);
    if (lane === undefined || x < GUTTER || x > width) continue;
    const y = laneY(picture, lane);
    context.fillStyle = palette.text;
    context.fillRect(x, y, 1, 9);
    context.fillRect(x, y + 5, 5, 4);
    const room = laneHeight(picture, lane) >= 30 && x >= (free.get(lane) ?? 0);
    if (!room) continue;
    const shown = fitted(context, visible(text), 150);
    const wide = context.measureText(shown).width;
    free.set(lane, x + wide + 24);
    context.globalAlpha = 0.8;
    context.fillStyle = palette.background;
    context.fillRect(x + 7, y + 3, wide + 4, 13);
    context.globalAlpha = 1;
    context.fillStyle = palette.faint;
    context.fillText(shown, x + 9, y + 9);
  }
}

/** What the node wrote at that place of the picture. */
export function logAt(surface: Surface, picture: MessagePicture, x: number, y: number): string | undefined {
  const { logs = [], lanes } = picture.data;
  const found = logs.find(({ node, time }) => {
    const lane = lanes.findIndex(({ label }) => label === node);
    const dy = y - laneY(picture, lane);
    return Math.abs(xOf(surface, time) + 2 - x) < 5 && dy > 0 && dy < 12;
  });
  return found === undefined ? undefined : `${found.node} logged: ${visible(found.text)}`;
}

function drawFaultBands(surface: Surface, picture: MessagePicture): void {
  const { context, palette } = surface;
  const { data, faults, endNanos } = picture;
  const laneOf = new Map(data.lanes.map(({ label }, lane) => [label, lane]));
  for (const { from, to, nodes } of faults) {
    const left = Math.max(GUTTER, xOf(surface, from));
    const right = Math.min(surface.width, xOf(surface, to ?? endNanos));
    if (right <= left) continue;
    context.fillStyle = palette.fault;
    context.globalAlpha = 0.13;
    for (const node of nodes) {
      const lane = laneOf.get(node);
      if (lane !== undefined)
        context.fillRect(
          left,
          laneY(picture, lane) - laneHeight(picture, lane) / 2,
          Math.max(2, right - left),
          laneHeight(picture, lane),
        );
    }
    context.globalAlpha = 1;
  }
}

function drawDensity(surface: Surface, picture: MessagePicture): void {
  const { context, palette } = surface;
  const { data, isMarking } = picture;
  const { density } = data;
  if (density === undefined) return;
  const step = (data.to - data.from) / density.buckets;
  const most = Math.max(1, ...density.lanes.map(({ sent }) => Math.max(...sent)));
  const wide = Math.max(1, xOf(surface, data.from + step) - xOf(surface, data.from) - 0.25);
  for (const { lane, sent, lost } of density.lanes) {
    const y = laneY(picture, lane);
    if (y < -40 || y > 4000) continue;
    const room = laneHeight(picture, lane) * 0.86;
    const tallOf = (count: number): number => Math.max(1.5, Math.sqrt(count / most) * room);
    context.globalAlpha = isMarking ? 0.25 : 0.8;
    context.fillStyle =
      palette[data.lanes[lane]?.kind === 'node' ? 'server' : (data.lanes[lane]?.kind ?? 'server')];
    for (const [bucket, count] of sent.entries()) {
      if (count === 0) continue;
      const tall = tallOf(count);
      context.fillRect(xOf(surface, data.from + bucket * step), y - tall / 2, wide, tall);
    }
    context.fillStyle = palette.lost;
    context.globalAlpha = isMarking ? 0.4 : 1;
    for (const [bucket, count] of lost.entries()) {
      if (count === 0) continue;
      const tall = (count / (sent[bucket] ?? count)) * tallOf(sent[bucket] ?? count);
      context.fillRect(
        xOf(surface, data.from + bucket * step),
        y + tallOf(sent[bucket] ?? count) / 2 - tall,
        wide,
        tall,
      );
    }
  }
  context.globalAlpha = 1;
}

function drawArrows(surface: Surface, box: Box, picture: MessagePicture): void {
  const { context, palette } = surface;
  const { data, isMarking } = picture;
  const { arrows } = data;
  const count = arrows.id.length;
  const hasHeads = count <= HEADS;
  const isDim = (i: number): boolean => isMarking && ((arrows.flags[i] ?? 0) & MARKED) === 0;
  for (const dim of isMarking ? [true, false] : [false]) {
    context.globalAlpha = dim ? 0.16 : count > 1200 ? 0.55 : 0.85;
    for (const style of STYLES) {
      const lines = new Path2D();
      const heads = new Path2D();
      let isEmpty = true;
      for (let i = 0; i < count; i++) {
        if (isDim(i) !== dim || styleOf(data, i) !== style) continue;
        const arrow = arrowOf(surface, picture, i);
        if (arrow === undefined || !isWithin(arrow, surface, box)) continue;
        isEmpty = false;
        addArrow(lines, heads, arrow, arrows.flags[i] ?? 0, hasHeads, arrows.end[i] !== null);
      }
      if (isEmpty) continue;
      const colour = isMarking && !dim && style !== 'lost' ? palette.marked : palette[style];
      context.strokeStyle = colour;
      context.fillStyle = colour;
      context.lineWidth = isMarking && !dim ? 1.6 : 1;
      context.setLineDash(style === 'duplicated' ? [6, 2] : []);
      context.stroke(lines);
      context.setLineDash([]);
      // A path, not an array.
      // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type
      context.fill(heads);
      context.stroke(heads);
    }
  }
  context.globalAlpha = 1;
  drawCopies(surface, picture);
  for (let i = 0; i < count; i++) {
    const id = arrows.id[i] ?? -1;
    if (id === picture.selected) drawStrong(surface, picture, i, palette.accent, 3);
    else if (picture.related.has(id)) drawStrong(surface, picture, i, palette.accent, 1.8);
  }
  if (count <= LABELS * 2) drawTypes(surface, box, picture);
}

function styleOf(data: MessageWindow, i: number): Style {
  const { arrows, lanes } = data;
  const flags = arrows.flags[i] ?? 0;
  if ((flags & LOST) !== 0 && (flags & RECEIVED) === 0) return 'lost';
  if ((flags & DUPLICATED) !== 0) return 'duplicated';
  const kinds = [lanes[arrows.src[i] ?? 0]?.kind, lanes[arrows.dest[i] ?? 0]?.kind];
  return kinds.includes('service') ? 'service' : kinds.includes('client') ? 'client' : 'server';
}

function arrowOf(surface: Surface, picture: MessagePicture, i: number): Arrow | undefined {
  const { arrows } = picture.data;
  const src = arrows.src[i] ?? -1;
  const dest = arrows.dest[i] ?? -1;
  if (src < 0 && dest < 0) return undefined;
  const y1 = laneY(picture, src < 0 ? dest : src);
  const y2 = laneY(picture, dest < 0 ? src : dest);
  const x1 = xOf(surface, arrows.sent[i] ?? 0);
  const end = arrows.end[i] ?? null;
  if (end === null) return { x1, y1, x2: x1 + STUB, y2: y1 + Math.sign(y2 - y1) * STUB };
  const x2 = xOf(surface, end);
  // Lost on the way: the cross stands in between.
  const isLost = ((arrows.flags[i] ?? 0) & (LOST | RECEIVED)) === LOST;
  return isLost ? { x1, y1, x2: x1 + (x2 - x1) * 0.7, y2: y1 + (y2 - y1) * 0.7 } : { x1, y1, x2, y2 };
}

function isWithin({ x1, y1, x2, y2 }: Arrow, { width }: Surface, { top, height }: Box): boolean {
  if (Math.max(x1, x2) < GUTTER || Math.min(x1, x2) > width) return false;
  return Math.max(y1, y2) >= top && Math.min(y1, y2) <= top + height;
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
    const size = hasHead ? 4 : 2;
    lines.moveTo(x2 - size, y2 - size);
    lines.lineTo(x2 + size, y2 + size);
    lines.moveTo(x2 - size, y2 + size);
    lines.lineTo(x2 + size, y2 - size);
  } else if (hasHead) addHead(heads, x1, y1, x2, y2);
}

function addHead(heads: Path2D, x1: number, y1: number, x2: number, y2: number): void {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const size = 6;
  heads.moveTo(x2, y2);
  heads.lineTo(x2 - size * Math.cos(angle - 0.4), y2 - size * Math.sin(angle - 0.4));
  heads.lineTo(x2 - size * Math.cos(angle + 0.4), y2 - size * Math.sin(angle + 0.4));
  heads.closePath();
}

/** Zoomed in closely, ends are millions of pixels away, where canvases draw nonsense: cut to what is near. */
function nearScreen(arrow: Arrow): Arrow {
  const limit = 20_000;
  const { x1, y1, x2, y2 } = arrow;
  if (Math.abs(x1) <= limit && Math.abs(x2) <= limit) return arrow;
  const at = (x: number): number => y1 + ((x - x1) / (x2 - x1)) * (y2 - y1);
  const from = Math.max(-limit, Math.min(limit, x1));
  const to = Math.max(-limit, Math.min(limit, x2));
  return { x1: from, y1: x1 === x2 ? y1 : at(from), x2: to, y2: x1 === x2 ? y2 : at(to) };
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
    const { x1, y1, x2, y2 } = nearScreen({
      x1: xOf(surface, arrows.sent[i] ?? 0),
      y1: laneY(picture, arrows.src[i] ?? 0),
      x2: xOf(surface, arrival),
      y2: laneY(picture, arrows.dest[i] ?? 0),
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
  addHead(head, x1, y1, x2, y2);
  context.lineWidth = width;
  // A path, not an array.
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type
  context.fill(head);
  context.stroke(head);
}

/** The types of messages beside their arrows, as far as there is room. */
function drawTypes(surface: Surface, box: Box, picture: MessagePicture): void {
  const { context, palette, width } = surface;
  const { arrows } = picture.data;
  if (arrows.type === undefined) return;
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  let drawn = 0;
  context.font = FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const [i, type] of arrows.type.entries()) {
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
    context.globalAlpha = 1;
    context.fillStyle = labelColour(palette, picture, i);
    context.fillText(text, x, y + 0.5);
  }
}

function labelColour(palette: Palette, picture: MessagePicture, i: number): string {
  if (picture.data.arrows.id[i] === picture.selected) return palette.accent;
  const style = styleOf(picture.data, i);
  return style === 'server' ? palette.text : palette[style];
}

/** The middle of that part of an arrow that is on the screen, from 0 to 1. */
function middleInView({ x1, x2 }: Arrow, width: number): number {
  if (x1 === x2) return 0.5;
  const a = (GUTTER - x1) / (x2 - x1);
  const b = (width - x1) / (x2 - x1);
  return (Math.max(0, Math.min(a, b)) + Math.min(1, Math.max(a, b))) / 2;
}

/** The message whose arrow is nearest to that place, if one is near. */
export function messageAt(
  surface: Surface,
  picture: MessagePicture,
  x: number,
  y: number,
): MessageHit | undefined {
  const { arrows, lanes } = picture.data;
  let best: number | undefined;
  let distance = 7;
  for (let i = 0; i < arrows.id.length; i++) {
    const arrow = arrowOf(surface, picture, i);
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

function distanceTo({ x1, y1, x2, y2 }: Arrow, x: number, y: number): number {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const along = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
