/** The first messages of a run as pictures and pages need them: with their type, their text, and what became of each. */
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
  /** The first of them, in order of id: that of sending. */
  readonly messages: readonly RunMessage[];
}

export interface MessageLimits {
  readonly messages: number;
  /** Characters of a body. */
  readonly text: number;
  /** Characters of all bodies together; later messages come without text. */
  readonly allText: number;
}

interface Fate {
  received: number[];
  lost?: { readonly timeNanos: number; readonly reason: string };
  copies: number;
}

export function readMessages(journal: JournalReader, limits: MessageLimits): MessagesOfRun {
  const count = Math.min(journal.messageCount, limits.messages);
  const sent = new Float64Array(count);
  const fates: Fate[] = Array.from({ length: count }, () => ({ received: [], copies: 0 }));
  // A message that was under way for long may have its end far behind; past twice the events it counts as under way.
  const events = Math.min(journal.eventCount, Math.max(4 * limits.messages, 1000));
  for (let number = 0; number < events; number++) {
    const event = journal.event(number);
    const fate = fates[event.messageId];
    if (fate === undefined) continue;
    if (event.kind === 'sent') sent[event.messageId] = event.timeNanos;
    else note(fate, event);
  }
  let room = limits.allText;
  const messages = fates.map((fate, id): RunMessage => {
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
      sentNanos: sent[id] ?? 0,
      receivedNanos: fate.received,
      lost: fate.lost,
      copies: fate.copies,
    };
  });
  return { total: journal.messageCount, totalEvents: journal.eventCount, messages };
}

function note(fate: Fate, event: JournalEvent): void {
  const { timeNanos } = event;
  if (event.kind === 'received') fate.received.push(timeNanos);
  else if (event.kind === 'dropped') fate.lost = { timeNanos, reason: event.reason };
  else if (event.kind === 'duplicated') fate.copies += event.copies;
}

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
