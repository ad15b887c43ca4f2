/**
 * The envelope scanner: one strict pass over the bytes of a line that a node printed.
 *
 * Messages between nodes are routed as raw bytes and never parsed. But what is passed on must be one JSON object with
 * `src`, `dest` and `body`, or the receiver would be blamed for the sender's mistake. The scanner accepts exactly what
 * `JSON.parse` accepts, within the limits of `json/json-limits.ts`, and finds the three fields meanwhile.
 */
import { DEEPEST_MESSAGE, LONGEST_MESSAGE_NUMBER } from '../json/json-limits.ts';
import { NameCache } from './name-cache.ts';

/** The result of a scan: `ok`, or the first problem of the line. */
export type EnvelopeVerdict =
  | 'ok'
  | 'not-json'
  | 'too-deep'
  | 'number-too-long'
  | 'not-an-object'
  | 'src-missing'
  | 'src-not-a-string'
  | 'dest-missing'
  | 'dest-not-a-string'
  | 'body-missing'
  | 'body-not-an-object';

// What is expected next.
const VALUE = 0;
const VALUE_OR_END = 1;
const KEY = 2;
const KEY_OR_END = 3;
const COMMA_OR_END = 4;

// The fields of the envelope, and the state of their values.
const OTHER = 0;
const SRC = 1;
const DEST = 2;
const BODY = 3;
const CAUSE = 4;
const MISSING = 0;
const GOOD = 1;
const WRONG = 2;

/** Returned by `skipNumber` for a valid number that is too long. */
const TOO_LONG = -2;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** 1 for bytes that simply continue a string literal: all but quote, backslash and control characters. */
const PLAIN = new Uint8Array(256).fill(1, 0x20);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

// Shared by all scanners: scans never overlap, and each start of a node creates a scanner.
const NAMES = new NameCache();
/** Indexed by nesting level: 1 for an object, 0 for an array. */
const IN_OBJECT = new Uint8Array(DEEPEST_MESSAGE + 1);

/**
 * Validates lines, one at a time, and finds `src`, `dest` and `body`. It is reused and allocates nothing; its fields
 * describe the last scan.
 *
 * Hot: one function with a state variable and a small stack, without recursion, because it runs for every message of
 * every node. It takes 0.2-0.3 µs for a message of 100 bytes, for which `JSON.parse` takes 0.6 µs (bench/protocol.ts).
 */
export class EnvelopeScanner {
  /** The sender's and the receiver's name; equal names are usually the same string. Valid when the verdict is `ok`. */
  src = '';
  dest = '';
  /** The body's bytes are bytes[bodyStart, bodyEnd). Valid when the verdict is `ok`. */
  bodyStart = 0;
  bodyEnd = 0;
  /**
   * The name of the last field other than `src`, `dest`, `body`, `id` and `cause` is bytes[extraStart, extraEnd); both
   * are 0 if there is none. Valid when the verdict is `ok`.
   */
  extraStart = 0;
  extraEnd = 0;
  /**
   * The value of the field `cause`, by which a node reports what the message follows from, is bytes[causeStart,
   * causeEnd); both are 0 if there is none. Valid when the verdict is `ok`.
   */
  causeStart = 0;
  causeEnd = 0;
  /**
   * The index at which the text stops being JSON, or the number begins. Valid when the verdict is `not-json`,
   * `too-deep` or `number-too-long`.
   */
  problemAt = 0;

  /** The hash of the last string literal. */
  private stringHash = 0;
  private stringIsPlain = true;

