/** The arrows of the space-time diagram, with their labels. */
import { present } from '../../columns/present.ts';
import type { KindOf, Lanes } from '../../recording/lanes.ts';
import type { MessageColumns } from '../../recording/messages/message-columns.ts';
import { withTexts, type DrawnMessage, type MessageText } from '../read/drawn-messages.ts';
import { arrowHead } from '../svg/arrow-head.ts';
import { escapeMarkup } from '../svg/escape.ts';
import { LabelRoom } from '../svg/label-room.ts';
import { label, px, tag } from '../svg/svg.ts';
import { shortened, textWidth } from '../svg/text-size.ts';
import type { MessageRows, Row } from './space-time-rows.ts';

const LABEL = 10;

export interface Drawing {
  readonly lanes: Lanes;
  readonly laneX: (lane: number) => number;
  readonly rows: readonly Row[];
  readonly bottom: number;
  /** Where the lanes end. */
  readonly right: number;
}

/** The colours of messages, and their key. */
export const KINDS = [
  { kind: 'client', colour: 's0', text: 'with a client' },
  { kind: 'node', colour: 's6', text: 'between nodes' },
  { kind: 'service', colour: 's2', text: 'with a service' },
  { kind: 'error', colour: 's4', text: 'error' },
  { kind: 'lost', colour: 's1', text: 'lost' },
] as const;

export function drawMessages(
  journal: MessageColumns,
  places: readonly MessageRows[],
  drawing: Drawing,
  kindOf: KindOf,
): string[] {
  // A run that ended before it sent anything has no journal.
  if (places.length === 0) return [];
  const labels = new LabelRoom(LABEL);
  return withTexts(journal, (textOf) =>
    places.map((place) => drawMessage(place, textOf(place.message), drawing, kindOf, labels)),
  );
}

function drawMessage(
  { message, sentY, receivedY, lostY }: MessageRows,
  { type, payload, text: body }: MessageText,
  { lanes, laneX, bottom, right }: Drawing,
  kindOf: KindOf,
  labels: LabelRoom,
): string {
  const x1 = laneX(present(lanes.of.get(message.src)));
  const x2 = laneX(present(lanes.of.get(message.dest)));
  const isLost = lostY !== undefined && receivedY.length === 0;
  const kind = isLost ? 'lost' : colourKind(message, type, kindOf);
  const colour = KINDS.find((one) => one.kind === kind)?.colour ?? 's6';
  const parts: string[] = [];
  // Where the line ends that has the label.
  let endX = x2;
  let endY: number | undefined;
  for (const y of receivedY) {
    endY ??= y;
    parts.push(arrow(x1, sentY, x2, y, colour));
  }
  if (lostY !== undefined) {
    const [x, y] = [x1 + (x2 - x1) * 0.72, sentY + (lostY - sentY) * 0.72];
    if (isLost) [endX, endY] = [x, y];
    endY ??= y;
    parts.push(
      tag('path', { class: 'arrow s1', d: `M${px(x1)} ${px(sentY)}L${px(x)} ${px(y)}m-4-4l8 8m0-8l-8 8` }),
    );
  }
  if (parts.length === 0) {
    // It arrives later than what is drawn, or never.
    endY = Math.min(bottom, sentY + 12);
    parts.push(
      tag('path', {
        class: `arrow dashed ${colour}`,
        d: `M${px(x1)} ${px(sentY)}L${px(x1 + Math.sign(x2 - x1) * 30)} ${px(endY)}`,
      }),
    );
  }
  const times = message.copies > 0 ? ` ×${message.copies + 1}` : '';
  const text = `${payload}${times}`;
  parts.push(labelOf(text, `${type}${times}`, { x1, x2: endX, y1: sentY, y2: endY ?? sentY, right }, labels));
  const fate = isLost ? `, lost (${message.lost?.reason ?? ''})` : '';
  const about = `${message.src} to ${message.dest} at ${(message.sentNanos / 1e9).toFixed(6)} s${fate}: ${body}`;
  return `<g><title>${escapeMarkup(about, 220)}</title>${parts.join('')}</g>`;
}

interface LabelPlace {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  /** Where the lanes end. */
  readonly right: number;
}

/**
 * Draws the label on the arrow if there is room, in full or as the type only; otherwise to the right of its right end. Returns an
 * empty text if there is no room at all.
 */
function labelOf(
  text: string,
  short: string,
  { x1, x2, y1, y2, right }: LabelPlace,
  labels: LabelRoom,
): string {
  if (text === '') return '';
  const length = Math.abs(x2 - x1) - 8;
  const fitted = shortened(text, LABEL, length);
  // A part of the type would be meaningless.
  const onIt = fitted.length >= short.length ? fitted : undefined;
  if (onIt !== undefined) {
    const [middleX, middleY] = [(x1 + x2) / 2, (y1 + y2) / 2 - 3];
    const wide = textWidth(onIt, LABEL);
    if (labels.take(middleX - wide / 2, middleY, wide))
      return label(onIt, middleX, middleY, { class: 'middle tiny halo' });
  }
  const beside = Math.max(x1, x2) + (x1 === x2 ? 18 : 6);
  const y = (x1 > x2 ? y1 : y2) - 2;
  for (const whole of [text, short]) {
    const candidate = shortened(whole, LABEL, right - beside);
    if (
      candidate.length >= Math.min(short.length, whole.length) &&
      labels.take(beside, y, textWidth(candidate, LABEL))
    )
      return label(candidate, beside, y, { class: 'tiny halo' });
  }
  return '';
}

function colourKind(
  { src, dest }: DrawnMessage,
  type: string,
  kindOf: KindOf,
): (typeof KINDS)[number]['kind'] {
  if (type === 'error') return 'error';
  const ends = [kindOf(src), kindOf(dest)];
  if (ends.includes('client')) return 'client';
  return ends.includes('service') ? 'service' : 'node';
}

function arrow(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  if (Math.abs(x2 - x1) < 1) {
    // A message of an endpoint to itself, or between clients that share a lane.
    return tag('path', {
      class: `arrow ${colour}`,
      d: `M${px(x1)} ${px(y1)}c18 0 18 ${px(y2 - y1)} 2 ${px(y2 - y1)}`,
    });
  }
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  return (
    tag('path', {
      class: `arrow ${colour}`,
      d: `M${px(x1)} ${px(y1)}L${px(x2 - 5 * ux)} ${px(y2 - 5 * uy)}`,
    }) + arrowHead(x1, y1, x2, y2, colour)
  );
}
