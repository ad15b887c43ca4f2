/**
 * The messages of a run for its stories: when each was sent, arrived or was lost, what caused it, and which messages are replies
 * to it. Bodies are read from the journal on demand.
 */
import { addTo } from '../../columns/groups.ts';
import { firstNotBefore } from '../../columns/lower-bound.ts';
import { present } from '../../columns/present.ts';
import { mayContainEncoded, withDecodedTexts } from '../../protocol/encoded-value.ts';
import {
  elementsOf,
  entriesOf,
  isJsonObject,
  parseJson,
  stringifyJson,
  valueText,
  type Json,
  type JsonObject,
} from '../../protocol/json.ts';
import type { JournalReader } from '../../network/journal/journal.ts';
import { NO_ORIGIN, originOf } from '../../world/cause.ts';

export interface StoryMessage {
  readonly id: number;
  readonly src: string;
  readonly dest: string;
  readonly sentNanos: number;
  /** Arrivals of the message and its copies, in order. */
  readonly arrivals: readonly number[];
  /** Losses of the message and its copies, in order. */
  readonly losses: readonly Loss[];
  /** Number of additional copies sent. */
  readonly copies: number;
  /** The message whose handling sent this one, or set the timer that did; undefined if there is none. */
  readonly origin: number | undefined;
  readonly byTimer: boolean;
  /** True if the cause was not recorded, so that the last message the sender had received is assumed. */
  readonly isGuessed: boolean;
}

export interface Loss {
  readonly timeNanos: number;
  readonly reason: string;
}

/** The part of a journal to load: the last `most` messages sent before a time. */
export interface Stretch {
  /** The zero of the history's times on the journal's clock. */
  readonly zeroNanos: number;
  readonly endNanos: number;
  readonly most: number;
}

/** Maximum length of a body in bytes; longer ones are treated as empty. */
const LONGEST_BODY = 1 << 20;

type Writable = {
  -readonly [Key in keyof StoryMessage]: StoryMessage[Key];
} & { arrivals: number[]; losses: Loss[] };

export class StoryMessages {
  /** In order of sending. */
  readonly all: readonly StoryMessage[];
  /** True if the cause of any message is known. */
  readonly hasCauses: boolean;
  /** Number of messages before the first one loaded. */
  readonly skipped: number;
  /** True if there are other messages before or after these. */
  readonly isCut: boolean;
  private readonly byId = new Map<number, StoryMessage>();
  private readonly children = new Map<number, number[]>();
  private readonly replies = new Map<number, number[]>();
  private readonly requests = new Map<number, number>();

  constructor(
    private readonly journal: JournalReader,
    stretch: Stretch,
    private readonly isClient: (name: string) => boolean,
  ) {
    const { messages, first } = readMessages(journal, stretch);
    this.skipped = first;
    this.isCut = journal.messageCount > stretch.most;
    this.hasCauses = messages.some(({ origin }) => origin !== undefined);
    guessOrigins(messages, isClient);
    this.all = messages;
    for (const message of messages) {
      this.byId.set(message.id, message);
      if (message.origin !== undefined) addTo(this.children, message.origin, message.id);
    }
    this.pair();
  }

  /** Returns the messages sent between two times, both excluded. */
  sentBetween(sinceNanos: number, untilNanos: number): readonly StoryMessage[] {
    const sent = (at: number): number => present(this.all[at]).sentNanos;
    const first = firstNotBefore(this.all.length, (at) => sent(at) <= sinceNanos);
    return this.all.slice(
      first,
      firstNotBefore(this.all.length, (at) => sent(at) < untilNanos),
    );
  }

  at(id: number): StoryMessage | undefined {
    return this.byId.get(id);
  }

  /** False for a message of the run that is not among these. */
  isLoaded(id: number | undefined): boolean {
    return id === undefined || this.skipped === 0 || this.byId.has(id);
  }

  /** Returns the messages it caused: those sent while handling it, or by timers set then. */
  childrenOf(id: number): readonly number[] {
    return this.children.get(id) ?? [];
  }

  replyTo(id: number): number | undefined {
    return this.repliesTo(id)[0];
  }

  /** Returns all replies: a request that arrives twice may get two. */
  repliesTo(id: number): readonly number[] {
    return this.replies.get(id) ?? [];
  }

  requestOf(id: number): number | undefined {
    return this.requests.get(id);
  }

  /** Returns an empty object if the body is not a JSON object. Texts that hold lists or maps are decoded. */
  bodyOf(id: number): JsonObject {
    const text = this.textOf(id);
    const body = bodyIn(text);
    const message = this.byId.get(id);
    // What clients send is never encoded, nor are the names of keys.
    if (!mayContainEncoded(text) || message === undefined || this.isWithClient(message)) return body;
    const { key } = body;
    return { ...withDecodedTexts(body), ...(key === undefined ? {} : { key }) };
  }

  /** Returns the JSON in which a value is found wherever the body has it. */
  searchedTextOf(id: number): string {
    const text = this.textOf(id);
    return mayContainEncoded(text) ? `${text} ${decodedText(this.bodyOf(id))}` : text;
  }

  textOf(id: number): string {
    const { body } = this.journal.message(id);
    return body.length > LONGEST_BODY ? '' : body.toString('utf8');
  }

