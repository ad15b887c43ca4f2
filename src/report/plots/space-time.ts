/**
 * The space-time diagram, messages.svg: a vertical line for each client, node and service, and an arrow for each
 * message from where it was sent to where it arrived, as Lamport drew them.
 *
 * Every event has its own row, so that events within a microsecond can be distinguished; times are on the left. A
 * message received at the instant it was sent is a horizontal arrow. If a run has more events than fit, the first are
 * drawn, or those around the operation that shows what went wrong.
 */
import { present } from '../../columns/present.ts';
import { ClientBook } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import { kindsOf, makeLanes, type KindOf, type Lanes } from '../../recording/lanes.ts';
import { bandKinds, type FaultBand } from '../../recording/fault-bands.ts';
import { numberOf, type WholeOperation } from '../read/whole-operations.ts';
import { operationText } from '../svg/operation-text.ts';
import { BAND_COLOURS } from '../svg/picture-style.ts';
import {
  BEGINNING,
  drawnMessages,
  withTexts,
  type DrawnMessage,
  type JournalPlace,
  type MessageText,
} from '../read/drawn-messages.ts';
import type { MessageColumns } from '../../recording/messages/message-columns.ts';
import { LabelRoom } from '../svg/label-room.ts';
import { label, px, tag, type Picture } from '../svg/svg.ts';
import { escapeMarkup } from '../svg/escape.ts';
import { shortened, textWidth, wrapped } from '../svg/text-size.ts';

/** Maximum number of events drawn. */
export const MOST_EVENTS = 10_000;
/** Number of clients above which they share a lane. */
export const MANY_CLIENTS = 12;
const ROW = 15;
const LEFT = 96;
const FAULT_COLUMN = 190;
const TOP = 96;
/** Number of rows after which the names of lanes are repeated, so that they stay in view while scrolling. */
const ROWS_A_HEADER = 44;
const LABEL = 10;

export interface SpaceTimeData {
  /** Must contain the messages that are drawn. */
  readonly journal: MessageColumns;
  /** The place of the first message drawn. */
  readonly from?: JournalPlace;
  readonly nodes: readonly string[];
  /** The run's clients; if absent, clients are recognised by their names. */
  readonly clients?: ClientBook;
  readonly bands: readonly FaultBand[];
  /** The first operation that shows that the run is wrong. */
  readonly failure?: WholeOperation | undefined;
}

type Event = { readonly timeNanos: number; readonly message: DrawnMessage } & (
  { readonly kind: 'sent' } | { readonly kind: 'received' } | { readonly kind: 'lost' }
);

interface Row {
  readonly timeNanos: number;
  readonly y: number;
}

interface Drawing {
  readonly lanes: Lanes;
  readonly laneX: (lane: number) => number;
  readonly rows: readonly Row[];
  readonly bottom: number;
  /** Where the lanes end. */
  readonly right: number;
  readonly width: number;
}

export function spaceTime({
  journal,
  from = BEGINNING,
  nodes,
  bands,
  failure,
  clients = new ClientBook(),
}: SpaceTimeData): Picture {
  // Messages are in order of sending, so that later messages have no events among the first MOST_EVENTS.
  const messages = drawnMessages(journal, from, MOST_EVENTS);
  const shown = eventsOf(messages).slice(0, MOST_EVENTS);
  const used = new Set(shown.flatMap(({ message: { src, dest } }) => [src, dest]));
  const kindOf = kindsOf(nodes, clients);
  const lanes = makeLanes([...used].toSorted(), { nodes, kindOf, clients: 'auto', many: MANY_CLIENTS });
  const gap = Math.max(54, Math.min(150, 1040 / Math.max(1, lanes.views.length)));
  const laneX = (lane: number): number => LEFT + gap / 2 + lane * gap;
  const marks = marksOf(failure, shown);
  const { rows, places, headers, markY, bottom } = layOut(shown, marks);
  const right = LEFT + Math.max(1, lanes.views.length) * gap;
  const width = Math.max(760, right + (bands.length > 0 ? FAULT_COLUMN : 20));
  const drawing = { lanes, laneX, rows, bottom, right, width };
  const notes = wrapped(noteOf({ journal, messages, from }, shown, failure), 11, width - 40, 2);
  const body = [
    label('Messages', 20, 26, { class: 'title' }),
    ...notes.map((line, at) =>
      label(line, 20, (notes.length === 1 ? 46 : 43) + at * 14, { class: 'small faint' }),
    ),
    drawKey(20, notes.length === 1 ? 66 : 73),
    drawFaults(bands, drawing),
    drawLanes(drawing),
    drawTimes(rows),
    ...drawMessages(journal, places, drawing, kindOf),
    ...marks.map((mark) => drawMark(mark, markY.get(mark) ?? bottom, drawing)),
    headers.map((y) => drawNames(drawing, y)).join(''),
  ];
  return {
    width,
    height: bottom + 24,
    title: 'Messages between clients, nodes and services',
    body: body.join('\n'),
  };
}

