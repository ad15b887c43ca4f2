/**
 * A journal as columns of numbers, one row per message: 25 bytes each, so that ten million fit into memory and a window
 * of time is found by binary search. Each refresh reads what has been written since, also during a run.
 */
import { addTo } from '../../columns/groups.ts';
import { present } from '../../columns/present.ts';
import { lengthened } from '../../columns/column.ts';
import {
  EVENT_BYTES,
  eventDetail,
  eventKindNumber,
  eventMessageId,
  eventTime,
  HEADER_BYTES,
  headerProblem,
  KIND_NUMBERS,
  MESSAGE_BYTES,
} from '../../network/journal/journal-format.ts';
import { UserError } from '../../protocol/user-error.ts';
import { DUPLICATED, LOST, RECEIVED } from './message-flags.ts';
import { wholeText, type JournalSource, type RunFile, type ScannedFile } from '../run-source.ts';

/**
 * Log2 of the number of rows in a block whose latest end is stored, so that a window need not examine all earlier
 * messages.
 */
export const BLOCK_SHIFT = 10;
/** Ten times what easily fits into memory; a larger count means an invalid journal, or one for another machine. */
const MOST_MESSAGES = 1e8;
const CHUNK_RECORDS = 1 << 18;
const MESSAGE_WORDS = MESSAGE_BYTES / 4;
const EVENT_WORDS = EVENT_BYTES / 4;
const { sent: SENT, received: ARRIVED, dropped: DROPPED, duplicated: COPIED } = KIND_NUMBERS;

export class MessageColumns {
  messageCount = 0;
  /** Number of messages in the journal; exceeds `messageCount` only if it exceeds `most`. */
  recordedCount = 0;
  eventCount = 0;
  /** Number of events in the journal, likewise. */
  recordedEvents = 0;
  lostCount = 0;
  duplicatedCount = 0;
  /** Time of the last event. */
  endNanos = 0;
  names: readonly string[] = [];
  /** Indexed by message id; ascending, since ids follow the order of sending. */
  sent = new Float64Array(0);
  /** The first arrival, or the loss; NaN while in flight. */
  end = new Float64Array(0);
  src = new Uint32Array(0);
  dest = new Uint32Array(0);
  /** Bits RECEIVED, LOST, DUPLICATED. */
  flags = new Uint8Array(0);
  /** The latest end in each block of rows. */
  blockEnd = new Float64Array(0);
  /** Arrivals after the first, of duplicated messages. */
  readonly copies = new Map<number, number[]>();
  /** Number of copies sent, of duplicated messages. */
  readonly duplicates = new Map<number, number>();
  /**
   * Time of a copy's loss, the last one, if that is not the message's end, because another copy arrived or was lost
   * before.
   */
  readonly otherLosses = new Map<number, number>();
  /** Reasons of losses, as numbers of names. */
  readonly dropReasons = new Map<number, number>();
  readonly reasonNames = new Set<number>();
  private refreshing: Promise<void> | undefined;

  /** Subtracted from the times in the files. */
  private zero = 0;

  /** Reads only the first `most` messages and their events. */
  constructor(
    readonly source: JournalSource,
    private readonly most = Infinity,
  ) {}

  /** The time in the files that counts as 0. */
  get zeroNanos(): number {
    return this.zero;
  }

  /** Time of the first event. */
  get startNanos(): number {
    return this.messageCount === 0 ? 0 : present(this.sent[0]);
  }

  /** Reads what has been written since; concurrent calls share one read. Rejects if the journal is invalid. */
  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private read(): Promise<void> {
    const { source } = this;
    this.shiftTo(source.zeroNanos());
    // Sizes first, then content, in the reverse order of writing, so that everything an event refers to is available.
    return scanRecords(source.events, EVENT_BYTES, async (events) => {
      await scanRecords(source.messages, MESSAGE_BYTES, async (messages) => {
        this.readNames();
        await this.readMessages(messages);
      });
      await this.readEvents(events);
    });
  }

