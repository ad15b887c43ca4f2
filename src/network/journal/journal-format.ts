/**
 * The journal's files, version 1: pure encoding and decoding, little-endian.
 *
 *     bodies.ndjson   one message per line, in order of ids, as nodes read: {"id":0,"src":"n1","dest":"n2","body":{...}}
 *     messages.bin    header; then 20 bytes per message, ordered by id: src u32, dest u32 (numbers of names), body's
 *                     offset in bodies.ndjson u32 low, u32 high, body's length u32
 *     events.bin      header; then 16 bytes per event, ordered by time: time u32 low, u24 high, kind u8 (the top byte),
 *                     message id u32 low, u8 high (the top byte), detail u24
 *     causes.bin      header; then 16 bytes per message, ordered by id: its identity u32 low, u32 high; the message it
 *                     follows from u32 low, u8 high (the top byte), how u24 (below). In the real world it exists if a node
 *                     reported causes; messages then have no identity, and some have no known cause
 *     names.ndjson    one JSON string per line, numbered from 0: names of endpoints, and reasons of drops
 *
 * Times are on the world's clock, counted from the start of the nodes; the times of a history begin later, see
 * store/run-zero.ts.
 *
 * A header is 16 bytes: the magic text, the version u32, the size of a record u32. Files are written in the order
 * bodies, names, causes, messages, events, so that nothing refers to data that is not written yet. A truncated record
 * at the end must be ignored.
 */
import { NO_ORIGIN, originOf, type Origin } from '../../world/cause.ts';
import type { Packet } from '../../world/world.ts';
import type { JournalEvent } from './journal.ts';

const JOURNAL_VERSION = 1;
export const HEADER_BYTES = 16;
export const EVENT_BYTES = 16;
export const MESSAGE_BYTES = 20;
export const CAUSE_BYTES = 16;

export const JOURNAL_FILES = {
  bodies: 'bodies.ndjson',
  names: 'names.ndjson',
  causes: 'causes.bin',
  messages: 'messages.bin',
  events: 'events.bin',
} as const;

/** Describes each file, in Markdown. */
export const JOURNAL_FILE_MEANINGS: Readonly<Record<keyof typeof JOURNAL_FILES, string>> = {
  bodies: 'One message per line, ordered by id, as nodes read it; suitable for `grep`.',
  names:
    'One JSON string per line, numbered from 0: names of nodes, clients and services, and reasons for drops.',
  causes: 'The message that caused each message, if known.',
  messages: 'The sender and receiver of each message, and the position of its body.',
  events: 'When each message was sent, received, dropped (and why) or duplicated.',
};

const MAGIC = 'mlstrom\n';
const TWO_32 = 2 ** 32;
export const EVENT_KINDS = ['sent', 'received', 'dropped', 'duplicated'] as const;
const DETAIL_MASK = 0xffffff;

export type EventKind = (typeof EVENT_KINDS)[number];

export const KIND_NUMBERS = { sent: 0, received: 1, dropped: 2, duplicated: 3 } as const satisfies Readonly<
  Record<EventKind, number>
>;

/** Where the parts of a message are. */
export interface MessageRecord {
  readonly srcName: number;
  readonly destName: number;
  readonly bodyOffset: number;
  readonly bodyBytes: number;
}

/**
 * An event whose reason has not been looked up: `detail` is the number of a drop's reason among the names, or the
 * number of copies.
 */
export interface EventRecord {
  readonly timeNanos: number;
  readonly kind: EventKind;
  readonly messageId: number;
  readonly detail: number;
}

export function encodeHeader(recordBytes: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  for (let i = 0; i < MAGIC.length; i++) header[i] = MAGIC.charCodeAt(i);
  const view = new DataView(header.buffer);
  view.setUint32(8, JOURNAL_VERSION, true);
  view.setUint32(12, recordBytes, true);
  return header;
}

/** Returns what is wrong with a header, or undefined for this version with records of that size. */
export function headerProblem(header: Uint8Array, recordBytes: number): string | undefined {
  if (header.length < HEADER_BYTES) return `its header has ${header.length} of ${HEADER_BYTES} bytes`;
  if (String.fromCharCode(...header.subarray(0, 8)) !== MAGIC) return 'it is not a journal file';
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const version = view.getUint32(8, true);
  if (version > JOURNAL_VERSION)
    return `it has version ${version}, and this program knows versions up to ${JOURNAL_VERSION}; use a newer one`;
  const size = view.getUint32(12, true);
  return size === recordBytes ? undefined : `its records have ${size} bytes, expected ${recordBytes}`;
}

export function encodeEvent(
  view: DataView,
  at: number,
  kind: EventKind,
  timeNanos: number,
  messageId: number,
  detail: number,
): void {
  const timeHigh = Math.floor(timeNanos / TWO_32);
  const idHigh = Math.floor(messageId / TWO_32);
  view.setUint32(at, timeNanos - timeHigh * TWO_32, true);
  view.setUint32(at + 4, (KIND_NUMBERS[kind] << 24) | timeHigh, true);
  view.setUint32(at + 8, messageId - idHigh * TWO_32, true);
  view.setUint32(at + 12, (idHigh << 24) | Math.min(detail, DETAIL_MASK), true);
}

