/**
 * Reads lines and bodies of a file once from front to back, where only the beginning and the end of long ones are
 * needed: a read of a large set takes megabytes, and a page shows a few hundred characters of it.
 */
import { present } from '../../columns/present.ts';
import { encoded, type ByteWriter } from './byte-writer.ts';
import type { LookedFile } from '../run-source.ts';

export interface Cut {
  /** Number of bytes kept at the beginning and at the end. */
  readonly head: number;
  readonly tail: number;
}

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;
/** Most lines are so short that checking byte by byte is faster than a call. */
const SHORT_LINE = 128;

/** Reads forward; going back requires reading again. */
export class PieceReader {
  /** The bytes that were read last. */
  readonly chunk = new Uint8Array(CHUNK_BYTES);
  /** Number of valid bytes in `chunk`. */
  filled = 0;
  private start = 0;

  constructor(private readonly file: LookedFile) {}

  /** Writes these bytes or, if they are too long, their beginning, a note on what was left out, and their end. */
  piece(at: number, length: number, { head, tail }: Cut, into: ByteWriter): void {
    const left = length - head - tail;
    if (left <= MARK_BYTES) {
      const from = this.place(at, length);
      into.part(this.chunk, from, Math.min(from + length, this.filled));
      return;
    }
    into.piece(wholeStart(this.bytes(at, head)));
    into.piece(encoded(` … ${left.toLocaleString('en')} bytes are left out here … `));
    into.piece(wholeEnd(this.bytes(at + length - tail, tail)));
  }

  /** Returns the offset at which the line containing that byte ends. */
  lineEnd(from: number): number {
    for (let at = from; ;) {
      const place = this.place(at, 1);
      const end = newlineFrom(this.chunk, place, this.filled);
      if (end !== -1) return this.start + end;
      if (place === this.filled) return at;
      at = this.start + this.filled;
    }
  }

  /**
   * Returns the position of that byte in the chunk; at least `least` bytes are available from there, unless the file
   * ends.
   */
  place(at: number, least: number): number {
    if (at < this.start || at + Math.min(least, CHUNK_BYTES) > this.start + this.filled) {
      this.start = at;
      this.filled = this.file.read(this.chunk, at);
    }
    // Keeps the result a small integer even if offsets are not.
    return (at - this.start) | 0;
  }

  /** Valid until the next call. */
  private bytes(at: number, length: number): Uint8Array {
    const from = this.place(at, length);
    return this.chunk.subarray(from, Math.min(from + length, this.filled));
  }
}

/** Returns the first newline at or after that offset; -1 if there is none before `end`. */
export function newlineFrom(bytes: Uint8Array, from: number, end: number): number {
  const short = Math.min(end, from + SHORT_LINE);
  for (let at = from; at < short; at++) if (bytes[at] === NEWLINE) return at;
  return short === end ? -1 : bytes.subarray(0, end).indexOf(NEWLINE, short);
}

/** Length of the note on what was left out, with any number. */
const MARK_BYTES = 60;

const isContinued = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Removes a trailing character of which only the first bytes are present. */
function wholeStart(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && isContinued(present(bytes[end - 1]))) end--;
  return bytes.subarray(0, end > 0 && present(bytes[end - 1]) >= 0xc0 ? end - 1 : end);
}

function wholeEnd(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length && isContinued(present(bytes[start]))) start++;
  return bytes.subarray(start);
}
