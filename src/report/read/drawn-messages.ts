/** Consecutive messages as messages.svg draws them: the fate of each, and the texts of those it shows. */
import { present } from '../../columns/present.ts';
import { decodeEvent, EVENT_BYTES, HEADER_BYTES } from '../../network/journal/journal-format.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { withBodies } from '../../recording/messages/message-bodies.ts';
import type { MessageColumns } from '../../recording/messages/message-columns.ts';
import { LOST, RECEIVED } from '../../recording/messages/message-flags.ts';
import { typeOf } from '../../recording/messages/message-table.ts';
import type { JournalSource } from '../../recording/run-source.ts';

export interface DrawnMessage {
  readonly id: number;
  readonly src: string;
  readonly dest: string;
  readonly sentNanos: number;
  /** Several if it was duplicated, none if it was lost or still in flight. */
  readonly receivedNanos: readonly number[];
  readonly lost?: { readonly timeNanos: number; readonly reason: string } | undefined;
  /** Number of additional copies sent. */
  readonly copies: number;
}

export interface MessageText {
  /** The body's `type`; empty if it has none. */
  readonly type: string;
  /** Type and content in a few words, without fields that only number messages; safe to show. */
  readonly payload: string;
  /** The beginning of the body, safe to show. */
  readonly text: string;
}

/** Where in a journal the drawing begins. */
export interface JournalPlace {
  readonly message: number;
  /** Number of events before those of that message. */
  readonly event: number;
}

export const BEGINNING: JournalPlace = { message: 0, event: 0 };

const TEXT = 500;
const TEXT_BYTES = 2048;

export function drawnMessages(
  journal: MessageColumns,
  { message: first }: JournalPlace,
  most: number,
): DrawnMessage[] {
  const count = Math.max(0, Math.min(journal.messageCount - first, most));
  if (count === 0) return [];
  const { names, src, dest, sent, end, flags } = journal;
  return Array.from({ length: count }, (_, at): DrawnMessage => {
    const id = first + at;
    const isReceived = (present(flags[id]) & RECEIVED) !== 0;
    const isLost = (present(flags[id]) & LOST) !== 0;
    const ended = present(end[id]);
    const reason = names[journal.dropReasons.get(id) ?? -1] ?? '';
    return {
      id,
      src: names[present(src[id])] ?? '',
      dest: names[present(dest[id])] ?? '',
      sentNanos: present(sent[id]),
      receivedNanos: isReceived ? [ended, ...(journal.copies.get(id) ?? [])] : [],
      lost: isLost ? { timeNanos: journal.otherLosses.get(id) ?? ended, reason } : undefined,
      copies: journal.duplicates.get(id) ?? 0,
    };
  });
}

/** Reads the texts of messages with the journal opened once. */
export function withTexts<T>(
  journal: MessageColumns,
  use: (textOf: (message: DrawnMessage) => MessageText) => T,
): T {
  return withBodies(journal, (read) =>
    use(({ id }) => {
      const { text } = read(id, TEXT_BYTES);
      const type = shownText(typeOf(read, id), 60);
      return { type, payload: payloadOf(type, text), text: shownText(text, TEXT) };
    }),
  );
}

/** Maximum length in characters, as in upstream's pictures. */
const PAYLOAD = 48;
const NUMBERS: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);

/** Returns `broadcast message 5`; only the type if the body is cut off or not an object. */
function payloadOf(type: string, body: string): string {
  let read: unknown;
  try {
    read = JSON.parse(body);
  } catch {
    return type;
  }
  if (typeof read !== 'object' || read === null) return type;
  const parts = Object.entries(read).flatMap(([name, value]) =>
    NUMBERS.has(name) ? [] : [`${name} ${JSON.stringify(value)}`],
  );
  const text = [type, parts.join(', ')].join(' ').trim();
  return shownText(text.length > PAYLOAD ? `${text.slice(0, PAYLOAD - 1)}…` : text, PAYLOAD);
}

/**
 * Returns where to begin so that `before` events precede that time (as in the journal's files); earlier if fewer than
 * `most` events would follow. The result is the first message sent from there on.
 */
export function placeBefore(
  { events }: JournalSource,
  timeNanos: number,
  { before, most }: { readonly before: number; readonly most: number },
): JournalPlace {
  return events.look(({ size, read }) => {
    const count = Math.max(0, Math.floor((size - HEADER_BYTES) / EVENT_BYTES));
    const record = new Uint8Array(EVENT_BYTES);
    const view = new DataView(record.buffer);
    const eventAt = (number: number): ReturnType<typeof decodeEvent> => {
      read(record, HEADER_BYTES + number * EVENT_BYTES);
      return decodeEvent(view, 0);
    };
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (eventAt(middle).timeNanos < timeNanos) low = middle + 1;
      else high = middle;
    }
    for (let event = Math.max(0, Math.min(low - before, count - most)); event < count; event++) {
      const { kind, messageId } = eventAt(event);
      if (kind === 'sent') return { message: messageId, event };
    }
    return BEGINNING;
  });
}
