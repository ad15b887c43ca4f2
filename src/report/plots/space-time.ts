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
import { bandKinds, type FaultBand } from '../../recording/fault-bands.ts';
import { kindsOf, makeLanes } from '../../recording/lanes.ts';
import type { MessageColumns } from '../../recording/messages/message-columns.ts';
import { BEGINNING, drawnMessages, type DrawnMessage, type JournalPlace } from '../read/drawn-messages.ts';
import { numberOf, type WholeOperation } from '../read/whole-operations.ts';
import { operationText } from '../svg/operation-text.ts';
import { BAND_COLOURS } from '../svg/picture-style.ts';
import { label, px, tag, type Picture } from '../svg/svg.ts';
import { shortened, textWidth, wrapped } from '../svg/text-size.ts';
import { drawMessages, KINDS, type Drawing } from './space-time-arrows.ts';
import { eventsOf, layOut, ROW, TOP, type Event, type Mark, type Row } from './space-time-rows.ts';

export const MOST_EVENTS = 10_000;
/** Number of clients above which they share a lane. */
export const MANY_CLIENTS = 12;
const LEFT = 96;
const FAULT_COLUMN = 190;

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
  const drawing = { lanes, laneX, rows, bottom, right };
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