  /** Scans bytes[start, end), one line without its newline. Does not check that the bytes are UTF-8. */
  scan(bytes: Uint8Array, start: number, end: number): EnvelopeVerdict {
    const inObject = IN_OBJECT;
    let at = start;
    let depth = 0;
    let expected = VALUE;
    let field = OTHER;
    let src = MISSING;
    let dest = MISSING;
    let body = MISSING;
    let topIsObject = false;
    this.extraStart = 0;
    this.extraEnd = 0;
    this.causeStart = 0;
    this.causeEnd = 0;

    for (;;) {
      let byte = at < end ? (bytes[at] ?? 0) : -1;
      while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
        at++;
        byte = at < end ? (bytes[at] ?? 0) : -1;
      }

      if (expected === COMMA_OR_END) {
        if (depth === 0) {
          if (at < end) return this.stop(at, 'not-json');
          break;
        }
        if (byte === 0x2c) {
          at++;
          expected = inObject[depth] === 1 ? KEY : VALUE;
        } else if (byte === (inObject[depth] === 1 ? 0x7d : 0x5d)) {
          at++;
          depth--;
          if (depth === 1) this.endField(field, at);
        } else {
          return this.stop(at, 'not-json');
        }
        continue;
      }

      if (expected === KEY || expected === KEY_OR_END) {
        if (byte === QUOTE) {
          const keyStart = at + 1;
          at = this.skipString(bytes, keyStart, end);
          if (at < 0) return 'not-json';
          if (depth === 1) {
            field = this.fieldOf(bytes, keyStart, at - 1);
            if (field === OTHER && !isId(bytes, keyStart, at - 1)) {
              this.extraStart = keyStart;
              this.extraEnd = at - 1;
            }
          }
          while (at < end && isSpace(bytes[at] ?? 0)) at++;
          if (at >= end || bytes[at] !== 0x3a) return this.stop(at, 'not-json');
          at++;
          expected = VALUE;
        } else if (byte === 0x7d && expected === KEY_OR_END) {
          at++;
          depth--;
          if (depth === 1) this.endField(field, at);
          expected = COMMA_OR_END;
        } else {
          return this.stop(at, 'not-json');
        }
        continue;
      }

      // A value. In the envelope itself (depth 1) the values of the envelope's fields matter.
      const valueStart = at;
      let isString = false;
      let isObject = false;
      if (byte === QUOTE) {
        isString = true;
        at = this.skipString(bytes, at + 1, end);
        if (at < 0) return 'not-json';
        expected = COMMA_OR_END;
      } else if (byte === 0x7b || byte === 0x5b) {
        isObject = byte === 0x7b;
        if (depth === 0) topIsObject = isObject;
        if (depth === DEEPEST_MESSAGE) return this.stop(at, 'too-deep');
        inObject[depth + 1] = isObject ? 1 : 0;
        at++;
        expected = isObject ? KEY_OR_END : VALUE_OR_END;
      } else if (byte === 0x5d && expected === VALUE_OR_END) {
        at++;
        depth--;
        if (depth === 1) this.endField(field, at);
        expected = COMMA_OR_END;
        continue;
      } else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
        at = this.skipNumber(bytes, at, end);
        if (at < 0) return at === TOO_LONG ? 'number-too-long' : 'not-json';
        expected = COMMA_OR_END;
      } else {
        at = this.skipWord(bytes, at, end);
        if (at < 0) return 'not-json';
        expected = COMMA_OR_END;
      }

