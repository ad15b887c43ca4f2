/**
 * The journal on disk (for its format see journal-format.ts). Everything is gathered in buffers of fixed size, which
 * are all written when one of them is full, or on request. The same calls give the same bytes.
 *
 * Writes are synchronous: writing a quarter of a mebibyte to the page cache costs less than handing it to another
 * thread.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '../../files/make-folders.ts';
import { restoreOpen } from '../../files/plain-file.ts';
import { originOf } from '../../world/cause.ts';
import { PACKET_LINE_END, PacketLineEncoder } from '../../world/packet-line.ts';
import type { Packet } from '../../world/world.ts';
import type { Journal } from './journal.ts';
import {
  CAUSE_BYTES,
  encodeCause,
  encodeEvent,
  encodeHeader,
  encodeMessage,
  EVENT_BYTES,
  HEADER_BYTES,
  JOURNAL_FILES,
  MESSAGE_BYTES,
  type EventKind,
} from './journal-format.ts';

const CHUNK_BYTES = 256 * 1024;
const RECORDS = 4096;

/** A file that is appended to through a buffer. */
class Appender {
  readonly buffer: Buffer;
  readonly view: DataView;
  /** Bytes waiting in the buffer. */
  used = 0;
  /** Bytes in the file already. */
  written = 0;
  private fd: number;

  constructor(
    readonly path: string,
    bytes: number,
  ) {
    this.buffer = Buffer.alloc(bytes);
    this.view = new DataView(this.buffer.buffer, this.buffer.byteOffset, bytes);
    // Readable too, so that it can be copied if its name is removed.
    this.fd = openSync(path, 'w+');
  }

  flush(): void {
    const used = this.used;
    this.used = 0;
    this.writeThrough(this.buffer, used);
  }

  writeThrough(bytes: Uint8Array, length: number): void {
    for (let at = 0; at < length;) at += writeSync(this.fd, bytes, at, length - at);
    this.written += length;
  }

  restore(root: string): boolean {
    const fresh = restoreOpen(root, this.path, this.fd);
    if (fresh === undefined) return false;
    closeSync(this.fd);
    this.fd = fresh;
    return true;
  }

  close(): void {
    closeSync(this.fd);
  }
}

export class FileJournal implements Journal {
  private readonly bodies: Appender;
  private readonly names: Appender;
  /** Created with the first message whose cause is known. */
  private causes: Appender | undefined;
  private readonly messages: Appender;
  private readonly events: Appender;
  private readonly lines = new PacketLineEncoder();
  private readonly nameNumbers = new Map<string, number>();
  private closed = false;

  /** Creates the folder if it is missing, and truncates existing files. */
  constructor(private readonly folder: string) {
    makeFolders(folder);
    this.bodies = new Appender(join(folder, JOURNAL_FILES.bodies), CHUNK_BYTES);
    this.names = new Appender(join(folder, JOURNAL_FILES.names), CHUNK_BYTES);
    this.messages = new Appender(join(folder, JOURNAL_FILES.messages), RECORDS * MESSAGE_BYTES);
    this.events = new Appender(join(folder, JOURNAL_FILES.events), RECORDS * EVENT_BYTES);
    this.messages.writeThrough(encodeHeader(MESSAGE_BYTES), HEADER_BYTES);
    this.events.writeThrough(encodeHeader(EVENT_BYTES), HEADER_BYTES);
  }

  sent(timeNanos: number, packet: Packet): void {
    const { body } = packet;
    const src = this.nameNumber(packet.src);
    const dest = this.nameNumber(packet.dest);
    const offset = this.writeLine(packet);
    const { messages } = this;
    if (messages.used === messages.buffer.length) this.flush();
    encodeMessage(messages.view, messages.used, src, dest, offset, body.length);
    messages.used += MESSAGE_BYTES;
    this.writeCause(packet);
    this.event('sent', timeNanos, packet.id, 0);
  }

  received(timeNanos: number, packet: Packet): void {
    this.event('received', timeNanos, packet.id, 0);
  }

  dropped(timeNanos: number, packet: Packet, reason: string): void {
    this.event('dropped', timeNanos, packet.id, this.nameNumber(reason));
  }

  duplicated(timeNanos: number, packet: Packet, copies: number): void {
    this.event('duplicated', timeNanos, packet.id, copies);
  }

  flush(): void {
    if (this.closed) return;
    this.bodies.flush();
    this.names.flush();
    this.causes?.flush();
    this.messages.flush();
    this.events.flush();
  }

  /**
   * Restores the journal's files that were removed from below `root` or replaced; returns their paths. Throws when that
   * is impossible.
   */
  restore(root: string): readonly string[] {
    if (this.closed) return [];
    this.flush();
    return this.files()
      .filter((file) => file.restore(root))
      .map(({ path }) => path);
  }

  close(): void {
    if (this.closed) return;
    try {
      this.flush();
    } finally {
      this.closed = true;
      for (const file of this.files()) file.close();
    }
  }

  private files(): readonly Appender[] {
    const { bodies, names, causes, messages, events } = this;
    return [bodies, names, ...(causes === undefined ? [] : [causes]), messages, events];
  }

  private event(kind: EventKind, timeNanos: number, messageId: number, detail: number): void {
    const { events } = this;
    if (events.used === events.buffer.length) this.flush();
    encodeEvent(events.view, events.used, kind, timeNanos, messageId, detail);
    events.used += EVENT_BYTES;
  }

  private writeCause(packet: Packet): void {
    if (this.causes === undefined) {
      if (originOf(packet) === undefined) return;
      const causes = new Appender(join(this.folder, JOURNAL_FILES.causes), RECORDS * CAUSE_BYTES);
      causes.writeThrough(encodeHeader(CAUSE_BYTES), HEADER_BYTES);
      // The causes of the messages before it are unknown.
      for (let id = 0; id < packet.id; id++) {
        if (causes.used === causes.buffer.length) causes.flush();
        encodeCause(causes.view, causes.used, {});
        causes.used += CAUSE_BYTES;
      }
      this.causes = causes;
    }
    const { causes } = this;
    if (causes.used === causes.buffer.length) this.flush();
    encodeCause(causes.view, causes.used, packet);
    causes.used += CAUSE_BYTES;
  }

  /** Appends the message's line; returns its body's offset in the file. */
  private writeLine(packet: Packet): number {
    const { bodies, lines } = this;
    const bytes = lines.maxBytes(packet);
    if (bodies.used + bytes > CHUNK_BYTES) this.flush();
    if (bytes > CHUNK_BYTES) return this.writeLongLine(packet);
    const start = bodies.written + bodies.used;
    const end = lines.write(bodies.buffer, bodies.used, packet);
    const length = end - bodies.used;
    bodies.used = end;
    return start + length - PACKET_LINE_END.length - packet.body.length;
  }

  /** Writes a line longer than the buffer, which is empty. */
  private writeLongLine(packet: Packet): number {
    const { bodies, lines } = this;
    const line = Buffer.allocUnsafe(lines.maxBytes(packet));
    const length = lines.write(line, 0, packet);
    bodies.writeThrough(line, length);
    return bodies.written - PACKET_LINE_END.length - packet.body.length;
  }

  private nameNumber(name: string): number {
    const known = this.nameNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.nameNumbers.size;
    this.nameNumbers.set(name, number);
    const line = Buffer.from(`${JSON.stringify(name)}\n`);
    if (this.names.used + line.length > CHUNK_BYTES) this.names.flush();
    if (line.length > CHUNK_BYTES) this.names.writeThrough(line, line.length);
    else this.names.used += line.copy(this.names.buffer, this.names.used);
    return number;
  }
}