interface Drawn {
  readonly journal: MessageColumns;
  readonly messages: readonly DrawnMessage[];
  readonly from: JournalPlace;
}

/** Describes which part of the run is shown, and where to see the rest. */
function noteOf(
  { journal, messages, from: { event: eventsBefore } }: Drawn,
  shown: readonly Event[],
  failure: WholeOperation | undefined,
): string {
  const count = (number: number): string => number.toLocaleString('en');
  // The journal's event count includes duplications, which are not arrows.
  const known = messages.length === journal.recordedCount ? eventCount(messages) : journal.recordedEvents;
  const wrong =
    failure === undefined
      ? ''
      : `operation ${numberOf(failure)} (${(failure.invocation.time / 1e9).toFixed(6)} s), the first that shows what is wrong`;
  if (shown.length >= known) {
    const about = wrong === '' ? '' : ` A line marks ${wrong}.`;
    return `${count(known)} events. Every event has its row; times are in seconds.${about}`;
  }
  if (wrong === '')
    return `The first ${count(shown.length)} of ${count(known)} events. maelstrom serve shows all of them.`;
  const [from, to] = [shown[0], shown.at(-1)].map((event) => (present(event).timeNanos / 1e9).toFixed(3));
  const which =
    eventsBefore === 0 ? `The first ${count(shown.length)}` : `Those after the first ${count(eventsBefore)}`;
  return `${which} of ${count(known)} events: ${from} s to ${to} s, around ${wrong}. maelstrom serve shows all of them.`;
}

/** A horizontal line with a label. */
interface Mark {
  readonly timeNanos: number;
  readonly text: string;
}

/** Marks the beginning and the end of the operation, if they are within what is shown. */
function marksOf(failure: WholeOperation | undefined, shown: readonly Event[]): readonly Mark[] {
  if (failure === undefined) return [];
  const { invocation, completion } = failure;
  const mark = ({ time }: Op, what: string): Mark => ({
    timeNanos: time,
    text: `operation ${numberOf(failure)} ${what}`,
  });
  const [first, last] = [shown[0]?.timeNanos ?? Infinity, shown.at(-1)?.timeNanos ?? -Infinity];
  return [
    mark(invocation, `begins: ${shortened(operationText(failure), 10, 300)}`),
    ...(completion === undefined ? [] : [mark(completion, `ends: ${completion.type}`)]),
  ].filter(({ timeNanos }) => timeNanos >= first && timeNanos <= last);
}

const drawMark = ({ text }: Mark, y: number, { right }: Drawing): string =>
  tag('path', { class: 'line dashed s4', d: `M${LEFT - 8} ${px(y)}H${px(right)}` }) +
  label(text, LEFT - 4, y - 3, { class: 'tiny strong halo' });

const eventCount = (messages: readonly DrawnMessage[]): number =>
  messages.reduce((sum, { receivedNanos, lost }) => sum + 1 + receivedNanos.length + (lost ? 1 : 0), 0);

/** Returns the events in order of time, then in order of messages. */
function eventsOf(messages: readonly DrawnMessage[]): Event[] {
  const events = messages.flatMap((message): Event[] => [
    { kind: 'sent', timeNanos: message.sentNanos, message },
    ...message.receivedNanos.map((timeNanos): Event => ({ kind: 'received', timeNanos, message })),
    ...(message.lost === undefined
      ? []
      : [{ kind: 'lost', timeNanos: message.lost.timeNanos, message } as const]),
  ]);
  return events.sort((a, b) => a.timeNanos - b.timeNanos || a.message.id - b.message.id);
}

/** The vertical positions of a message's events. */
interface MessageRows {
  readonly message: DrawnMessage;
  readonly sentY: number;
  readonly receivedY: number[];
  lostY: number | undefined;
}