  private readNames(): void {
    const lines = wholeText(this.source.names).split('\n');
    lines.pop();
    // Each line was written by JSON.stringify of a string.
    if (lines.length > this.names.length) this.names = lines.map((line) => JSON.parse(line) as string);
  }

  private async readMessages({ read, count: recorded }: Records): Promise<void> {
    this.recordedCount = recorded;
    const count = Math.min(recorded, this.most);
    if (count > MOST_MESSAGES)
      throw new UserError(
        `${this.source.messages.path} says that there were ${count} messages, which are too many to show.`,
      );
    this.reserve(count);
    const chunk = new Uint32Array(Math.min(CHUNK_RECORDS, count - this.messageCount) * MESSAGE_WORDS);
    while (this.messageCount < count) {
      const first = this.messageCount;
      const got = await read(chunk, first, Math.min(CHUNK_RECORDS, count - first));
      if (got === 0) return;
      const { src, dest } = this;
      for (let i = 0, at = 0; i < got; i++, at += MESSAGE_WORDS) {
        src[first + i] = present(chunk[at]);
        dest[first + i] = present(chunk[at + 1]);
      }
      this.messageCount += got;
    }
  }

  private async readEvents({ read, count: recorded }: Records): Promise<void> {
    this.recordedEvents = recorded;
    // At most four events per message are read. If a message stays in flight for very long, its end lies beyond them.
    const count = Math.min(recorded, Math.max(4 * this.most, 1000));
    const chunk = new Uint32Array(
      Math.min(CHUNK_RECORDS, Math.max(0, count - this.eventCount)) * EVENT_WORDS,
    );
    while (this.eventCount < count) {
      const first = this.eventCount;
      const got = await read(chunk, first, Math.min(CHUNK_RECORDS, count - first));
      const taken = this.takeEvents(chunk, got);
      this.eventCount += taken;
      if (taken < got || got === 0) return;
    }
  }

  /** Calls back for each event of the loaded messages, in the order of the journal; times are those of the file. */
  eachEvent(visit: (timeNanos: number, kind: number, id: number, detail: number) => void): Promise<void> {
    if (this.eventCount === 0) return Promise.resolve();
    return scanRecords(this.source.events, EVENT_BYTES, async ({ read }) => {
      const chunk = new Uint32Array(Math.min(CHUNK_RECORDS, this.eventCount) * EVENT_WORDS);
      for (let first = 0; first < this.eventCount;) {
        const got = await read(chunk, first, Math.min(CHUNK_RECORDS, this.eventCount - first));
        if (got === 0) return;
        for (let at = 0; at < got * EVENT_WORDS; at += EVENT_WORDS) {
          const [kindWord, idWord] = [present(chunk[at + 1]), present(chunk[at + 3])];
          const id = eventMessageId(present(chunk[at + 2]), idWord);
          if (id >= this.messageCount) continue;
          visit(eventTime(present(chunk[at]), kindWord), eventKindNumber(kindWord), id, eventDetail(idWord));
        }
        first += got;
      }
    });
  }

  /** Returns how many of the chunk's events could be taken: those before the first whose message is not loaded yet. */
  private takeEvents(chunk: Uint32Array, count: number): number {
    const { sent, end, flags, blockEnd, messageCount, most, zero } = this;
    let time = this.endNanos;
    for (let i = 0, at = 0; i < count; i++, at += EVENT_WORDS) {
      const kindWord = present(chunk[at + 1]);
      const idWord = present(chunk[at + 3]);
      const id = eventMessageId(present(chunk[at + 2]), idWord);
      if (id >= messageCount) {
        if (id >= most) continue;
        this.endNanos = time;
        return i;
      }
      time = eventTime(present(chunk[at]), kindWord) - zero;
      const kind = eventKindNumber(kindWord);
      if (kind === SENT) sent[id] = time;
      else if (kind === ARRIVED && (present(flags[id]) & (RECEIVED | DUPLICATED)) === 0) {
        flags[id] = RECEIVED;
        end[id] = time;
      } else this.takeRareEvent(kind, id, time, eventDetail(idWord));
      const block = id >>> BLOCK_SHIFT;
      if (present(blockEnd[block]) < time) blockEnd[block] = time;
    }
    this.endNanos = time;
    return count;
  }

