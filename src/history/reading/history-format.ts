/**
 * Detects the format of a history from its beginning, and the place where the operations begin: in `{"history": [...]}` they
 * are in a list of an object that may have other fields before and after it.
 */
import { textFormatOf } from './text-op.ts';

/** `jsonl` has one operation per line; `json` and `edn` are sequences of forms, however they are separated. */
export type Format = 'jsonl' | 'json' | 'edn' | 'txt' | 'log';

export interface Beginning {
  readonly format: Format;
  /** Offset of the list within an object that holds the operations. */
  readonly listAt?: number;
}

/** Names of the field that holds the operations, in programs that wrap them in an object. */
const LISTS: ReadonlySet<string> = new Set([
  'history',
  'ops',
  'operations',
  'events',
  'entries',
  'transactions',
  'txns',
]);

/** Maximum number of bytes of a line that are inspected. */
const LOOKED_AT = 4096;
/** Maximum number of bytes inspected of the first operation, or of the fields before the list. */
const MOST_OF_FIRST = 1 << 20;

/** Returns the format; undefined if more bytes are needed, which is never the case with `isAll`. */
export function beginningOf(bytes: Uint8Array, isAll: boolean): Beginning | undefined {
  const format = formatOf(bytes, isAll);
  if (format !== 'jsonl' && format !== 'json' && format !== 'edn') return format && { format };
  const isEdn = format === 'edn';
  const { at: first, isPrefixed } = isEdn
    ? afterPrefix(bytes)
    : { at: bytes.findIndex((byte) => byte > 0x20), isPrefixed: false };
  // #jepsen.history.DenseHistory[...]
  if (isPrefixed && isOpeningOfList(bytes[first])) return { format, listAt: first };
  if (bytes[first] !== OPEN_OBJECT) return { format };
  const form = firstForm(bytes, first, isEdn);
  if (form.listAt !== undefined) return { format: isEdn ? 'edn' : 'json', listAt: form.listAt };
  const rest = form.end === undefined ? undefined : restOfLine(bytes, form.end);
  if (rest === undefined && !isAll && bytes.length < MOST_OF_FIRST) return undefined;
  if (format === 'jsonl' && rest === 'another') return { format: 'json' };
  return { format };
}

function formatOf(bytes: Uint8Array, isAll: boolean): Format | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, LOOKED_AT));
  const words = /^\s*(\S)(\s*)(\S?)\s*(\S?)/.exec(start);
  const [, first, gap = '', second = '', third = ''] = words ?? [];
  const isEnough = isAll || start.length < bytes.length;
  switch (first) {
    case undefined:
      return isEnough ? 'jsonl' : undefined;
    case '(':
    case '#':
    case '^':
    case ';':
      return 'edn';
    case '{':
      if (second === '') return isEnough ? 'edn' : undefined;
      if ((second !== '"' && second !== '}') || hasEdnTextKey(start)) return 'edn';
      // An operation that spans several lines is a form.
      return gap.includes('\n') ? 'json' : 'jsonl';
    case '[':
      if (second === '' || (second === '{' && third === '')) return isEnough ? 'edn' : undefined;
      if (second === '{') return (third === '"' && !hasEdnTextKey(start)) || third === '}' ? 'json' : 'edn';
      if (second === '[' && /^[\s[]+\{\s*:/.test(start)) return 'edn';
      // An empty history, and then a comment or a discarded form.
      if (second === ']' && '#;'.includes(third) && third !== '') return 'edn';
      return '#(;:^'.includes(second) ? 'edn' : 'json';
    default:
      return byFirstLine(start, isEnough);
  }
}

/** True for a map of EDN whose first key is a text: {"index" 0 ...}. In JSON a colon follows it. */
const hasEdnTextKey = (start: string): boolean => /^\s*\[?\s*\{\s*"(?:[^"\\]|\\.)*"\s*[^\s:]/.test(start);

function byFirstLine(start: string, isEnough: boolean): Format | undefined {
  const [, line = '', newline] = /^\s*?([^\n]*)(\n)?/.exec(start.trimStart()) ?? [];
  if (newline === undefined && !isEnough) return undefined;
  return textFormatOf(line) ?? 'jsonl';
}

const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const HASH = 0x23;
const CARET = 0x5e;
const UNDERSCORE = 0x5f;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const NEWLINE = 0x0a;

/**
 * Returns the end (exclusive) of the object that begins there, or the start of a list of operations in it; neither if the
 * bytes end before.
 */
function firstForm(
  bytes: Uint8Array,
  from: number,
  isEdn: boolean,
): { readonly end?: number; readonly listAt?: number } {
  let depth = 0;
  // The last token read at the level of the object's fields: the name of the list that follows it.
  let word = '';
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      const start = at + 1;
      for (at = start; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
      if (depth === 1) word = ascii(bytes, start, at);
    } else if (isEdn && byte === BACKSLASH) at++;
    else if (isEdn && byte === 0x3b) at = endOfLine(bytes, at);
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === 0x28) {
      const isList = depth === 1 && (byte === OPEN_ARRAY || (isEdn && byte === 0x28));
      if (isList && LISTS.has(word) && holdsObjects(bytes, at + 1, isEdn)) return { listAt: at };
      depth++;
      word = '';
    } else if (byte === 0x7d || byte === 0x5d || byte === 0x29) {
      depth--;
      if (depth === 0) return { end: at + 1 };
    } else if (isEdn && depth === 1 && byte === 0x3a) {
      const start = at + 1;
      while (at + 1 < bytes.length && isWordByte(bytes[at + 1] ?? 0)) at++;
      word = ascii(bytes, start, at + 1);
    } else if (isEdn && byte === HASH) {
      // The tag of a list leaves its name: {:history #jepsen.history.DenseHistory[...]}.
      while (isTagByte(bytes[at + 1] ?? 0)) at++;
    } else if (depth === 1 && byte > 0x20 && byte !== 0x3a) word = '';
  }
  return {};
}

