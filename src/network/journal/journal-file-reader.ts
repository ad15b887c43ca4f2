/** Reads a journal's files by number, even while they grow and after a crash: a truncated end is ignored. */
import { closeSync, existsSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnFolder, NotPlainFileError, openPlain, readPlain } from '../../files/plain-file.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Packet } from '../../world/world.ts';
import type { JournalEvent, JournalReader } from './journal.ts';
import {
  CAUSE_BYTES,
  decodeCause,
  decodeEvent,
  decodeMessage,
  EVENT_BYTES,
  eventOf,
  HEADER_BYTES,
  headerProblem,
  JOURNAL_FILES,
  MESSAGE_BYTES,
} from './journal-format.ts';

const PAGE_RECORDS = 4096;

/** A file of records of one size; reads a page of them at a time. */
class RecordFile {
  count = 0;
  private readonly fd: number;
  private readonly page: Buffer;
  private readonly view: DataView;
  private pageStart = 0;
  private pageCount = 0;

  /** Throws a UserError when the file is not a journal file with such records, or of a newer version. */
  constructor(
    path: string,
    private readonly recordBytes: number,
  ) {
    this.page = Buffer.alloc(PAGE_RECORDS * recordBytes);
    this.view = new DataView(this.page.buffer, this.page.byteOffset, this.page.length);
    this.fd = openPlain(path);
    const header = Buffer.alloc(HEADER_BYTES);
    const problem = headerProblem(
      header.subarray(0, readSync(this.fd, header, 0, HEADER_BYTES, 0)),
      recordBytes,
    );
    if (problem !== undefined) {
      closeSync(this.fd);
      throw new UserError(`${path} cannot be read: ${problem}.`);
    }
    this.refresh();
  }

  refresh(): void {
    this.count = Math.floor((fstatSync(this.fd).size - HEADER_BYTES) / this.recordBytes);
  }

  /** Decodes that record, which must exist. */
  read<T>(number: number, decode: (view: DataView, at: number) => T): T {
    if (number < this.pageStart || number >= this.pageStart + this.pageCount) this.load(number);
    return decode(this.view, (number - this.pageStart) * this.recordBytes);
  }

  close(): void {
    closeSync(this.fd);
  }

  private load(number: number): void {
    this.pageStart = number - (number % PAGE_RECORDS);
    const bytes = readSync(
      this.fd,
      this.page,
      0,
      this.page.length,
      HEADER_BYTES + this.pageStart * this.recordBytes,
    );
    this.pageCount = Math.floor(bytes / this.recordBytes);
  }
}

const READ_AHEAD_BYTES = 64 * 1024;

/** The file of bodies. Bodies that are requested in order are read many at a time. */
class BodyFile {
  private readonly fd: number;
  private ahead: Buffer = Buffer.alloc(0);
  private aheadStart = 0;
  private lastEnd = -1;

  constructor(path: string) {
    this.fd = openPlain(path);
  }

  size(): number {
    return fstatSync(this.fd).size;
  }

  /** Returns a copy of those bytes, or undefined when the file ends before them. */
  read(start: number, length: number): Buffer | undefined {
    const end = start + length;
    if (start < this.aheadStart || end > this.aheadStart + this.ahead.length) {
      // The next body, or nearly: the rest of a line's envelope separates two bodies.
      const isInOrder = start >= this.lastEnd && start - this.lastEnd < READ_AHEAD_BYTES / 16;
      this.ahead = this.bytes(start, Math.max(length, isInOrder ? READ_AHEAD_BYTES : 0));
      this.aheadStart = start;
    }
    this.lastEnd = end;
    if (this.ahead.length < end - this.aheadStart) return undefined;
    return Buffer.from(this.ahead.subarray(start - this.aheadStart, end - this.aheadStart));
  }

  close(): void {
    closeSync(this.fd);
  }

