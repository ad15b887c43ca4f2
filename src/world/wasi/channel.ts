/**
 * What a node's thread and the simulation share: a memory, in which one of them writes while the other waits.
 *
 * Each side's turn ends with `pass`: it wakes the other and sleeps until that one passes. So both run by turns, as one thread
 * would, and the order of all that happens is the same every time. Output is gathered in the memory until the program waits
 * for something: most messages take one round trip.
 */
import { CHUNK_BYTES } from './wasi-system.ts';

/** Whose turn it is. */
export const SIMULATION = 0;
export const PROGRAM = 1;
export type Side = typeof SIMULATION | typeof PROGRAM;

/** What the program's thread asks. */
export const ASK = {
  /** Nothing: no program runs in it. */
  ready: 0,
  wait: 1,
  takeOutput: 2,
  random: 3,
  disk: 4,
  /** The rest of what was given. */
  more: 5,
  /** Its process has ended by itself: with that code. */
  exit: 6,
  /** Nothing any more: the thread has died, and thread-keeper.ts, which writes this in its place, says why. */
  died: 7,
  /** Nothing: it has closed its stdin or stdout. */
  closed: 8,
} as const;

/** What the simulation says. */
export const SAY = {
  /** A program begins; its settings are at the port. */
  start: 0,
  input: 1,
  time: 2,
  /** The process is no more. */
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
] as const;

/** Cells of `words`. */
const TURN = 0;
export const KIND = 1;
/** Bytes in `data`. */
export const LENGTH = 2;
/** Bytes in `output`. */
export const OUTPUT = 3;
/** Whether there is more than fits into `data`. */
export const HAS_MORE = 4;
/** Which of `DISK`; or whether input is wanted. */
export const WHICH = 5;

/** Cells of `numbers`. */
export const NOW = 0;
/** By how much the program is ahead of that. */
export const SPENT = 1;
/** The clock of the wall: see WallClock. */
export const OFFSET = 2;
export const DRIFT = 3;
export const SINCE = 4;
/** Arguments, and the answer. */
export const FIRST = 5;
export const SECOND = 6;

const WORDS_BYTES = 64;
const NUMBERS_BYTES = 64;
/** A chunk, or two paths. */
export const DATA_BYTES = CHUNK_BYTES + 16 * 1024;
/** Output is in runs: the descriptor in a byte, the length in four, the bytes. */
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
    // Its thread begins.
    new Int32Array(memory)[TURN] = PROGRAM;
    return memory;
  }

  /** The other side's turn. */
  pass(): void {
    Atomics.store(this.words, TURN, 1 - this.side);
    Atomics.notify(this.words, TURN);
  }

  /** Sleeps until it is this side's turn. Says whether it is, after that time. */
  await(limitMs = Infinity): boolean {
    const other = 1 - this.side;
    while (Atomics.load(this.words, TURN) === other) {
      if (Atomics.wait(this.words, TURN, other, limitMs) === 'timed-out') return false;
    }
    return true;
  }

  /** Puts bytes into `data`, as far as they fit; gives the rest, which is for later. */
  put(bytes: Uint8Array): Uint8Array {
    const now = bytes.subarray(0, DATA_BYTES);
    this.data.set(now);
    this.words[LENGTH] = now.length;
    this.words[HAS_MORE] = now.length < bytes.length ? 1 : 0;
    return bytes.subarray(now.length);
  }

  /** A view of what the other side has put. */
  taken(): Buffer {
    return this.data.subarray(0, this.words[LENGTH]);
  }
}
