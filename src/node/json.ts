/**
 * JSON that keeps every digit of an integer.
 *
 * `JSON.parse` rounds integers beyond 2^53, which turns a 64-bit id into a different one. Here they become `bigint`,
 * and a `bigint` is written with all its digits. Almost no message has such a number, so the built-in functions do the
 * work where possible: one regular expression on the text, one `try` on the value.
 */
import type { Json, Sendable } from './message.ts';

// A number that begins with 16 digits may be beyond 2^53 = 9,007,199,254,740,992. (Fractions do not match: their digits
// before the point are safe.) Matching inside a string only costs time.
const LONG_INTEGER = /[-:,[\s]\d{16}/;

/** Parses one JSON text. Throws a `SyntaxError` for invalid JSON. */
export function parse(text: string): Json {
  // JSON.parse is typed `any`; without a reviver it returns exactly the values Json describes.
  if (!LONG_INTEGER.test(text) && !(text.length >= 16 && /^\d/.test(text))) return JSON.parse(text) as Json;
  // The built-in parser validates the text, so that the reader below can rely on it.
  JSON.parse(text);
  return new Reader(text).value();
}

/** Writes a value as one JSON text, without line breaks. Throws a `TypeError` for a cycle. */
export function stringify(value: Sendable): string {
  try {
    return JSON.stringify(value);
  } catch {
    // Most likely because of a bigint. For a cycle, this line throws again with a clear message.
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? null : part));
    return write(value);
  }
}

function write(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${write(field)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SPACE = /[ \t\n\r]*/y;

/** Reads a text that is known to be JSON. */
class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  value(): Json {
    this.take(SPACE);
    switch (this.text.charAt(this.at)) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return this.string();
      case 't':
        this.at += 4;
        return true;
      case 'f':
        this.at += 5;
        return false;
      case 'n':
        this.at += 4;
        return null;
      default:
        return this.number();
    }
  }

  private object(): Json {
    const fields: [string, Json][] = [];
    for (this.open(); !this.closed('}');) {
      const key = this.string();
      this.take(SPACE);
      this.at += 1; // the colon
      fields.push([key, this.value()]);
    }
    // Unlike an assignment, this makes a key "__proto__" a field like any other.
    return Object.fromEntries(fields);
  }

  private array(): Json {
    const items: Json[] = [];
    for (this.open(); !this.closed(']');) items.push(this.value());
    return items;
  }

  private open(): void {
    this.at += 1;
    this.take(SPACE);
  }

  /** Steps over the closing bracket, or over a comma before the next item. */
  private closed(end: string): boolean {
    this.take(SPACE);
    if (this.text[this.at] === end) {
      this.at += 1;
      return true;
    }
    if (this.text[this.at] === ',') this.open();
    return false;
  }

  private string(): string {
    return JSON.parse(this.take(STRING)) as string; // a string's text parses to a string
  }

  private number(): Json {
    const text = this.take(NUMBER);
    const value = Number(text);
    return Number.isSafeInteger(value) || /[.eE]/.test(text) ? value : BigInt(text);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const taken = pattern.exec(this.text)?.[0] ?? '';
    this.at += taken.length;
    return taken;
  }
}