  typeOf(id: number): string {
    const { type } = bodyIn(this.textOf(id));
    return typeof type === 'string' ? type : '?';
  }

  isWithClient({ src, dest }: StoryMessage): boolean {
    return this.isClient(src) || this.isClient(dest);
  }

  /** Pairs replies with requests by `in_reply_to`; of several requests with the same number the last one counts. */
  private pair(): void {
    const open = new Map<string, number>();
    for (const { id, src, dest } of this.all) {
      const { msg_id: number, in_reply_to: answered } = this.numbersOf(id);
      if (answered !== undefined) {
        const request = open.get(`${dest} ${src} ${answered}`);
        if (request !== undefined) {
          addTo(this.replies, request, id);
          this.requests.set(id, request);
        }
      } else this.pairByCause(id);
      if (number !== undefined) open.set(`${src} ${dest} ${number}`, id);
    }
  }

  /** Without message ids, a message sent back while handling another one counts as its reply. */
  private pairByCause(id: number): void {
    const answer = this.byId.get(id);
    const request = answer?.origin === undefined ? undefined : this.byId.get(answer.origin);
    if (answer === undefined || request === undefined || answer.byTimer || answer.isGuessed) return;
    if (this.isWithClient(answer) || answer.src !== request.dest || answer.dest !== request.src) return;
    if (this.requests.has(request.id) || this.numbersOf(request.id).msg_id !== undefined) return;
    addTo(this.replies, request.id, id);
    this.requests.set(id, request.id);
  }

  private numbersOf(id: number): { readonly msg_id?: string; readonly in_reply_to?: string } {
    const text = this.textOf(id);
    if (!text.includes('"msg_id"') && !text.includes('"in_reply_to"')) return {};
    const { msg_id, in_reply_to } = bodyIn(text);
    return {
      ...(msg_id === undefined ? {} : { msg_id: stringifyJson(msg_id) }),
      ...(in_reply_to === undefined ? {} : { in_reply_to: stringifyJson(in_reply_to) }),
    };
  }
}

/** Returns the parts of decoded texts, one after the other. */
function decodedText(value: Json): string {
  const entries = entriesOf(value)?.flat() ?? elementsOf(value);
  return entries === undefined ? valueText(value) : entries.map(decodedText).join(' ');
}

function bodyIn(text: string): JsonObject {
  let body: Json;
  try {
    body = parseJson(text);
  } catch {
    return {};
  }
  return isJsonObject(body) ? body : {};
}

function readMessages(
  journal: JournalReader,
  { zeroNanos, endNanos, most }: Stretch,
): { readonly messages: Writable[]; readonly first: number } {
  const messages: Writable[] = [];
  const end =
    journal.messageCount <= most
      ? journal.eventCount
      : lowerBoundOf(journal.eventCount, (number) => journal.event(number).timeNanos - zeroNanos > endNanos);
  const begin = eventOfStretch(journal, end, most);
  const first = begin === 0 ? 0 : journal.event(begin).messageId;
  for (let number = begin; number < end; number++) {
    const event = journal.event(number);
    const timeNanos = event.timeNanos - zeroNanos;
    if (event.messageId < first) continue;
    if (event.kind === 'sent') {
      const packet = journal.message(event.messageId);
      const { id, src, dest } = packet;
      const known = originOf(packet);
      const { message: origin, byTimer } = known ?? NO_ORIGIN;
      messages[id - first] = {
        id,
        src,
        dest,
        sentNanos: timeNanos,
        arrivals: [],
        losses: [],
        copies: 0,
        origin,
        byTimer,
        isGuessed: known === undefined,
      };
      continue;
    }
    const message = messages[event.messageId - first];
    if (message === undefined) continue;
    if (event.kind === 'received') message.arrivals.push(timeNanos);
    else if (event.kind === 'dropped') message.losses.push({ timeNanos, reason: event.reason });
    else message.copies += event.copies;
  }
  // A truncated journal may lack some messages.
  return { messages: messages.filter((message) => message !== undefined), first };
}

/** Returns the event at which the last `most` messages before the event `end` begin. */
function eventOfStretch(journal: JournalReader, end: number, most: number): number {
  if (journal.messageCount <= most) return 0;
  let begin = end;
  let sent = 0;
  for (let number = end - 1; number >= 0 && sent < most; number--) {
    if (journal.event(number).kind !== 'sent') continue;
    begin = number;
    sent++;
  }
  return sent < most ? 0 : begin;
}

/** Returns the first number below `count` for which `holds` is true, by binary search. */
function lowerBoundOf(count: number, holds: (number: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Without recorded causes, assumes that a message was caused by the last message its sender had received. */
function guessOrigins(messages: readonly Writable[], isClient: (name: string) => boolean): void {
  if (messages.every(({ isGuessed }) => !isGuessed)) return;
  const moments = messages
    .flatMap((message) => [
      { at: message.sentNanos, isArrival: false, message },
      ...message.arrivals.map((at) => ({ at, isArrival: true, message })),
    ])
    .toSorted(
      (a, b) => a.at - b.at || Number(b.isArrival) - Number(a.isArrival) || a.message.id - b.message.id,
    );
  const last = new Map<string, number>();
  for (const { isArrival, message } of moments) {
    if (isArrival) last.set(message.dest, message.id);
    else if (message.isGuessed && !isClient(message.src)) message.origin = last.get(message.src);
  }
}