/** Assigns rows; each mark gets its own row, so that its line crosses no text. */
function layOut(
  events: readonly Event[],
  marks: readonly Mark[],
): {
  readonly rows: readonly Row[];
  readonly places: readonly MessageRows[];
  readonly headers: readonly number[];
  readonly markY: ReadonlyMap<Mark, number>;
  readonly bottom: number;
} {
  const rows: Row[] = [];
  const headers = [TOP];
  const places = new Map<number, MessageRows>();
  let y = TOP + 8;
  let sinceHeader = 0;
  let last: Event | undefined;
  const markY = new Map<Mark, number>();
  for (const event of events) {
    for (const mark of marks) {
      if (mark.timeNanos > event.timeNanos || markY.has(mark)) continue;
      y += ROW;
      markY.set(mark, y);
    }
    const isAtOnce =
      event.kind !== 'sent' && last?.message === event.message && last.timeNanos === event.timeNanos;
    if (!isAtOnce) {
      if (sinceHeader === ROWS_A_HEADER) {
        y += 22;
        headers.push(y);
        y += 8;
        sinceHeader = 0;
      }
      y += ROW;
      sinceHeader++;
      rows.push({ timeNanos: event.timeNanos, y });
    }
    last = event;
    const { message } = event;
    const place = places.get(message.id);
    if (place === undefined) {
      if (event.kind === 'sent')
        places.set(message.id, { message, sentY: y, receivedY: [], lostY: undefined });
    } else if (event.kind === 'received') place.receivedY.push(y);
    else place.lostY = y;
  }
  return { rows, places: [...places.values()], headers, markY, bottom: y + ROW };
}

function drawKey(left: number, y: number): string {
  let x = left;
  return KINDS.map(({ colour, text }) => {
    const at = x;
    x += 34 + textWidth(text, 11) + 16;
    return (
      tag('path', { class: `arrow ${colour}`, d: `M${px(at)} ${y}h22` }) +
      label(text, at + 28, y + 4, { class: 'small' })
    );
  }).join('');
}

const KINDS = [
  { kind: 'client', colour: 's0', text: 'with a client' },
  { kind: 'node', colour: 's6', text: 'between nodes' },
  { kind: 'service', colour: 's2', text: 'with a service' },
  { kind: 'error', colour: 's4', text: 'error' },
  { kind: 'lost', colour: 's1', text: 'lost' },
] as const;

function drawLanes({ lanes, laneX, bottom }: Drawing): string {
  const d = lanes.views.map((_, lane) => `M${px(laneX(lane))} ${TOP + 4}V${px(bottom)}`).join('');
  return tag('path', { class: 'lane', d });
}

function drawNames({ lanes, laneX }: Drawing, y: number): string {
  const gap = laneX(1) - laneX(0);
  return lanes.views
    .map(({ label: name }, lane) =>
      label(shortened(name, 12, gap - 4), laneX(lane), y, { class: 'middle strong halo' }),
    )
    .join('');
}

/** Draws a time at every third row, and after every long gap. */
function drawTimes(rows: readonly Row[]): string {
  const parts: string[] = [];
  let shown = 0;
  for (const [at, { timeNanos, y }] of rows.entries()) {
    const before = rows[at - 1];
    const isJump = before !== undefined && timeNanos - before.timeNanos > 1e7;
    if (at > 0 && at - shown < 3 && !(isJump && at - shown >= 1)) continue;
    shown = at;
    parts.push(label((timeNanos / 1e9).toFixed(6), LEFT - 14, y + 3, { class: 'end tiny faint' }));
  }
  return parts.join('');
}

