/**
 * Packets waiting to be written to a node's stdin. They are gathered as lines and written at most once per turn of the
 * event loop. While the pipe is full they are gathered in chunks of fixed size, and the next chunk is written when the
 * pipe has room.
 */
import type { Writable } from 'node:stream';
import { PacketLineEncoder } from '../packet-line.ts';
import type { Packet } from '../world.ts';

/** A longer line is written in parts of this size; otherwise a node that reads it slowly would seem to read nothing. */
const CHUNK_BYTES = 64 * 1024;

interface Chunk {
  readonly bytes: Buffer;
  /** The number of messages that end in this chunk. */
  readonly messages: number;
}

export class Outbox {
  /** Bytes not yet taken by the pipe. */
  backlogBytes = 0;
  /** Bytes taken by the pipe so far. */
  takenBytes = 0;
  /** Messages that the pipe has not completely taken yet. */
  backlogMessages = 0;
  private chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private used = 0;
  private usedMessages = 0;
  /** Full chunks, oldest first. */
  private waiting: Chunk[] = [];
  private writing = 0;
  private writingMessages = 0;
  private closed = false;
  /** When the pending write began, if the pipe has not taken it yet. */
  private stuckNanos: number | undefined;

  constructor(
    private readonly pipe: Writable,
    private readonly lines: PacketLineEncoder,
    private readonly nowNanos: () => number,
    /** Called when the pipe has taken bytes that had to wait. */
    private readonly onTaken: () => void,
  ) {}

  /** Since when the pipe has been full and has taken nothing; undefined while it has room. */
  get stuckSinceNanos(): number | undefined {
    return this.stuckNanos;
  }

  /** Adds a packet; `flush` must follow in this turn. */
  add(packet: Packet): void {
    if (this.closed) return;
    const bytes = this.lines.maxBytes(packet);
    this.backlogMessages++;
    if (this.used + bytes > CHUNK_BYTES) this.turnOver();
    if (bytes > CHUNK_BYTES) return this.addLong(packet, bytes);
    this.usedMessages++;
    const end = this.lines.write(this.chunk, this.used, packet);
    this.backlogBytes += end - this.used;
    this.used = end;
  }

  /** Writes what waits. Does nothing while a write is under way, which continues by itself when it ends. */
  flush(): void {
    while (!this.closed && this.writing === 0) {
      const chunk = this.waiting.shift() ?? this.takeChunk();
      if (chunk === undefined) return;
      this.write(chunk);
    }
  }

  /** Discards everything; nothing is written from then on. */
  close(): void {
    this.closed = true;
    this.waiting = [];
    this.used = 0;
    this.usedMessages = 0;
    this.backlogBytes = 0;
    this.backlogMessages = 0;
    this.stuckNanos = undefined;
  }

  private addLong(packet: Packet, maxBytes: number): void {
    const line = Buffer.allocUnsafeSlow(maxBytes);
    const length = this.lines.write(line, 0, packet);
    for (let at = 0; at < length; at += CHUNK_BYTES) {
      const end = Math.min(at + CHUNK_BYTES, length);
      this.waiting.push({ bytes: line.subarray(at, end), messages: end === length ? 1 : 0 });
    }
    this.backlogBytes += length;
  }

  private write({ bytes: chunk, messages }: Chunk): void {
    this.writing = chunk.length;
    this.writingMessages = messages;
    this.pipe.write(chunk, this.written);
    // The pipe usually takes everything at once. Its callback still comes later, and then finds nothing to do.
    if (this.pipe.writableLength === 0) return this.taken();
    this.stuckNanos = this.nowNanos();
    if (chunk.buffer === this.chunk.buffer) this.chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  }

  private readonly written = (): void => {
    if (this.closed || this.writing === 0 || this.pipe.writableLength > 0) return;
    this.stuckNanos = undefined;
    this.taken();
    this.flush();
    this.onTaken();
  };

  private taken(): void {
    this.takenBytes += this.writing;
    this.backlogBytes -= this.writing;
    this.backlogMessages -= this.writingMessages;
    this.writing = 0;
    this.writingMessages = 0;
  }

  private takeChunk(): Chunk | undefined {
    if (this.used === 0) return undefined;
    const taken = { bytes: this.chunk.subarray(0, this.used), messages: this.usedMessages };
    this.used = 0;
    this.usedMessages = 0;
    return taken;
  }

  private turnOver(): void {
    const full = this.takeChunk();
    if (full === undefined) return;
    this.waiting.push(full);
    this.chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  }
}
