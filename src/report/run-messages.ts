/** Messages of a run as pictures and pages need them: with their type, their text, and what became of each. */
import type { JournalEvent, JournalReader } from '../network/journal.ts';
import { shownText } from '../protocol/shown-text.ts';

export interface RunMessage {
  readonly id: number;
  readonly src: string;
  readonly dest: string;
  /** The body's `type`; empty when it has none. */
  readonly type: string;
  /** The body, safe to show, cut after some hundred characters. */
  readonly text: string;
  readonly sentNanos: number;
  /** More than one when it was duplicated, none when it was lost or still on its way. */
  readonly receivedNanos: readonly number[];
  readonly lost?: { readonly timeNanos: number; readonly reason: string } | undefined;
  /** How many more were put on their way. */
  readonly copies: number;
}

export interface MessagesOfRun {
  /** In the journal; `messages` may be fewer. */
  readonly total: number;
  readonly totalEvents: number;
  /** Events before those of the messages at hand: none, unless they were read from somewhere in the middle. */
  readonly eventsBefore: number;
  /** Some that follow one another, in order of id: that of sending. */
  readonly messages: readonly RunMessage[];
}

export interface MessageLimits {
  readonly messages: number;
  /** Characters of a body. */
  readonly text: number;
  /** Characters of all bodies together; later messages come without text. */
  readonly allText: number;
}

/** From the event of that number on; the first messages if it is left out. */
export function readMessages(journal: JournalReader, limits: MessageLimits, firstEvent = 0): MessagesOfRun {
  const begin = firstEvent === 0 ? { event: 0, message: 0 } : firstSentFrom(journal, firstEvent);
  const count = Math.min(journal.messageCount - begin.message, limits.messages);
  const fates = new Fates(count);
  // A message that was under way for long may have its end far behind; past twice the events it counts as under way.
  const end = Math.min(journal.eventCount, begin.event + Math.max(4 * limits.messages, 1000));
  for (let number = begin.event; number < end; number++) {
    const event = journal.event(number);
    const at = event.messageId - begin.message;
    if (at >= 0 && at < count) fates.note(at, event);
  }
  let room = limits.allText;
  const messages = Array.from({ length: count }, (_, at): RunMessage => {
    const id = begin.message + at;
    const { src, dest, body } = journal.message(id);
    const raw = body.toString('utf8');
    const text = room > 0 ? shownText(raw, limits.text) : '';
    room -= text.length;
    return {
      id,
      src,
      dest,
      type: shownText(messageType(raw), 60),
      text,
      sentNanos: fates.sent[at] ?? 0,
      receivedNanos: fates.receivedOf(at),
      lost: fates.lost.get(at),
      copies: fates.copies.get(at) ?? 0,
    };
  });
  return {
    total: journal.messageCount,
    totalEvents: journal.eventCount,
    eventsBefore: begin.event,
    messages,
  };
}

/** The number of the first event at that time or later. */
export function firstEventAt(journal: JournalReader, timeNanos: number): number {
  let [low, high] = [0, journal.eventCount];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (journal.event(middle).timeNanos < timeNanos) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first message sent at that event or after it. */
function firstSentFrom(
  journal: JournalReader,
  firstEvent: number,
): { readonly event: number; readonly message: number } {
  for (let number = firstEvent; number < journal.eventCount; number++) {
    const event = journal.event(number);
    if (event.kind === 'sent') return { event: number, message: event.messageId };
  }
  return { event: journal.eventCount, message: journal.messageCount };
}

/** What became of so many messages, in columns: nearly all were received once. */
class Fates {
  readonly sent: Float64Array;
  readonly lost = new Map<number, { readonly timeNanos: number; readonly reason: string }>();
  readonly copies = new Map<number, number>();
  private readonly firstReceived: Float64Array;
  private readonly receivedAgain = new Map<number, number[]>();

  constructor(count: number) {
    this.sent = new Float64Array(count);
    this.firstReceived = new Float64Array(count).fill(NaN);
  }

  note(at: number, event: JournalEvent): void {
    const { timeNanos } = event;
    if (event.kind === 'sent') this.sent[at] = timeNanos;
    else if (event.kind === 'dropped') this.lost.set(at, { timeNanos, reason: event.reason });
    else if (event.kind === 'duplicated') this.copies.set(at, (this.copies.get(at) ?? 0) + event.copies);
    else if (Number.isNaN(this.firstReceived[at])) this.firstReceived[at] = timeNanos;
    else this.receivedAgain.set(at, [...(this.receivedAgain.get(at) ?? []), timeNanos]);
  }

  receivedOf(at: number): readonly number[] {
    const first = this.firstReceived[at] ?? NaN;
    if (Number.isNaN(first)) return NEVER;
    return [first, ...(this.receivedAgain.get(at) ?? [])];
  }
}

const NEVER: readonly number[] = [];

const LONGEST_PARSED = 100_000;

/** The `type` of a body, given its JSON. */
export function messageType(body: string): string {
  const early = /^\s*\{\s*"type"\s*:\s*"([^"\\]*)"\s*[,}]/.exec(body)?.[1];
  if (early !== undefined) return early;
  if (body.length > LONGEST_PARSED) return '';
  try {
    // Whatever it is, only a `type` that is text is used.
    const { type } = JSON.parse(body) as { readonly type?: unknown };
    return typeof type === 'string' ? type : '';
  } catch {
    return '';
  }
}
