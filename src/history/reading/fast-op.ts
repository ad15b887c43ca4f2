/**
 * The bytes of one operation and the reading position: the common base of the two fast readers (fast-json-op.ts,
 * fast-edn-op.ts).
 *
 * They read an operation in one pass without intermediate strings. They support what nearly all operations consist of
 * (integers, short plain strings, null, true, false, arrays) and leave everything else to the slow, exact readers: a
 * result of undefined says nothing about whether the text is valid. What they read, they read as the exact readers do.
 */
import type { HistoryClock } from './history-clock.ts';
import type { Op, OpType } from '../op.ts';

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const BACKSLASH = 0x5c;

const LONGEST_STRING = 32;
/** All integers of up to this many digits are exact. */
const MOST_DIGITS = 15;
/** Integers of up to this many digits are exact if they are safe integers, such as most ids of 16 digits. */
const SAFE_DIGITS = 16;
export const DEEPEST = 20;
const STRINGS = 1 << 10;
/** Copied for each reader, which is much faster than filling a new array; there may be many small histories. */
const NO_STRINGS: readonly string[] = Array.from<string>({ length: STRINGS }).fill('');

/** Thrown to give up: a single object, thrown without a stack. */
export const TOO_HARD = Symbol('too hard');

export abstract class FastOpReader {
  protected bytes: Uint8Array = new Uint8Array(0);
  protected at = 0;
  protected end = 0;
  constructor(private readonly clock: HistoryClock) {}

  /** Strings read before, indexed by a hash of their bytes; a later string replaces an earlier one with the same hash. */
  private readonly strings: string[] = NO_STRINGS.slice();

  /** Reads the operation in bytes[start, end); undefined if it needs the exact reader. `position` replaces a missing index. */
  read(bytes: Uint8Array, start: number, end: number, position: number, defaultF?: string): Op | undefined {
    this.begin(bytes, start, end);
    try {
      return this.operation(position, defaultF);
    } catch (error) {
      if (error === TOO_HARD) return undefined;
      throw error;
    }
  }

  protected begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** The reading position. */
  get position(): number {
    return this.at;
  }

  protected abstract operation(position: number, defaultF: string | undefined): Op | undefined;

  /** True for a byte that only separates tokens. */
  protected abstract isBlank(byte: number): boolean;

  protected integer(): number {
    const { bytes } = this;
    let at = this.at;
    if (this.token() === MINUS) this.at++;
    const negative = this.at > at && bytes[this.at - 1] === MINUS;
    at = this.at;
    let number = 0;
    let digit = (at < this.end ? (bytes[at] ?? 0) : 0) - ZERO;
    const first = digit;
    while (digit >= 0 && digit <= 9) {
      number = number * 10 + digit;
      at++;
      digit = (at < this.end ? (bytes[at] ?? 0) : 0) - ZERO;
    }
    const digits = at - this.at;
    // Excludes: no digits, too many digits, leading zeros, -0, a fraction, an exponent.
    const plain =
      digits > 0 &&
      digits <= SAFE_DIGITS &&
      number <= Number.MAX_SAFE_INTEGER &&
      (first !== 0 || (digits === 1 && !negative));
    const after = digit + ZERO;
    if (!plain || isFractional(after)) throw TOO_HARD;
    this.at = at;
    return negative ? -number : number;
  }

  /** Reads a time: like `integer`, but also reads nanoseconds since 1970. */
  protected time(): number {
    const first = this.token();
    let low = 0;
    let at = this.at;
    let digit = first - ZERO;
    const limit = at + MOST_DIGITS;
    for (; at < limit && digit >= 0 && digit <= 9; digit = (this.bytes[++at] ?? 0) - ZERO)
      low = low * 10 + digit;
    // 15 of 19 digits have been read; the last nine digits are nanoseconds.
    if (at < limit || digit < 0 || digit > 9) return this.clock.ofInteger(this.integer());
    const high = Math.floor(low / 100_000);
    low -= high * 100_000;
    for (let more = 0; more < 4; more++, digit = (this.bytes[++at] ?? 0) - ZERO) {
      if (digit < 0 || digit > 9) throw TOO_HARD;
      low = low * 10 + digit;
    }
    if (first === ZERO || (digit >= 0 && digit <= 9) || isFractional(digit + ZERO)) throw TOO_HARD;
    this.at = at;
    return this.clock.ofNanos(high, low);
  }

  protected string(): string {
    if (this.token() !== QUOTE) throw TOO_HARD;
    const { bytes } = this;
    const start = ++this.at;
    let hash = 0;
    let at = start;
    for (; at < this.end; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) break;
      if (byte < 0x20 || byte === BACKSLASH || byte >= 0x80 || at - start >= LONGEST_STRING) throw TOO_HARD;
      hash = (hash * 31 + byte) | 0;
    }
    if (at >= this.end) throw TOO_HARD;
    this.at = at + 1;
    return this.interned(start, at, hash);
  }

  /** Returns the text of those bytes, which must be ASCII; `hash` is any hash of them. */
  protected interned(start: number, end: number, hash: number): string {
    const { bytes } = this;
    const slot = hash & (STRINGS - 1);
    const known = this.strings[slot] ?? '';
    let same = known.length === end - start;
    for (let at = start; same && at < end; at++) same = known.charCodeAt(at - start) === bytes[at];
    if (same) return known;
    const text = String.fromCharCode(...bytes.subarray(start, end));
    this.strings[slot] = text;
    return text;
  }

  protected word(word: string): boolean {
    if (this.at + word.length > this.end) return false;
    for (let i = 0; i < word.length; i++) if (this.bytes[this.at + i] !== word.charCodeAt(i)) return false;
    this.at += word.length;
    return true;
  }

  protected expect(byte: number): void {
    if (this.token() !== byte) throw TOO_HARD;
    this.at++;
  }

  /** Skips blanks and returns the next byte; throws at the end. */
  protected token(): number {
    const { bytes } = this;
    while (this.at < this.end) {
      const byte = bytes[this.at] ?? 0;
      if (!this.isBlank(byte)) return byte;
      this.at++;
    }
    throw TOO_HARD;
  }

  /** True if only blanks are left. */
  protected isOver(): boolean {
    while (this.at < this.end && this.isBlank(this.bytes[this.at] ?? 0)) this.at++;
    return this.at === this.end;
  }
}

/** True if a number continues with a decimal point or an exponent. */
const isFractional = (byte: number): boolean => byte === 0x2e || (byte | 0x20) === 0x65;

export function typeOf(text: string): OpType {
  if (text === 'invoke' || text === 'ok' || text === 'fail' || text === 'info') return text;
  throw TOO_HARD;
}

/** Returns a name; gives up on ":read", which the exact reader turns into `read`. */
export function wordOf(text: string): string {
  if (text.charCodeAt(0) === COLON) throw TOO_HARD;
  return text;
}
