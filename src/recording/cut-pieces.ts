/**
 * Lines and bodies of a file that is read once from front to back, where only the beginning and the end are wanted of
 * long ones: a read of a large set is megabytes, and a page shows a few hundred characters of it.
 */
import { present } from '../columns/present.ts';
import { encoded, type ByteWriter } from './byte-writer.ts';
import type { LookedFile } from './run-source.ts';

export interface Cut {
  /** As many bytes of the beginning and of the end as are kept. */
  readonly head: number;
  readonly tail: number;
}

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** Reads forward; going back costs a read. */
export class PieceReader {
  private readonly chunk = new Uint8Array(CHUNK_BYTES);
  private start = 0;
  private filled = 0;

  constructor(private readonly file: LookedFile) {}

  /** Writes the bytes at that place, or what stands in their stead: beginning, what was left out in words, end. */
  piece(at: number, length: number, { head, tail }: Cut, into: ByteWriter): void {
    const left = length - head - tail;
    if (left <= MARK_BYTES) {
      into.piece(this.bytes(at, length));
      return;
    }
    into.piece(wholeStart(this.bytes(at, head)));
    into.piece(encoded(` … ${left.toLocaleString('en')} bytes are left out here … `));
    into.piece(wholeEnd(this.bytes(at + length - tail, tail)));
  }

  /** As many bytes as there are from there on, up to that many. Good until the next call. */
  bytes(at: number, length: number): Uint8Array {
    return this.within(at, Math.min(length, CHUNK_BYTES)).subarray(0, length);
  }

  /** Where the line ends in which that byte is. */
  lineEnd(from: number): number {
    for (let at = from; ;) {
      const inChunk = this.within(at, 1);
      const end = inChunk.indexOf(NEWLINE);
      if (end !== -1) return at + end;
      if (inChunk.length === 0) return at;
      at += inChunk.length;
    }
  }

  /** What is at hand from there on: at least `least` bytes, unless the file ends. */
  private within(at: number, least: number): Uint8Array {
    const { chunk } = this;
    if (at < this.start || at + least > this.start + this.filled) {
      this.start = at;
      this.filled = this.file.read(chunk, at);
    }
    return chunk.subarray(at - this.start, this.filled);
  }
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
