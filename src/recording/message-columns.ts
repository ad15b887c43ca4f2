/**
 * A journal as columns of numbers, one row a message: 25 bytes each, so that ten million fit into memory and a window of
 * time is found by binary search. Reads what has been written since whenever it is asked, also while a run goes on.
 */
import { existsSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnFolder, NotPlainFileError, openPlainHandle, readPlain } from '../files/plain-file.ts';
import {
  EVENT_BYTES,
  HEADER_BYTES,
  headerProblem,
  JOURNAL_FILES,
  MESSAGE_BYTES,
} from '../network/journal-format.ts';
import { UserError } from '../protocol/user-error.ts';
import { DUPLICATED, LOST, RECEIVED } from './message-flags.ts';

/** Rows whose latest end is kept, so that a window need not look at all that went before. */
export const BLOCK_SHIFT = 10;
/** Ten times what fits into memory with ease; more is no journal, or one for another machine. */
const MOST_MESSAGES = 1e8;
const CHUNK_RECORDS = 1 << 18;
const TWO_32 = 2 ** 32;
const MESSAGE_WORDS = MESSAGE_BYTES / 4;
const EVENT_WORDS = EVENT_BYTES / 4;

export class MessageColumns {
  messageCount = 0;
  eventCount = 0;
  lostCount = 0;
  duplicatedCount = 0;
  /** Time of the last event. */
  endNanos = 0;
  names: readonly string[] = [];
  /** By message id; `sent` grows with the id. */
  sent = new Float64Array(0);
  /** The first arrival, or the loss; NaN while in flight. */
  end = new Float64Array(0);
  src = new Uint32Array(0);
  dest = new Uint32Array(0);
  /** RECEIVED, LOST, DUPLICATED. */
  flags = new Uint8Array(0);
  /** The latest end in each block of rows. */
  blockEnd = new Float64Array(0);
  /** Arrivals after the first, of messages that were duplicated. */
  readonly copies = new Map<number, number[]>();
  /** Why messages were lost, as numbers of names. */
  readonly dropReasons = new Map<number, number>();
  /** The numbers of names that are reasons. */
  readonly reasonNames = new Set<number>();
  private refreshing: Promise<void> | undefined;

  /** What is subtracted from the times in the files. */
  private zero = 0;

  /** `zeroOf` gives the time in the files that counts as 0; it may become known while the run goes on. */
  constructor(
    private readonly folder: string,
    private readonly zeroOf: () => number = () => 0,
  ) {}

  /** Time of the first event. */
  get startNanos(): number {
    return this.messageCount === 0 ? 0 : (this.sent[0] ?? 0);
  }

  /** Takes in what has been written since; calls at the same time share one reading. Rejects when it is no journal. */
  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** Where bodies lie, for the reader of bodies. */
  get bodiesPath(): string {
    return join(this.folder, JOURNAL_FILES.bodies);
  }

  get messagesPath(): string {
    return join(this.folder, JOURNAL_FILES.messages);
  }

  private async read(): Promise<void> {
    if (existsSync(this.folder) && !isOwnFolder(this.folder))
      throw new NotPlainFileError(this.folder, 'a link', 'a folder');
    this.shiftTo(this.zeroOf());
    // In the reverse order of writing, so that what an event refers to is there: sizes first, then content.
    const events = await openRecords(join(this.folder, JOURNAL_FILES.events), EVENT_BYTES);
    try {
      const messages = await openRecords(this.messagesPath, MESSAGE_BYTES);
      try {
        this.readNames();
        await this.readMessages(messages);
      } finally {
        await messages.file.close();
      }
      await this.readEvents(events);
    } finally {
      await events.file.close();
    }
  }

  private readNames(): void {
    const lines = readPlain(join(this.folder, JOURNAL_FILES.names)).split('\n');
    lines.pop();
    // Each line was written by JSON.stringify of a string.
    if (lines.length > this.names.length) this.names = lines.map((line) => JSON.parse(line) as string);
  }

  private async readMessages({ file, count }: Records): Promise<void> {
    if (count > MOST_MESSAGES)
      throw new UserError(
        `${this.messagesPath} says that there were ${count} messages, which are too many to show.`,
      );
    this.reserve(count);
    const chunk = new Uint32Array(Math.min(CHUNK_RECORDS, count - this.messageCount) * MESSAGE_WORDS);
    while (this.messageCount < count) {
      const first = this.messageCount;
      const got = await readRecords(
        file,
        chunk,
        first,
        Math.min(CHUNK_RECORDS, count - first),
        MESSAGE_BYTES,
      );
      if (got === 0) return;
      const { src, dest } = this;
      for (let i = 0, at = 0; i < got; i++, at += MESSAGE_WORDS) {
        src[first + i] = chunk[at] ?? 0;
        dest[first + i] = chunk[at + 1] ?? 0;
      }
      this.messageCount += got;
    }
  }

  private async readEvents({ file, count }: Records): Promise<void> {
    const chunk = new Uint32Array(
      Math.min(CHUNK_RECORDS, Math.max(0, count - this.eventCount)) * EVENT_WORDS,
    );
    while (this.eventCount < count) {
      const first = this.eventCount;
      const got = await readRecords(file, chunk, first, Math.min(CHUNK_RECORDS, count - first), EVENT_BYTES);
      const taken = this.takeEvents(chunk, got);
      this.eventCount += taken;
      if (taken < got || got === 0) return;
    }
  }

