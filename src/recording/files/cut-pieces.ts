/**
 * Lines and bodies of a file that is read once from front to back, where only the beginning and the end are wanted of
 * long ones: a read of a large set is megabytes, and a page shows a few hundred characters of it.
 */
import { present } from '../../columns/present.ts';
import { encoded, type ByteWriter } from './byte-writer.ts';
import type { LookedFile } from '../run-source.ts';

export interface Cut {
  /** As many bytes of the beginning and of the end as are kept. */
  readonly head: number;
  readonly tail: number;
}

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;
/** Most lines end so soon that looking byte by byte takes less time than a call. */
const SHORT_LINE = 128;

/** Reads forward; going back costs a read. */
export class PieceReader {
  /** The bytes that were read last. */
  readonly chunk = new Uint8Array(CHUNK_BYTES);
  /** How many there are. */
  filled = 0;
  private start = 0;

  constructor(private readonly file: LookedFile) {}

  /** Writes the bytes at that place, or what stands in their stead: beginning, what was left out in words, end. */
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

  /** Where the line ends in which that byte is. */
  lineEnd(from: number): number {
    for (let at = from; ;) {
      const place = this.place(at, 1);
      const end = newlineFrom(this.chunk, place, this.filled);
      if (end !== -1) return this.start + end;
      if (place === this.filled) return at;
      at = this.start + this.filled;
    }
  }

  /** Where in the chunk that byte is; at least `least` bytes are at hand from there on, unless the file ends. */
  place(at: number, least: number): number {
    if (at < this.start || at + Math.min(least, CHUNK_BYTES) > this.start + this.filled) {
      this.start = at;
      this.filled = this.file.read(this.chunk, at);
    }
    // A small integer also where offsets are not.
    return (at - this.start) | 0;
  }

  /** Good until the next call. */
  private bytes(at: number, length: number): Uint8Array {
    const from = this.place(at, length);
    return this.chunk.subarray(from, Math.min(from + length, this.filled));
  }
}

/** The first newline at or after that place; -1 when there is none before `end`. */
export function newlineFrom(bytes: Uint8Array, from: number, end: number): number {
  const short = Math.min(end, from + SHORT_LINE);
  for (let at = from; at < short; at++) if (bytes[at] === NEWLINE) return at;
  return short === end ? -1 : bytes.subarray(0, end).indexOf(NEWLINE, short);
}

/** What is said in place of what is left out, with a number of any length. */
const MARK_BYTES = 60;

const isContinued = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Without a last character of several bytes, of which there may be only the first ones. */
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