function drawFaults(bands: readonly FaultBand[], { rows, bottom, right }: Drawing): string {
  const first = rows[0]?.timeNanos ?? -Infinity;
  const last = rows.at(-1)?.timeNanos ?? -Infinity;
  const kinds = bandKinds(bands);
  // The first row at or after that time.
  const yAt = (nanos: number): number => (rows.find((row) => row.timeNanos >= nanos)?.y ?? bottom) - ROW / 2;
  let free = 0;
  return bands
    .filter(({ fromNanos, toNanos = Infinity }) => fromNanos <= last && toNanos >= first)
    .map((band) => {
      const from = yAt(band.fromNanos);
      const to = Math.max(from + 3, band.toNanos === undefined ? bottom : yAt(band.toNanos));
      const kind = kinds.indexOf(band.kind);
      const strip = right + 8 + (kind % 4) * 8;
      const text = wrapped(
        band.about === '' ? band.kind : `${band.kind}: ${band.about}`,
        11,
        FAULT_COLUMN - 60,
        8,
      );
      const textTop = Math.max(from + 10, free);
      free = textTop + text.length * 14 + 4;
      return (
        tag('rect', {
          class: `band b${kind % BAND_COLOURS}`,
          x: LEFT - 8,
          y: from,
          width: right - LEFT + 8,
          height: to - from,
        }) +
        tag('rect', {
          class: `strip b${kind % BAND_COLOURS}`,
          x: strip,
          y: from,
          width: 6,
          height: to - from,
        }) +
        text.map((line, at) => label(line, right + 46, textTop + at * 14, { class: 'small' })).join('')
      );
    })
    .join('');
}

function drawMessages(
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
  { lanes, laneX, bottom, width }: Drawing,
  kindOf: KindOf,
  labels: LabelRoom,
): string {
  const x1 = laneX(present(lanes.of.get(message.src)));
  const x2 = laneX(present(lanes.of.get(message.dest)));
  const isLost = lostY !== undefined && receivedY.length === 0;
  const kind = isLost ? 'lost' : colourKind(message, type, kindOf);
  const colour = KINDS.find((one) => one.kind === kind)?.colour ?? 's6';
  const parts: string[] = [];
  let endY: number | undefined;
  for (const y of receivedY) {
    endY ??= y;
    parts.push(arrow(x1, sentY, x2, y, colour));
  }
  if (lostY !== undefined) {
    endY ??= lostY;
    const [x, y] = [x1 + (x2 - x1) * 0.72, sentY + (lostY - sentY) * 0.72];
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
  const [middleX, middleY] = [(x1 + x2) / 2, (sentY + (endY ?? sentY)) / 2 - 3];
  parts.push(
    labelOf(text, `${type}${times}`, { x1, x2, middleX, middleY, endY: endY ?? sentY, width }, labels),
  );
  const fate = isLost ? `, lost (${message.lost?.reason ?? ''})` : '';
  const about = `${message.src} to ${message.dest} at ${(message.sentNanos / 1e9).toFixed(6)} s${fate}: ${body}`;
  return `<g><title>${escapeMarkup(about, 220)}</title>${parts.join('')}</g>`;
}

interface LabelPlace {
  readonly x1: number;
  readonly x2: number;
  readonly middleX: number;
  readonly middleY: number;
  readonly endY: number;
  /** Of the picture. */
  readonly width: number;
}

/**
 * Draws the label on the arrow if there is room, in full or as the type only; otherwise to its right. Returns an empty
 * text if there is no room at all.
 */
function labelOf(
  text: string,
  short: string,
  { x1, x2, middleX, middleY, endY, width }: LabelPlace,
  labels: LabelRoom,
): string {
  if (text === '') return '';
  const length = Math.abs(x2 - x1) - 8;
  const fitted = shortened(text, LABEL, length);
  // A part of the type would be meaningless.
  const onIt = fitted.length >= short.length ? fitted : undefined;
  if (onIt !== undefined) {
    const wide = textWidth(onIt, LABEL);
    if (labels.take(middleX - wide / 2, middleY, wide))
      return label(onIt, middleX, middleY, { class: 'middle tiny halo' });
  }
  const beside = Math.max(x1, x2) + (x1 === x2 ? 18 : 6);
  for (const whole of [text, short]) {
    const candidate = shortened(whole, LABEL, width - beside);
    if (labels.take(beside, endY - 2, textWidth(candidate, LABEL)))
      return label(candidate, beside, endY - 2, { class: 'tiny halo' });
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
  const head = `M${px(x2)} ${px(y2)}l${px(-8 * ux + 3.4 * uy)} ${px(-8 * uy - 3.4 * ux)}l${px(-6.8 * uy)} ${px(6.8 * ux)}z`;
  return (
    tag('path', {
      class: `arrow ${colour}`,
      d: `M${px(x1)} ${px(y1)}L${px(x2 - 5 * ux)} ${px(y2 - 5 * uy)}`,
    }) + tag('path', { class: `head ${colour}`, d: head })
  );
}
