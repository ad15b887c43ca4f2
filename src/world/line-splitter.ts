/**
 * Cuts a stream of bytes into lines, as bytes, so that characters split between two chunks stay intact.
 *
 * A line within one chunk is passed on without copying. Only a line that crosses chunks is gathered, up to a limit. A
 * longer line is reported once and skipped up to its newline.
 */
import type { BrokenLine } from './world.ts';

export interface LineEvents {
  /** The line bytes[start, end), without its newline. The bytes are valid during the call only. */
  line(bytes: Buffer, start: number, end: number): void;
  brokenLine(problem: BrokenLine): void;
}

const LINE_LIMIT_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;
const FIRST_CAPACITY = 4096;
/** A gathering buffer larger than this is released after its line. */
const KEPT_CAPACITY = 256 * 1024;
const BEGINNING_BYTES = 400;

export class LineSplitter {
  /** The beginning of an unfinished line: gathered[0, gatheredBytes). */
  private gathered = Buffer.alloc(0);
  private gatheredBytes = 0;
  private skipping = false;

  constructor(
    private readonly events: LineEvents,
    private readonly limitBytes = LINE_LIMIT_BYTES,
  ) {}

  /** Takes bytes[0, length). */
  push(bytes: Buffer, length: number): void {
    let start = 0;
    while (start < length) {
      const newline = bytes.indexOf(NEWLINE, start);
      if (newline === -1 || newline >= length) return this.gather(bytes, start, length);
      if (this.skipping) this.skipping = false;
      else if (this.gatheredBytes > 0) this.finishGathered(bytes, start, newline);
      else if (newline - start > this.limitBytes) this.tooLong(bytes, start, newline);
      else this.events.line(bytes, start, newline);
      start = newline + 1;
    }
  }

  /** The unfinished line, or undefined between lines. */
  get unfinished(): { readonly bytes: number; readonly beginning: string } | undefined {
    if (this.gatheredBytes === 0) return undefined;
    const beginning = this.gathered.toString('utf8', 0, Math.min(this.gatheredBytes, BEGINNING_BYTES));
    return { bytes: this.gatheredBytes, beginning };
  }

  /** Reports an unfinished line: the stream has ended. */
  end(): void {
    const { unfinished } = this;
    if (unfinished !== undefined) this.events.brokenLine({ kind: 'unfinished', ...unfinished });
    this.forget();
  }

  private gather(bytes: Buffer, start: number, end: number): void {
    if (this.skipping) return;
    const total = this.gatheredBytes + end - start;
    if (total > this.limitBytes) {
      if (this.gatheredBytes > 0) this.tooLong(this.gathered, 0, this.gatheredBytes);
      else this.tooLong(bytes, start, end);
      this.skipping = true;
      return;
    }
    if (total > this.gathered.length) {
      const capacity = Math.max(FIRST_CAPACITY, Math.min(2 * total, this.limitBytes));
      const larger = Buffer.allocUnsafeSlow(capacity);
      this.gathered.copy(larger, 0, 0, this.gatheredBytes);
      this.gathered = larger;
    }
    bytes.copy(this.gathered, this.gatheredBytes, start, end);
    this.gatheredBytes = total;
  }

  private finishGathered(bytes: Buffer, start: number, end: number): void {
    this.gather(bytes, start, end);
    // Gathering may have found the line too long; then skipping ends at this newline.
    if (!this.skipping) {
      const line = this.gathered;
      const length = this.gatheredBytes;
      this.gatheredBytes = 0;
      this.events.line(line, 0, length);
      if (line.length > KEPT_CAPACITY) this.forget();
    }
    this.skipping = false;
  }

  private tooLong(bytes: Buffer, start: number, end: number): void {
    const beginning = bytes.toString('utf8', start, Math.min(end, start + BEGINNING_BYTES));
    this.forget();
    this.events.brokenLine({ kind: 'too-long', limitBytes: this.limitBytes, beginning });
  }

  private forget(): void {
    this.gathered = Buffer.alloc(0);
    this.gatheredBytes = 0;
  }
}