  /** Returns up to `length` bytes, fewer at the end of the file. */
  private bytes(start: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    let at = 0;
    while (at < length) {
      const read = readSync(this.fd, bytes, at, length - at, start + at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  }
}

export class FileJournalReader implements JournalReader {
  eventCount = 0;
  messageCount = 0;
  private readonly events: RecordFile;
  private readonly messages: RecordFile;
  /** Missing in runs of the real world whose nodes reported no causes, and in files of earlier versions. */
  private causes: RecordFile | undefined;
  private readonly bodies: BodyFile;
  private readonly namesPath: string;
  private names: readonly string[] = [];

  /** Throws a UserError when the files are not a journal, or of a newer version. */
  constructor(
    private readonly folder: string,
    /** Subtracted from the times in the file. */
    private readonly zeroNanos = 0,
  ) {
    if (existsSync(folder) && !isOwnFolder(folder)) throw new NotPlainFileError(folder, 'a link', 'a folder');
    this.events = new RecordFile(join(folder, JOURNAL_FILES.events), EVENT_BYTES);
    this.messages = new RecordFile(join(folder, JOURNAL_FILES.messages), MESSAGE_BYTES);
    this.bodies = new BodyFile(join(folder, JOURNAL_FILES.bodies));
    this.namesPath = join(folder, JOURNAL_FILES.names);
    this.refresh();
  }

  /** Makes what has been written since visible. */
  refresh(): void {
    // In the reverse order of writing, so that everything an event refers to is visible too.
    this.events.refresh();
    this.messages.refresh();
    this.causes ??= openCauses(join(this.folder, JOURNAL_FILES.causes));
    this.causes?.refresh();
    this.names = readNames(this.namesPath);
    const bodyBytes = this.bodies.size();
    this.messageCount = lastGood(this.messages.count, (id) => {
      const { bodyOffset, bodyBytes: length, srcName, destName } = this.messages.read(id, decodeMessage);
      return bodyOffset + length <= bodyBytes && Math.max(srcName, destName) < this.names.length;
    });
    this.eventCount = lastGood(this.events.count, (number) => {
      return this.events.read(number, decodeEvent).messageId < this.messageCount;
    });
  }

  event(number: number): JournalEvent {
    if (!(number >= 0 && number < this.eventCount))
      throw new RangeError(`the journal has no event ${number}`);
    const record = this.events.read(number, decodeEvent);
    return eventOf({ ...record, timeNanos: record.timeNanos - this.zeroNanos }, (name) => this.name(name));
  }

  message(id: number): Packet {
    if (!(id >= 0 && id < this.messageCount)) throw new RangeError(`the journal has no message ${id}`);
    const { srcName, destName, bodyOffset, bodyBytes } = this.messages.read(id, decodeMessage);
    const body = this.bodies.read(bodyOffset, bodyBytes);
    if (body === undefined) throw new RangeError(`the body of message ${id} is cut off`);
    const { causes } = this;
    const known = causes === undefined || id >= causes.count ? {} : causes.read(id, decodeCause);
    return { id, src: this.name(srcName), dest: this.name(destName), body, ...known };
  }

  close(): void {
    this.events.close();
    this.messages.close();
    this.causes?.close();
    this.bodies.close();
  }

  private name(number: number): string {
    return this.names[number] ?? '?';
  }
}

const openCauses = (path: string): RecordFile | undefined =>
  existsSync(path) ? new RecordFile(path, CAUSE_BYTES) : undefined;

function readNames(path: string): string[] {
  const lines = readPlain(path).split('\n');
  // The text after the last newline is empty or truncated.
  lines.pop();
  // Each line was written by JSON.stringify of a string.
  return lines.map((line) => JSON.parse(line) as string);
}

/** Returns how many of the first `count` records to trust: those up to the last good one. */
function lastGood(count: number, good: (number: number) => boolean): number {
  let kept = count;
  while (kept > 0 && !good(kept - 1)) kept--;
  return kept;
}