/** These decode the parts of an event from its four 32-bit words, for readers of many events at once. */
export const eventTime = (word1: number, word2: number): number => (word2 & 0xffffff) * TWO_32 + word1;
/** One of KIND_NUMBERS, or an unassigned number. */
export const eventKindNumber = (word2: number): number => word2 >>> 24;
export const eventMessageId = (word3: number, word4: number): number => (word4 >>> 24) * TWO_32 + word3;
export const eventDetail = (word4: number): number => word4 & DETAIL_MASK;

/** Throws a RangeError for a kind that does not exist. */
export function decodeEvent(view: DataView, at: number): EventRecord {
  const kindWord = view.getUint32(at + 4, true);
  const idWord = view.getUint32(at + 12, true);
  const kind = EVENT_KINDS[eventKindNumber(kindWord)];
  if (kind === undefined)
    throw new RangeError(`the journal's events have no kind ${eventKindNumber(kindWord)}`);
  return {
    timeNanos: eventTime(view.getUint32(at, true), kindWord),
    kind,
    messageId: eventMessageId(view.getUint32(at + 8, true), idWord),
    detail: eventDetail(idWord),
  };
}

/** Returns the event that a record encodes; `name` returns the text of a number. */
export function eventOf(record: EventRecord, name: (number: number) => string): JournalEvent {
  const { kind, timeNanos, messageId, detail } = record;
  switch (kind) {
    case 'sent':
    case 'received':
      return { kind, timeNanos, messageId };
    case 'dropped':
      return { kind, timeNanos, messageId, reason: name(detail) };
    case 'duplicated':
      return { kind, timeNanos, messageId, copies: detail };
  }
}

export function encodeMessage(
  view: DataView,
  at: number,
  srcName: number,
  destName: number,
  bodyOffset: number,
  bodyBytes: number,
): void {
  const offsetHigh = Math.floor(bodyOffset / TWO_32);
  view.setUint32(at, srcName, true);
  view.setUint32(at + 4, destName, true);
  view.setUint32(at + 8, bodyOffset - offsetHigh * TWO_32, true);
  view.setUint32(at + 12, offsetHigh, true);
  view.setUint32(at + 16, bodyBytes, true);
}

export function decodeMessage(view: DataView, at: number): MessageRecord {
  return {
    srcName: view.getUint32(at, true),
    destName: view.getUint32(at + 4, true),
    bodyOffset: view.getUint32(at + 12, true) * TWO_32 + view.getUint32(at + 8, true),
    bodyBytes: view.getUint32(at + 16, true),
  };
}

/** How a message follows from another: not at all, from its handling, or from a timer set there. */
const FOLLOWS = { none: 0, handling: 1, timer: 2 } as const;
/** Added when the sender reported the cause; the message then has no identity. */
const SAID = 4;
const UNKNOWN = 3;

/** The known cause of a message: in the simulated world a cause, in the real world at most an origin. */
export type KnownCause = Pick<Packet, 'cause' | 'origin'>;

export function encodeCause(view: DataView, at: number, known: KnownCause): void {
  const { message, byTimer } = originOf(known) ?? NO_ORIGIN;
  const id = known.cause?.id ?? 0;
  const idHigh = Math.floor(id / TWO_32);
  const messageHigh = Math.floor((message ?? 0) / TWO_32);
  const follows = message !== undefined ? (byTimer ? FOLLOWS.timer : FOLLOWS.handling) : FOLLOWS.none;
  const how = known.cause !== undefined ? follows : known.origin !== undefined ? follows + SAID : UNKNOWN;
  view.setUint32(at, id - idHigh * TWO_32, true);
  view.setUint32(at + 4, idHigh, true);
  view.setUint32(at + 8, (message ?? 0) - messageHigh * TWO_32, true);
  view.setUint32(at + 12, (messageHigh << 24) | how, true);
}

export function decodeCause(view: DataView, at: number): KnownCause {
  const last = view.getUint32(at + 12, true);
  const origin = originIn(view.getUint32(at + 8, true), last);
  if (origin === undefined || (last & SAID) !== 0) return { origin };
  return { cause: { id: view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true), origin } };
}

/** Decodes the third and fourth of a record's 32-bit words; undefined if unknown. */
export function originIn(word3: number, word4: number): Origin | undefined {
  const follows = word4 & DETAIL_MASK & ~SAID;
  if (follows === FOLLOWS.none) return NO_ORIGIN;
  if (follows !== FOLLOWS.handling && follows !== FOLLOWS.timer) return undefined;
  return { message: (word4 >>> 24) * TWO_32 + word3, byTimer: follows === FOLLOWS.timer };
}
