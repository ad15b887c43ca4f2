/** The rows of the space-time diagram: one for each event, and the position of each message's events. */
import type { DrawnMessage } from '../read/drawn-messages.ts';

export const ROW = 15;
export const TOP = 96;
/** Number of rows after which the names of lanes are repeated, so that they stay in view while scrolling. */
const ROWS_A_HEADER = 44;

export type Event = { readonly timeNanos: number; readonly message: DrawnMessage } & (
  { readonly kind: 'sent' } | { readonly kind: 'received' } | { readonly kind: 'lost' }
);

export interface Row {
  readonly timeNanos: number;
  readonly y: number;
}

/** A horizontal line with a label. */
export interface Mark {
  readonly timeNanos: number;
  readonly text: string;
}

/** Returns the events in order of time, then in order of messages. */
export function eventsOf(messages: readonly DrawnMessage[]): Event[] {
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
export interface MessageRows {
  readonly message: DrawnMessage;
  readonly sentY: number;
  readonly receivedY: number[];
  lostY: number | undefined;
}

/** Assigns rows; each mark gets its own row, so that its line crosses no text. */
export function layOut(
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
