/**
 * Reads one operation from the bytes of its JSON, in one pass and without a string between. For histories of millions of
 * operations, each of which it reads in half the time that decoding and parsing take (bench/check-file.ts).
 *
 * It knows what nearly all lines consist of (the six fields in any order; integers, short plain strings, null, true,
 * false, arrays) and gives up on everything else, for the slow and exact reader to take: undefined says nothing about
 * whether the text is good. What it does read, it reads as `parseOpLine` does.
 */
import type { Json } from '../protocol/json.ts';
import type { Op, OpType, Process } from './op.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const LONGEST_STRING = 32;
/** Integers of so many digits are exact. */
const MOST_DIGITS = 15;
const DEEPEST = 20;
const STRINGS = 1 << 10;

/** What makes it give up: one object, thrown without a stack. */
const TOO_HARD = Symbol('too hard');

export class FastOpReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private end = 0;
  /** Strings seen before, by a hash of their bytes; a later one takes an earlier one's place. */
  private readonly strings: string[] = Array.from({ length: STRINGS }, () => '');

  /** The operation in bytes[start, end), or undefined when it takes a better reader. `position` stands in for a missing index. */
  read(bytes: Uint8Array, start: number, end: number, position: number, defaultF?: string): Op | undefined {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    try {
      return this.operation(position, defaultF);
    } catch (error) {
      if (error === TOO_HARD) return undefined;
      throw error;
    }
  }

  private operation(position: number, defaultF: string | undefined): Op | undefined {
    let index = position;
    let time = 0;
    let type: OpType | undefined;
    let process: Process | undefined;
    let f = defaultF;
    let value: Json = null;
    this.expect(OPEN_OBJECT);
    for (;;) {
      const key = this.string();
      this.expect(COLON);
      switch (key) {
        case 'index':
          index = this.integer();
          break;
        case 'time':
          time = this.integer();
          break;
        case 'type':
          type = typeOf(this.string());
          break;
        case 'process':
          process = this.process();
          break;
        case 'f':
          f = this.string();
          break;
        case 'value':
          value = this.value(0);
          break;
        default:
          return undefined;
      }
      const next = this.token();
      this.at++;
      if (next === CLOSE_OBJECT) break;
      if (next !== COMMA) return undefined;
    }
    while (this.at < this.end && isBlank(this.bytes[this.at])) this.at++;
    if (this.at !== this.end || type === undefined || process === undefined || f === undefined)
      return undefined;
    return { index, time, type, process, f, value };
  }

  private process(): Process {
    if (this.token() !== QUOTE) return this.integer();
    if (this.string() === 'nemesis') return 'nemesis';
    throw TOO_HARD;
  }

  private value(depth: number): Json {
    const first = this.token();
    if (first === OPEN_ARRAY) return this.array(depth);
    if (first === QUOTE) return this.string();
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.integer();
    if (this.word('null')) return null;
    if (this.word('true')) return true;
    if (this.word('false')) return false;
    throw TOO_HARD;
  }

  private array(depth: number): Json {
    if (depth > DEEPEST) throw TOO_HARD;
    this.at++;
    const items: Json[] = [];
    if (this.token() === CLOSE_ARRAY) {
      this.at++;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      const next = this.token();
      this.at++;
      if (next === CLOSE_ARRAY) return items;
      if (next !== COMMA) throw TOO_HARD;
    }
  }

  private integer(): number {
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
    // No digits, too many, leading zeros, -0, a fraction, an exponent.
    const plain = digits > 0 && digits <= MOST_DIGITS && (first !== 0 || (digits === 1 && !negative));
    const after = digit + ZERO;
    if (!plain || after === 0x2e || (after | 0x20) === 0x65) throw TOO_HARD;
    this.at = at;
    return negative ? -number : number;
  }

  private string(): string {
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
    return this.interned(start, at, hash & (STRINGS - 1));
  }

  private interned(start: number, end: number, slot: number): string {
    const { bytes } = this;
    const known = this.strings[slot] ?? '';
    let same = known.length === end - start;
    for (let at = start; same && at < end; at++) same = known.charCodeAt(at - start) === bytes[at];
    if (same) return known;
    const text = String.fromCharCode(...bytes.subarray(start, end));
    this.strings[slot] = text;
    return text;
  }

  private word(word: string): boolean {
    if (this.at + word.length > this.end) return false;
    for (let i = 0; i < word.length; i++) if (this.bytes[this.at + i] !== word.charCodeAt(i)) return false;
    this.at += word.length;
    return true;
  }

  private expect(byte: number): void {
    if (this.token() !== byte) throw TOO_HARD;
    this.at++;
  }

  /** The next byte that is not blank; throws at the end. */
  private token(): number {
    const { bytes } = this;
    while (this.at < this.end) {
      const byte = bytes[this.at] ?? 0;
      if (!isBlank(byte)) return byte;
      this.at++;
    }
    throw TOO_HARD;
  }
}

const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function typeOf(text: string): OpType {
  if (text === 'invoke' || text === 'ok' || text === 'fail' || text === 'info') return text;
  throw TOO_HARD;
}
