/**
 * Lines and bodies of a file that is read once from front to back, for those who want only the beginning and the end of
 * long ones: a read of a large set is megabytes, and a page shows a few hundred characters of it.
 */
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

  /** The bytes at that place, or what stands in their stead: beginning, what was left out in words, end. */
  piece(at: number, length: number, { head, tail }: Cut): Uint8Array {
    const left = length - head - tail;
    if (left <= MARK_BYTES) return this.bytes(at, length).slice();
    const [begin, end] = [this.bytes(at, head).slice(), this.bytes(at + length - tail, tail)];
    return joined(wholeStart(begin), leftOut(left), wholeEnd(end));
  }

  /** The line that begins there, without its newline. */
  line(at: number, cut: Cut): Uint8Array {
    return this.piece(at, this.lineEnd(at) - at, cut);
  }

  private lineEnd(from: number): number {
    for (let at = from; ;) {
      const inChunk = this.within(at, 1);
      const end = inChunk.indexOf(NEWLINE);
      if (end !== -1) return at + end;
      if (inChunk.length === 0) return at;
      at += inChunk.length;
    }
  }

  private bytes(at: number, length: number): Uint8Array {
    return this.within(at, Math.min(length, CHUNK_BYTES)).subarray(0, length);
  }

  /** What is at hand from there on: at least so many bytes, unless the file ends. */
  private within(at: number, least: number): Uint8Array {
    const { chunk } = this;
    if (at < this.start || at + least > this.start + this.filled) {
      this.start = at;
      this.filled = this.file.read(chunk, at);
    }
    return chunk.subarray(at - this.start, this.filled);
  }
}

/** The words below with a number of any length. */
const MARK_BYTES = 60;

const leftOut = (bytes: number): Uint8Array =>
  new TextEncoder().encode(` … ${bytes.toLocaleString('en')} bytes are left out here … `);

const isContinued = (byte: number | undefined): boolean => ((byte ?? 0) & 0xc0) === 0x80;

/** Without a last character of several bytes, of which there may be only the first ones. */
function wholeStart(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && isContinued(bytes[end - 1])) end--;
  return bytes.subarray(0, (bytes[end - 1] ?? 0) >= 0xc0 ? end - 1 : end);
}

function wholeEnd(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length && isContinued(bytes[start])) start++;
  return bytes.subarray(start);
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