/** Returns where the first form begins, after comments, metadata, tags and discarded forms; the end if the bytes end before. */
function afterPrefix(bytes: Uint8Array): { readonly at: number; readonly isPrefixed: boolean } {
  let at = 0;
  let isPrefixed = false;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const next = bytes[at + 1] ?? 0;
    if (byte <= 0x20 || byte === COMMA) at++;
    else if (byte === 0x3b) at = endOfLine(bytes, at);
    else if (byte === CARET && next === OPEN_OBJECT) {
      at = firstForm(bytes, at + 1, true).end ?? bytes.length;
      isPrefixed = true;
    } else if (byte === HASH && next === UNDERSCORE) {
      at = afterDiscarded(bytes, at + 2);
      isPrefixed = true;
    } else if ((byte === HASH && isLetter(next)) || (byte === CARET && (next === 0x3a || isLetter(next)))) {
      at += 2;
      while (isTagByte(bytes[at] ?? 0)) at++;
      isPrefixed = true;
    } else break;
  }
  return { at, isPrefixed };
}

/** Returns the end of what a discard mark before `from` discards; marks behind each other discard as many forms. */
function afterDiscarded(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let forms = 1; forms > 0 && at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    if (byte <= 0x20 || byte === COMMA) at++;
    else if (byte === HASH && bytes[at + 1] === UNDERSCORE) {
      forms++;
      at += 2;
    } else {
      forms--;
      at = isOpening(byte) ? (firstForm(bytes, at, true).end ?? bytes.length) : endOfAtom(bytes, at);
    }
  }
  return at;
}

function endOfAtom(bytes: Uint8Array, from: number): number {
  let at = from;
  if (bytes[at] === QUOTE) {
    for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    return at + 1;
  }
  while (at < bytes.length && (bytes[at] ?? 0) > 0x20 && bytes[at] !== COMMA && !isOpening(bytes[at])) at++;
  return at;
}

const isOpening = (byte: number | undefined): boolean => byte === OPEN_OBJECT || isOpeningOfList(byte);
const isOpeningOfList = (byte: number | undefined): boolean => byte === OPEN_ARRAY || byte === 0x28;

/** True if the list is empty or its first item can be an operation. */
function holdsObjects(bytes: Uint8Array, from: number, isEdn: boolean): boolean {
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (isEdn && byte === 0x3b) at = endOfLine(bytes, at);
    else if (byte > 0x20) break;
  }
  const first = bytes[at];
  return (
    first === OPEN_OBJECT || first === HASH || first === CARET || first === CLOSE_ARRAY || first === 0x29
  );
}

/**
 * Returns what follows an operation on its line, which a lone carriage return does not end; undefined if the bytes end
 * before.
 */
function restOfLine(bytes: Uint8Array, from: number): 'nothing' | 'another' | undefined {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === NEWLINE) return 'nothing';
    // Anything but another operation is an error in this line.
    if (byte > 0x20 && byte !== COMMA) return byte === OPEN_OBJECT ? 'another' : 'nothing';
  }
  return undefined;
}

const endOfLine = (bytes: Uint8Array, at: number): number => {
  const end = bytes.indexOf(NEWLINE, at);
  return end === -1 ? bytes.length : end;
};

const isLetter = (byte: number): boolean => (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
const isWordByte = (byte: number): boolean => isLetter(byte) || byte === 0x2d || byte === 0x3f;
/** Letters, digits, and what stands between the parts of a name, as in `jepsen.history/Op`. */
const isTagByte = (byte: number): boolean =>
  isWordByte(byte) || (byte >= 0x2e && byte <= 0x39) || byte === 0x5f || byte === 0x24;

/** Returns the text of a range of ASCII bytes, limited to the length that a name can have. */
const ascii = (bytes: Uint8Array, start: number, end: number): string =>
  end - start > 20 ? '' : String.fromCharCode(...bytes.subarray(start, end));