  /** How many of the chunk's events could be taken: those up to the first whose message is not there yet. */
  private takeEvents(chunk: Uint32Array, count: number): number {
    const { sent, end, flags, blockEnd, messageCount, zero } = this;
    let time = this.endNanos;
    for (let i = 0, at = 0; i < count; i++, at += EVENT_WORDS) {
      const timeWord = chunk[at + 1] ?? 0;
      const idWord = chunk[at + 3] ?? 0;
      const id = (idWord >>> 24) * TWO_32 + (chunk[at + 2] ?? 0);
      if (id >= messageCount) {
        this.endNanos = time;
        return i;
      }
      time = (timeWord & 0xffffff) * TWO_32 + (chunk[at] ?? 0) - zero;
      const kind = timeWord >>> 24;
      if (kind === 0) {
        sent[id] = time;
        const block = id >>> BLOCK_SHIFT;
        if (!((blockEnd[block] ?? 0) >= time)) blockEnd[block] = time;
      } else if (kind === 1 && ((flags[id] ?? 0) & (RECEIVED | DUPLICATED)) === 0) {
        flags[id] = RECEIVED;
        end[id] = time;
        const block = id >>> BLOCK_SHIFT;
        if (!((blockEnd[block] ?? 0) >= time)) blockEnd[block] = time;
      } else this.takeRareEvent(kind, id, time, idWord & 0xffffff);
    }
    this.endNanos = time;
    return count;
  }

  private takeRareEvent(kind: number, id: number, time: number, detail: number): void {
    const { flags, end, blockEnd } = this;
    const had = flags[id] ?? 0;
    if (kind === 3) {
      flags[id] = had | DUPLICATED;
      this.duplicatedCount++;
      return;
    }
    if (kind === 2) {
      if ((had & LOST) === 0) this.lostCount++;
      flags[id] = had | LOST;
      this.dropReasons.set(id, detail);
      this.reasonNames.add(detail);
    } else {
      flags[id] = had | RECEIVED;
      if ((had & RECEIVED) !== 0) {
        const copies = this.copies.get(id);
        if (copies === undefined) this.copies.set(id, [time]);
        else copies.push(time);
      } else end[id] = time;
    }
    if (Number.isNaN(end[id])) end[id] = time;
    const block = id >>> BLOCK_SHIFT;
    if (!((blockEnd[block] ?? 0) >= time)) blockEnd[block] = time;
  }

  /** Moves the times read so far to another zero: the few of the start, which were read before it was known. */
  private shiftTo(zero: number): void {
    const by = zero - this.zero;
    if (by === 0) return;
    this.zero = zero;
    for (const times of [this.sent, this.end, this.blockEnd]) {
      for (let at = 0; at < times.length; at++) times[at] = (times[at] ?? 0) - by;
    }
    for (const [id, times] of this.copies)
      this.copies.set(
        id,
        times.map((time) => time - by),
      );
    if (this.eventCount > 0) this.endNanos -= by;
  }

  private reserve(count: number): void {
    if (count <= this.sent.length) return;
    const size = this.sent.length === 0 ? count : Math.max(count, 2 * this.sent.length);
    const end = new Float64Array(size).fill(Number.NaN, this.end.length);
    end.set(this.end);
    this.end = end;
    const sent = new Float64Array(size);
    sent.set(this.sent);
    this.sent = sent;
    const src = new Uint32Array(size);
    src.set(this.src);
    this.src = src;
    const dest = new Uint32Array(size);
    dest.set(this.dest);
    this.dest = dest;
    const flags = new Uint8Array(size);
    flags.set(this.flags);
    this.flags = flags;
    // Times may be negative.
    const blockEnd = new Float64Array((size >>> BLOCK_SHIFT) + 1).fill(Number.NEGATIVE_INFINITY);
    blockEnd.set(this.blockEnd);
    this.blockEnd = blockEnd;
  }
}

interface Records {
  readonly file: FileHandle;
  readonly count: number;
}

async function openRecords(path: string, recordBytes: number): Promise<Records> {
  const file = await openPlainHandle(path);
  const header = new Uint8Array(HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
  // A run that has just begun has written nothing yet.
  if (bytesRead === 0) return { file, count: 0 };
  const problem = headerProblem(header.subarray(0, bytesRead), recordBytes);
  if (problem !== undefined) {
    await file.close();
    throw new UserError(`${path} cannot be read: ${problem}.`);
  }
  const { size } = await file.stat();
  return { file, count: Math.floor((size - HEADER_BYTES) / recordBytes) };
}

/** Reads records as words; how many came whole. The files and all machines that run Node are little-endian. */
async function readRecords(
  file: FileHandle,
  into: Uint32Array,
  first: number,
  count: number,
  recordBytes: number,
): Promise<number> {
  const bytes = new Uint8Array(into.buffer, 0, count * recordBytes);
  let got = 0;
  while (got < bytes.length) {
    const { bytesRead } = await file.read(
      bytes,
      got,
      bytes.length - got,
      HEADER_BYTES + first * recordBytes + got,
    );
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return Math.floor(got / recordBytes);
}