  private takeRareEvent(kind: number, id: number, time: number, detail: number): void {
    const { flags, end } = this;
    const had = present(flags[id]);
    if (kind === COPIED) {
      flags[id] = had | DUPLICATED;
      this.duplicatedCount++;
      this.duplicates.set(id, (this.duplicates.get(id) ?? 0) + detail);
      return;
    }
    if (kind === DROPPED) {
      if ((had & LOST) === 0) this.lostCount++;
      flags[id] = had | LOST;
      if ((had & (RECEIVED | LOST)) !== 0) this.otherLosses.set(id, time);
      this.dropReasons.set(id, detail);
      this.reasonNames.add(detail);
    } else {
      flags[id] = had | RECEIVED;
      if ((had & LOST) !== 0 && !this.otherLosses.has(id)) this.otherLosses.set(id, present(end[id]));
      if ((had & RECEIVED) !== 0) {
        addTo(this.copies, id, time);
      } else end[id] = time;
    }
    if (Number.isNaN(end[id])) end[id] = time;
  }

  /**
   * Shifts the loaded times to another zero: only a few from the start of the run, which were read before the zero was
   * known.
   */
  private shiftTo(zero: number): void {
    const by = zero - this.zero;
    if (by === 0) return;
    this.zero = zero;
    for (const times of [this.sent, this.end, this.blockEnd]) {
      for (let at = 0; at < times.length; at++) times[at] = present(times[at]) - by;
    }
    for (const [id, time] of this.otherLosses) this.otherLosses.set(id, time - by);
    for (const [id, times] of this.copies)
      this.copies.set(
        id,
        times.map((time) => time - by),
      );
    if (this.eventCount > 0) this.endNanos -= by;
  }

  private reserve(count: number): void {
    const { length } = this.sent;
    if (count <= length) return;
    const size = length === 0 ? count : Math.max(count, 2 * length);
    this.sent = lengthened(this.sent, size);
    this.end = lengthened(this.end, size).fill(Number.NaN, length);
    this.src = lengthened(this.src, size);
    this.dest = lengthened(this.dest, size);
    this.flags = lengthened(this.flags, size);
    const blocks = this.blockEnd.length;
    // Times may be negative.
    this.blockEnd = lengthened(this.blockEnd, (size >>> BLOCK_SHIFT) + 1).fill(-Infinity, blocks);
  }
}

export interface Records {
  readonly count: number;
  /**
   * Reads records as words; returns the number of complete ones. The files and all machines that run Node are
   * little-endian.
   */
  readonly read: (into: Uint32Array, first: number, count: number) => Promise<number>;
}

export function scanRecords(
  file: RunFile,
  recordBytes: number,
  use: (records: Records) => Promise<void>,
): Promise<void> {
  return file.scan(async ({ size, read }) => {
    const problem = await problemOfHeader(read, recordBytes);
    if (problem !== undefined) throw new UserError(`${file.path} cannot be read: ${problem}.`);
    await use({
      count: Math.max(0, Math.floor((size - HEADER_BYTES) / recordBytes)),
      read: async (into, first, count) => {
        const bytes = new Uint8Array(into.buffer, 0, count * recordBytes);
        return Math.floor((await read(bytes, HEADER_BYTES + first * recordBytes)) / recordBytes);
      },
    });
  });
}

async function problemOfHeader(read: ScannedFile['read'], recordBytes: number): Promise<string | undefined> {
  const header = new Uint8Array(HEADER_BYTES);
  const bytes = await read(header, 0);
  // A run that has just begun has not written anything yet.
  return bytes === 0 ? undefined : headerProblem(header.subarray(0, bytes), recordBytes);
}
