/**
 * Reads JSON without losing digits.
 *
 * Most texts contain no number that `JSON.parse` would change. A cheap scan shows that, and `JSON.parse` reads them.
 * The others go through the parser below, which is two to four times slower.
 */
import { fractionOf, integerOf } from './json-decimal.ts';
import { DEEPEST_NESTING, LONGEST_NUMBER } from './json-limits.ts';
import type { Json } from './json-value.ts';

/** Parses one JSON text without losing digits. Throws a `SyntaxError` that says what was seen and at which offset. */
export function parseJson(text: string): Json {
  if (!couldNeedCare(text) && !couldBeTooDeep(text)) {
    try {
      return JSON.parse(text) as Json; // JSON.parse returns JSON
    } catch {
      // The parser below describes the problem more clearly.
    }
  }
  return new Parser(text).parse();
}

/**
 * Whether a text could contain a number that `JSON.parse` would change: one with a fraction, an exponent, or at least
 * 16 digits. False positives inside strings only cost time. To avoid them for hexadecimal ids (`5e3f8a1c-...`), a
 * number must follow one of `[:,` or a space, or begin the text.
 *
 * Hot: a loop, because a regular expression for this takes four times as long on arrays of integers.
 */
function couldNeedCare(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      digits++;
    } else if (digits > 0) {
      if ((digits >= 16 || code === 0x2e || (code | 0x20) === 0x65) && beginsNumber(text, at - digits))
        return true;
      digits = 0;
    }
  }
  return digits >= 16;
}

function beginsNumber(text: string, digitsAt: number): boolean {
  const at = text.charCodeAt(digitsAt - 1) === 0x2d ? digitsAt - 1 : digitsAt;
  return at === 0 || ' \t\n\r[:,'.includes(text.charAt(at - 1));
}

/** Whether a text opens enough arrays and objects that their nesting should be counted. */
function couldBeTooDeep(text: string): boolean {
  if (text.length <= DEEPEST_NESTING) return false;
  return opens(text, '[') + opens(text, '{') > DEEPEST_NESTING && nesting(text) > DEEPEST_NESTING;
}

function opens(text: string, bracket: string): number {
  let count = 0;
  for (
    let at = text.indexOf(bracket);
    at !== -1 && count <= DEEPEST_NESTING;
    at = text.indexOf(bracket, at + 1)
  ) {
    count++;
  }
  return count;
}

/** Returns the maximum nesting, as far as the text is JSON. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) {
      inString = true;
    } else if (code === 0x5b || code === 0x7b) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x5d || code === 0x7d) {
      depth--;
    }
  }
  return deepest;
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** Characters of a string literal that represent themselves. (No alternatives inside: they would need a stack.) */
// oxlint-disable-next-line no-control-regex
const PLAIN = /[^"\\\u0000-\u001f]*/y;

/** A recursive-descent parser with bounded depth. */
class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  parse(): Json {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) throw this.unexpected('the end of the text');
    return value;
  }

  private value(): Json {
    this.space();
    switch (this.text.charAt(this.at)) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private object(): Json {
    this.enter();
    const object: Record<string, Json> = {};
    this.space();
    if (this.text[this.at] === '}') {
      this.leave();
      return object;
    }
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') throw this.unexpected('a key in double quotes');
      const key = this.string();
      this.space();
      if (this.text[this.at] !== ':') throw this.unexpected('a colon');
      this.at++;
      const value = this.value();
      // Assigning this key would set the prototype.
      if (key === '__proto__') {
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      } else {
        object[key] = value;
      }
      this.space();
      if (this.text[this.at] === '}') break;
      if (this.text[this.at] !== ',') throw this.unexpected('a comma or }');
      this.at++;
    }
    this.leave();
    return object;
  }

  private array(): Json {
    this.enter();
    const array: Json[] = [];
    this.space();
    if (this.text[this.at] === ']') {
      this.leave();
      return array;
    }
    for (;;) {
      array.push(this.value());
      this.space();
      if (this.text[this.at] === ']') break;
      if (this.text[this.at] !== ',') throw this.unexpected('a comma or ]');
      this.at++;
    }
    this.leave();
    return array;
  }

  private string(): string {
    const start = this.at;
    let end = start + 1;
    let escaped = false;
    for (;;) {
      PLAIN.lastIndex = end;
      PLAIN.test(this.text);
      end = PLAIN.lastIndex;
      if (this.text.charCodeAt(end) !== 0x5c) break;
      escaped = true;
      end += 2;
    }
    if (this.text.charCodeAt(end) !== 0x22) throw this.badString();
    this.at = end + 1;
    if (!escaped) return this.text.slice(start + 1, end);
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string; // it is a string literal
    } catch {
      this.at = start;
      throw this.badString();
    }
  }

  private number(): Json {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null) throw this.unexpected('a value');
    const text = match[0];
    if (text.length > LONGEST_NUMBER) {
      throw new SyntaxError(
        `a number of ${text.length} characters at offset ${this.at}; at most ${LONGEST_NUMBER} are allowed`,
      );
    }
    this.at += text.length;
    return match[1] === undefined && match[2] === undefined ? integerOf(text) : fractionOf(text);
  }

  private word(word: string, value: Json): Json {
    if (!this.text.startsWith(word, this.at)) throw this.unexpected('a value');
    this.at += word.length;
    return value;
  }

  private enter(): void {
    this.depth++;
    if (this.depth > DEEPEST_NESTING) {
      throw new SyntaxError(`nested more than ${DEEPEST_NESTING} levels deep at offset ${this.at}`);
    }
    this.at++;
  }

  private leave(): void {
    this.depth--;
    this.at++;
  }

  private space(): void {
    const code = this.text.charCodeAt(this.at);
    if (code > 0x20) return;
    SPACE.lastIndex = this.at;
    this.at += SPACE.exec(this.text)?.[0].length ?? 0;
  }

  private unexpected(expected: string): SyntaxError {
    const seen = this.text.codePointAt(this.at);
    if (seen === undefined) return new SyntaxError(`the text ends where ${expected} was expected`);
    return new SyntaxError(`${shownCharacter(seen)} at offset ${this.at}, where ${expected} was expected`);
  }

  /** Returns the error for the malformed string literal that begins here. */
  private badString(): SyntaxError {
    const start = this.at;
    for (let at = start + 1; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 0x22) break;
      if (code < 0x20) {
        return new SyntaxError(`an unescaped ${shownCharacter(code)} at offset ${at}, inside a string`);
      }
      if (code !== 0x5c) continue;
      const escape = /^\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/.exec(this.text.slice(at, at + 6))?.[0];
      if (escape === undefined) {
        return new SyntaxError(
          `an unknown escape ${JSON.stringify(this.text.slice(at, at + 2))} at offset ${at}`,
        );
      }
      at += escape.length - 1;
    }
    return new SyntaxError(`the string that begins at offset ${start} does not end`);
  }
}

/** Returns a character for an error message: as itself if visible, otherwise as its code point. */
function shownCharacter(code: number): string {
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return code <= 0x20 || (code >= 0x7f && code <= 0xa0) || code === 0xfeff
    ? hex
    : `"${String.fromCodePoint(code)}"`;
}