      // A later field of the same name replaces an earlier one, as in JSON.parse.
      if (depth === 1 && field !== OTHER && inObject[1] === 1) {
        if (field === BODY) {
          body = isObject ? GOOD : WRONG;
          this.bodyStart = valueStart;
        } else if (field === SRC) {
          src = isString ? GOOD : WRONG;
          if (isString) this.src = this.textOf(bytes, valueStart, at);
        } else if (field === CAUSE) {
          this.causeStart = valueStart;
          this.causeEnd = at;
        } else {
          dest = isString ? GOOD : WRONG;
          if (isString) this.dest = this.textOf(bytes, valueStart, at);
        }
      }
      if (expected === KEY_OR_END || expected === VALUE_OR_END) depth++;
    }

    if (!topIsObject) return 'not-an-object';
    if (src !== GOOD) return src === MISSING ? 'src-missing' : 'src-not-a-string';
    if (dest !== GOOD) return dest === MISSING ? 'dest-missing' : 'dest-not-a-string';
    if (body !== GOOD) return body === MISSING ? 'body-missing' : 'body-not-an-object';
    return 'ok';
  }

  /** Ends a field of the envelope whose value is an object or a list. */
  private endField(field: number, at: number): void {
    if (field === BODY) this.bodyEnd = at;
    else if (field === CAUSE) this.causeEnd = at;
  }

  private stop(at: number, verdict: 'not-json' | 'too-deep'): EnvelopeVerdict {
    this.problemAt = at;
    return verdict;
  }

  /** Returns the position after the closing quote of the string whose text begins at `at`, or -1 if it is malformed. */
  private skipString(bytes: Uint8Array, at: number, end: number): number {
    let hash = 0;
    let all = 0;
    this.stringIsPlain = true;
    for (;;) {
      let byte = 0;
      while (at < end && PLAIN[(byte = bytes[at] ?? 0)] === 1) {
        hash = (Math.imul(hash, 31) + byte) | 0;
        all |= byte;
        at++;
      }
      if (at < end && byte === QUOTE) {
        this.stringHash = hash;
        if (all >= 0x80) this.stringIsPlain = false;
        return at + 1;
      }
      if (at >= end || byte !== BACKSLASH) return this.fail(at);
      this.stringIsPlain = false;
      at = this.skipEscape(bytes, at, end);
      if (at < 0) return -1;
    }
  }

  private skipEscape(bytes: Uint8Array, at: number, end: number): number {
    const kind = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
    if (kind === 0x75) {
      for (let digit = at + 2; digit < at + 6; digit++) {
        if (digit >= end || !isHexDigit(bytes[digit] ?? 0)) return this.fail(digit);
      }
      return at + 6;
    }
    // " \ / b f n r t
    const known =
      kind === QUOTE ||
      kind === BACKSLASH ||
      kind === 0x2f ||
      kind === 0x62 ||
      kind === 0x66 ||
      kind === 0x6e ||
      kind === 0x72 ||
      kind === 0x74;
    return known ? at + 2 : this.fail(at + 1);
  }

  private skipNumber(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (bytes[at] === 0x2d) at++;
    const first = at < end ? (bytes[at] ?? 0) : 0;
    if (!isDigit(first)) return this.fail(at);
    at++;
    if (first !== 0x30) while (at < end && isDigit(bytes[at] ?? 0)) at++;
    if (at < end && bytes[at] === 0x2e) {
      at++;
      if (at >= end || !isDigit(bytes[at] ?? 0)) return this.fail(at);
      while (at < end && isDigit(bytes[at] ?? 0)) at++;
    }
    if (at < end && ((bytes[at] ?? 0) | 0x20) === 0x65) {
      at++;
      if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
      if (at >= end || !isDigit(bytes[at] ?? 0)) return this.fail(at);
      while (at < end && isDigit(bytes[at] ?? 0)) at++;
    }
    if (at - start <= LONGEST_MESSAGE_NUMBER) return at;
    this.problemAt = start;
    return TOO_LONG;
  }

  private skipWord(bytes: Uint8Array, at: number, end: number): number {
    const first = at < end ? bytes[at] : 0;
    const word = first === 0x74 ? 'true' : first === 0x66 ? 'false' : first === 0x6e ? 'null' : '';
    if (word === '') return this.fail(at);
    for (let index = 0; index < word.length; index++) {
      if (at + index >= end || bytes[at + index] !== word.charCodeAt(index)) return this.fail(at);
    }
    return at + word.length;
  }

  private fail(at: number): -1 {
    this.problemAt = at;
    return -1;
  }

  /** Returns the field of the envelope that the key bytes[start, end) names. */
  private fieldOf(bytes: Uint8Array, start: number, end: number): number {
    if (!this.stringIsPlain) {
      const key = decoded(bytes, start - 1, end + 1);
      if (key === 'cause') return CAUSE;
      return key === 'src' ? SRC : key === 'dest' ? DEST : key === 'body' ? BODY : OTHER;
    }
    const length = end - start;
    if (length === 3) {
      return bytes[start] === 0x73 && bytes[start + 1] === 0x72 && bytes[start + 2] === 0x63 ? SRC : OTHER;
    }
    if (length !== 4) return length === 5 && isCause(bytes, start) ? CAUSE : OTHER;
    const last = bytes[start + 3];
    if (last === 0x74) {
      return bytes[start] === 0x64 && bytes[start + 1] === 0x65 && bytes[start + 2] === 0x73 ? DEST : OTHER;
    }
    return last === 0x79 && bytes[start] === 0x62 && bytes[start + 1] === 0x6f && bytes[start + 2] === 0x64
      ? BODY
      : OTHER;
  }

  /** Returns the text of the string literal bytes[start, end), quotes included, which must be the last one scanned. */
  private textOf(bytes: Uint8Array, start: number, end: number): string {
    return this.stringIsPlain
      ? NAMES.name(bytes, start + 1, end - 1, this.stringHash)
      : decoded(bytes, start, end);
  }
}

/** Whether a key is `id`, which delivered messages have and which a node may leave in. */
function isId(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 2 && bytes[start] === 0x69 && bytes[start + 1] === 0x64;
}

function isCause(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x63 &&
    bytes[at + 1] === 0x61 &&
    bytes[at + 2] === 0x75 &&
    bytes[at + 3] === 0x73 &&
    bytes[at + 4] === 0x65
  );
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

/**
 * Decodes a string literal that contains escapes or non-ASCII characters. It is already validated, so this parses a
 * string.
 */
function decoded(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end)),
  ) as string;
}
