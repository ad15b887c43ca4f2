/**
 * The memory that a node's thread shares with the simulation. One side writes to it while the other waits.
 *
 * Each side's turn ends with `pass`, which wakes the other side and sleeps until that one passes. So the two run
 * alternately, like one thread, and the order of events is always the same. Output is gathered in the memory until the
 * program waits for something, so most messages take one round trip.
 */
import { CHUNK_BYTES } from '../calls/wasi-system.ts';

/** The sides, as values of the cell TURN. */
export const SIMULATION = 0;
export const PROGRAM = 1;
export type Side = typeof SIMULATION | typeof PROGRAM;

/** What the program's thread requests. */
export const ASK = {
  /** Requests nothing: it runs no program. */
  ready: 0,
  wait: 1,
  takeOutput: 2,
  random: 3,
  disk: 4,
  /** Requests the rest of the data. */
  more: 5,
  /** The process has ended by itself, with an exit code. */
  exit: 6,
  /** The thread has died. thread-keeper.ts writes this in its place, with the reason. */
  died: 7,
  /** The program has closed its stdin or stdout. */
  closed: 8,
} as const;

/** What the simulation replies. */
export const SAY = {
  /** A program begins; its settings were sent to the port. */
  start: 0,
  input: 1,
  time: 2,
  /** The process was ended. */
  end: 3,
  answer: 4,
} as const;

export const DISK = [
  'find',
  'create',
  'makeFolder',
  'list',
  'rename',
  'remove',
  'hold',
  'release',
  'size',
  'read',
  'write',
  'truncate',
  'sync',
  'modifiedNanos',
  'setModified',
] as const;

/** Indexes into `words`. */
const TURN = 0;
export const KIND = 1;
/** Number of bytes in `data`. */
export const LENGTH = 2;
/** Number of bytes in `output`. */
export const OUTPUT = 3;
/** 1 when there is more than fits into `data`. */
export const HAS_MORE = 4;
/** Index into `DISK`, or whether input is wanted. */
export const WHICH = 5;

/** Indexes into `numbers`. */
export const NOW = 0;
/** How far the program is ahead of `NOW`, in nanoseconds. */
export const SPENT = 1;
/** The node's wall clock: see WallClock. */
export const OFFSET = 2;
export const DRIFT = 3;
export const SINCE = 4;
/** Arguments, and the result. */
export const FIRST = 5;
export const SECOND = 6;

const WORDS_BYTES = 64;
const NUMBERS_BYTES = 64;
/** Room for a chunk, or for two paths. */
export const DATA_BYTES = CHUNK_BYTES + 16 * 1024;
/** Output consists of runs, each with the descriptor in one byte, the length in four, and the bytes. */
export const RUN_HEAD_BYTES = 5;
export const OUTPUT_BYTES = 2 * CHUNK_BYTES + 16 * 1024;

export class Channel {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  readonly data: Buffer;
  readonly output: Buffer;

  constructor(
    readonly memory: SharedArrayBuffer,
    private readonly side: Side,
  ) {
    this.words = new Int32Array(memory, 0, WORDS_BYTES / 4);
    this.numbers = new Float64Array(memory, WORDS_BYTES, NUMBERS_BYTES / 8);
    this.data = Buffer.from(memory, WORDS_BYTES + NUMBERS_BYTES, DATA_BYTES);
    this.output = Buffer.from(memory, WORDS_BYTES + NUMBERS_BYTES + DATA_BYTES, OUTPUT_BYTES);
  }

  static newMemory(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(WORDS_BYTES + NUMBERS_BYTES + DATA_BYTES + OUTPUT_BYTES);
    // The program's thread begins.
    new Int32Array(memory)[TURN] = PROGRAM;
    return memory;
  }

  /** Passes the turn to the other side. */
  pass(): void {
    Atomics.store(this.words, TURN, 1 - this.side);
    Atomics.notify(this.words, TURN);
  }

  /** Sleeps until it is this side's turn. Returns false after `limitMs`. */
  await(limitMs = Infinity): boolean {
    const other = 1 - this.side;
    while (Atomics.load(this.words, TURN) === other) {
      if (Atomics.wait(this.words, TURN, other, limitMs) === 'timed-out') return false;
    }
    return true;
  }

  /** Copies bytes into `data` as far as they fit; returns the rest, for later. */
  put(bytes: Uint8Array): Uint8Array {
    const now = bytes.subarray(0, DATA_BYTES);
    this.data.set(now);
    this.words[LENGTH] = now.length;
    this.words[HAS_MORE] = now.length < bytes.length ? 1 : 0;
    return bytes.subarray(now.length);
  }

  /** Returns a view of what the other side has put. */
  taken(): Buffer {
    return this.data.subarray(0, this.words[LENGTH]);
  }
}
