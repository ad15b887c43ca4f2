/**
 * What waits to be written to a node's stdin. Packets are gathered as lines and written at most once a turn of the event
 * loop; while the pipe is full they are gathered in chunks of fixed size, and the next is written when it has room.
 */
import type { Writable } from 'node:stream';
import { PacketLineEncoder } from '../packet-line.ts';
import type { Packet } from '../world.ts';

const CHUNK_BYTES = 64 * 1024;

export class Outbox {
  /** Bytes not yet taken by the pipe. */
  backlogBytes = 0;
  /** Bytes taken by the pipe so far. */
  takenBytes = 0;
  private chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private used = 0;
  /** Full chunks, oldest first. */
  private waiting: Buffer[] = [];
  private writing = 0;
  private closed = false;
  /** When a write began that the pipe has not taken yet. */
  private stuckNanos: number | undefined;

  constructor(
    private readonly pipe: Writable,
    private readonly lines: PacketLineEncoder,
    private readonly nowNanos: () => number,
    /** Called when something has been taken that had to wait. */
    private readonly onTaken: () => void,
  ) {}

  /** Since when the pipe has been full and has taken nothing; undefined when it has room. */
  get stuckSinceNanos(): number | undefined {
    return this.stuckNanos;
  }

  /** Adds a packet; `flush` must follow in this turn. */
  add(packet: Packet): void {
    if (this.closed) return;
    const bytes = this.lines.maxBytes(packet);
    if (this.used + bytes > CHUNK_BYTES) this.turnOver();
    if (bytes > CHUNK_BYTES) {
      const line = Buffer.allocUnsafeSlow(bytes);
      const length = this.lines.write(line, 0, packet);
      this.waiting.push(line.subarray(0, length));
      this.backlogBytes += length;
      return;
    }
    const end = this.lines.write(this.chunk, this.used, packet);
    this.backlogBytes += end - this.used;
    this.used = end;
  }

  /** Writes what waits, unless a write is under way: its end goes on. */
  flush(): void {
    while (!this.closed && this.writing === 0) {
      const chunk = this.waiting.shift() ?? this.takeChunk();
      if (chunk === undefined) return;
      this.write(chunk);
    }
  }

  /** Forgets everything; nothing is written any more. */
  close(): void {
    this.closed = true;
    this.waiting = [];
    this.used = 0;
    this.backlogBytes = 0;
    this.stuckNanos = undefined;
  }

  private write(chunk: Buffer): void {
    this.writing = chunk.length;
    this.pipe.write(chunk, this.written);
    // The pipe mostly takes everything at once; its callback comes later all the same, and finds nothing to do.
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
    this.writing = 0;
  }

  private takeChunk(): Buffer | undefined {
    if (this.used === 0) return undefined;
    const taken = this.chunk.subarray(0, this.used);
    this.used = 0;
    return taken;
  }

  private turnOver(): void {
    const full = this.takeChunk();
    if (full === undefined) return;
    this.waiting.push(full);
    this.chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  }
}
