/**
 * Explains why a line on a node's stdout is not a message, for the author of the node.
 *
 * Runs only after `EnvelopeScanner` has refused a line (or its UTF-8 was invalid), so speed does not matter. The hints
 * cover common mistakes: debug output on stdout, Python's repr, a missing newline.
 */
import { EnvelopeScanner, type EnvelopeVerdict } from './envelope.ts';
import { DEEPEST_MESSAGE, LONGEST_MESSAGE_NUMBER } from '../json/json-limits.ts';
import { parseJson } from '../json/json-reader.ts';
import { isJsonArray, isJsonObject, type Json } from '../json/json-value.ts';
import { stringifyJson } from '../json/json-writer.ts';
import { otherKindHint } from '../json/other-kind.ts';
import { shownText } from '../shown-text.ts';
import { unlessThrows } from '../unless-throws.ts';
import { jsonMistakeHint } from './json-mistakes.ts';
import { printedValueHint } from './printed-values.ts';
import { runnerAdvice } from './runner-output.ts';

export { shownText };

/** Why a line on a node's stdout is not a message. Every part is safe to print on a terminal. */
export interface LineExplanation {
  /** The line, at most about 200 characters, control characters and invalid UTF-8 made visible. */
  readonly seen: string;
  /** What is wrong with the line: a clause such as `it is not JSON: ...`. */
  readonly problem: string;
  /** What was expected instead. */
  readonly expected: string;
  /** What to do about it, if that can be guessed. */
  readonly hint?: string;
}

const MESSAGE =
  'one JSON object per line, such as {"src": "n1", "dest": "c1", "body": {"type": "echo_ok", ...}}';

const OPENING_BRACE = 0x7b;

/** Maximum number of bytes of a line that are examined; a line may have many megabytes. */
const LOOKED_AT = 64 * 1024;

/**
 * Explains the line bytes[start, end), which `EnvelopeScanner` refused or which is not UTF-8. Returns undefined when
 * nothing is wrong with it.
 */
export function explainLine(bytes: Uint8Array, start: number, end: number): LineExplanation | undefined {
  const badUtf8At = invalidUtf8At(bytes, start, end);
  const seen = seenOf(bytes, start, end);
  const mark = byteOrderMark(bytes, start, end);
  if (mark !== undefined) return explainMark(mark, seen);
  if (badUtf8At !== undefined) {
    const byte = (bytes[badUtf8At] ?? 0).toString(16).padStart(2, '0');
    return {
      seen,
      problem: `it is not UTF-8: byte 0x${byte} at offset ${badUtf8At - start}`,
      expected: `${MESSAGE}, in UTF-8`,
      hint: 'Encode all output as UTF-8, and print no binary data on stdout.',
    };
  }
  const scanner = new EnvelopeScanner();
  const verdict = scanner.scan(bytes, start, end);
  if (verdict === 'ok') return undefined;
  if (verdict === 'not-json') return explainNonJson(bytes, start, end, scanner.problemAt, seen);
  if (verdict === 'too-deep') {
    return {
      seen,
      problem: `it nests arrays or objects more than ${DEEPEST_MESSAGE} levels deep`,
      expected: MESSAGE,
    };
  }
  if (verdict === 'number-too-long') return explainLongNumber(bytes, start, end, scanner.problemAt, seen);
  return explainFields(bytes, start, end, verdict, seen);
}

/** Returns the encoding whose byte order mark begins the line, or undefined if none does. */
export function byteOrderMark(bytes: Uint8Array, start: number, end: number): 'UTF-8' | 'UTF-16' | undefined {
  if (end - start < 2) return undefined;
  const [first, second, third] = bytes.subarray(start, Math.min(end, start + 3));
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'UTF-8';
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16 ? 'UTF-16' : undefined;
}

function explainMark(encoding: 'UTF-8' | 'UTF-16', seen: string): LineExplanation {
  return {
    seen,
    problem: `it begins with the byte order mark of ${encoding}`,
    expected: `${MESSAGE}, in UTF-8 without a byte order mark`,
    hint:
      encoding === 'UTF-8'
        ? 'Choose an encoding without a byte order mark: new UTF8Encoding(false) in .NET, utf-8 and not utf-8-sig in Python.'
        : 'Set the encoding of stdout to UTF-8.',
  };
}

function explainLongNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
  numberAt: number,
  seen: string,
): LineExplanation {
  let to = numberAt;
  while (to < end && /[-+.\deE]/.test(String.fromCharCode(bytes[to] ?? 0))) to++;
  return {
    seen,
    problem: `it has a number of ${to - numberAt} characters at offset ${numberAt - start}`,
    expected: `numbers of at most ${LONGEST_MESSAGE_NUMBER} characters`,
    hint: 'Send longer ones as strings.',
  };
}

/** Returns the start of the line, safe to print, with invalid UTF-8 as \xNN. */
function seenOf(bytes: Uint8Array, start: number, end: number): string {
  const some = Math.min(end, start + 1000);
  const shown = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, some));
  const text = invalidUtf8At(bytes, start, some) === undefined ? shown : withBytesShown(bytes, start, some);
  const safe = shownText(text);
  return end > some ? `${safe.replace(/\.\.\. \(\d+ characters\)$/, '')}... (${end - start} bytes)` : safe;
}

/** Returns ASCII unchanged and other bytes as \xNN, for text that is not UTF-8. */
function withBytesShown(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    text += byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`;
  }
  return text;
}

/** Returns the position of the first byte that is invalid in UTF-8, or that begins an invalid sequence. */
function invalidUtf8At(bytes: Uint8Array, start: number, end: number): number | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const fits = (from: number, to: number) => {
    try {
      decoder.decode(bytes.subarray(from, to));
      return true;
    } catch {
      return false;
    }
  };
  // Checks a window at a time, because checking each character would take seconds on a line of many megabytes.
  for (let from = start, to = start; from < end; from = to) {
    to = Math.min(end, from + 4096);
    while (to < end && to > from + 1 && ((bytes[to] ?? 0) & 0xc0) === 0x80) to--;
    if (fits(from, to)) continue;
    for (let at = from; at < to;) {
      const next = Math.min(to, at + sequenceLength(bytes[at] ?? 0));
      if (!fits(at, next)) return at;
      at = next;
    }
    return from;
  }
  return undefined;
}

function sequenceLength(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    bytes.subarray(start, Math.min(end, start + LOOKED_AT)),
  );
}

function explainNonJson(
  bytes: Uint8Array,
  start: number,
  end: number,
  problemAt: number,
  seen: string,
): LineExplanation {
  const text = textOf(bytes, start, end);
  const at = problemAt - start;
  const where =
    problemAt >= end
      ? `it ends at offset ${end - start}, before the JSON is complete`
      : `${characterAt(bytes, problemAt, end)} at offset ${at}`;
  if (text.trim() === '') {
    return {
      seen: seen === '' ? '(nothing)' : seen,
      problem: 'it is an empty line',
      expected: MESSAGE,
      hint: 'Print exactly one newline after each message.',
    };
  }
  if (secondMessageBegins(bytes, start, problemAt, end)) {
    return {
      seen,
      problem: `a second value begins at offset ${at}, on the same line`,
      expected: MESSAGE,
      hint: 'Print a newline after each message.',
    };
  }
  const hint =
    problemAt < end && bytes[start] === OPENING_BRACE && isComplete(bytes, start, problemAt)
      ? 'The message is complete before that: print nothing but a newline after it.'
      : hintForNonJson(text, bytes, { start, problemAt, end });
  return { seen, problem: `it is not JSON: ${where}`, expected: MESSAGE, hint };
}

/** Whether the bytes before `problemAt` are a complete value, and another value begins there. */
function secondMessageBegins(bytes: Uint8Array, start: number, problemAt: number, end: number): boolean {
  if (problemAt >= end || (bytes[problemAt] !== OPENING_BRACE && bytes[problemAt] !== 0x5b)) return false;
  return isComplete(bytes, start, problemAt);
}

/** Whether these bytes are an object or another value in JSON. */
function isComplete(bytes: Uint8Array, start: number, end: number): boolean {
  const verdict = new EnvelopeScanner().scan(bytes, start, end);
  return verdict !== 'not-json' && verdict !== 'too-deep' && verdict !== 'number-too-long';
}

function characterAt(bytes: Uint8Array, at: number, end: number): string {
  const [character = ''] = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    bytes.subarray(at, Math.min(end, at + 4)),
  );
  return `"${shownText(character)}"`;
}

const LOOKED_BACK = 20;

function hintForNonJson(
  text: string,
  bytes: Uint8Array,
  { start, problemAt, end }: { readonly start: number; readonly problemAt: number; readonly end: number },
): string {
  const printed = printedValueHint(text);
  if (printed !== undefined) return printed;
  if (/^\s*\{/.test(text)) {
    const before = textOf(bytes, Math.max(start, problemAt - LOOKED_BACK), problemAt);
    return jsonMistakeHint({
      text,
      before,
      rest: textOf(bytes, problemAt, Math.min(end, problemAt + 20)),
      isCut: problemAt >= end,
    });
  }
  if (text.startsWith('\u001b['))
    return 'It begins with an escape sequence of a terminal, such as a colour: print messages as plain JSON.';
  if (/^(?:Content-\w+\s*:|HTTP\/\d)/i.test(text))
    return 'Messages have no headers: print only the JSON, and a newline after it.';
  if (text.startsWith('\0'))
    return 'It begins with a NUL byte: write only the bytes of the text, without the terminating NUL of a C string.';
  if (PHP_ERROR.test(text))
    return "PHP prints its errors on stdout: begin the program with ini_set('display_errors', 'stderr').";
  if (ELIXIR_LOG.test(text))
    return "Elixir's Logger prints on stdout, which is for messages: config :logger, :console, device: :standard_error, or from 1.15 on config :logger, :default_handler, config: [type: :standard_error].";
  if (/^\s*["}\]]/.test(text)) {
    return 'Is this part of a message that is spread over several lines, or printed by several threads at once? A message must be a single line.';
  }
  const message = /\{\s*"(?:src|dest|body|id)"\s*:.*\}\s*$/s.exec(text);
  if (message !== null && unlessThrows(() => parseJson(message[0])) !== undefined)
    return `A message follows ${shownText(JSON.stringify(text.slice(0, message.index)), 60)} on the same line: print a prompt or debugging output to stderr, since stdout is for messages.`;
  return runnerAdvice(text) ?? 'If this is debugging output, print it to stderr: stdout is for messages.';
}

const PHP_ERROR =
  /^(?:PHP )?(?:(?:Fatal|Parse|Recoverable fatal) error|Warning|Notice|Deprecated): .* in \S+(?: on line |:)\d+\s*$/;
const ELIXIR_LOG = /^\d\d:\d\d:\d\d\.\d{3} (?:\w+=\S+ )*\[(?:debug|info|notice|warn|warning|error)\]/;

/** Explains a line that is JSON, but not a message. */
function explainFields(
  bytes: Uint8Array,
  start: number,
  end: number,
  verdict: Exclude<EnvelopeVerdict, 'ok' | 'not-json' | 'too-deep' | 'number-too-long'>,
  seen: string,
): LineExplanation {
  const value =
    end - start <= LOOKED_AT ? unlessThrows(() => parseJson(textOf(bytes, start, end))) : undefined;
  const field = (name: string) =>
    isJsonObject(value) && Object.hasOwn(value, name) ? shownJson(value[name]) : 'something else';
  switch (verdict) {
    case 'not-an-object':
      return {
        seen,
        problem: value === undefined ? 'it is not an object' : `it is ${kindOf(value)}, not an object`,
        expected: MESSAGE,
        hint: isEncodedObject(value)
          ? 'It was encoded twice: encode each message once.'
          : isScalar(value)
            ? 'If this is debugging output, print it to stderr: stdout is for messages.'
            : 'Print each message on its own line.',
      };
    case 'src-missing':
      return {
        seen,
        problem: 'it has no `src`',
        expected: '`src`: the name of the node that sends it',
        ...(isJsonObject(value) && Object.keys(value).length === 0
          ? {
              hint: 'Some libraries serialize only public fields: in Go those with a capital letter, with a tag such as `json:"src"`.',
            }
          : misnamed(value, 'src')),
      };
    case 'src-not-a-string':
      return {
        seen,
        problem: `its \`src\` is ${field('src')}`,
        expected: 'a string, the name of the node that sends it',
        ...(isJsonObject(value) && value['src'] === null
          ? { hint: 'A node learns its name from `init`, and must not send anything before.' }
          : otherKind(value, 'src')),
      };
    case 'dest-missing':
      return {
        seen,
        problem: 'it has no `dest`',
        expected: '`dest`: the name of the receiver',
        ...misnamed(value, 'dest'),
      };
    case 'dest-not-a-string':
      return {
        seen,
        problem: `its \`dest\` is ${field('dest')}`,
        expected: 'a string, the name of the receiver',
        ...otherKind(value, 'dest'),
      };
    case 'body-missing':
      return {
        seen,
        problem: 'it has no `body`',
        expected: '`body`: an object with the message itself, such as {"type": "echo_ok", ...}',
        ...(isJsonObject(value) && Object.hasOwn(value, 'type')
          ? { hint: 'The fields `type`, `msg_id` and `in_reply_to` belong in the `body`.' }
          : misnamed(value, 'body')),
      };
    case 'body-not-an-object':
      return {
        seen,
        problem: `its \`body\` is ${field('body')}`,
        expected: 'an object, such as {"type": "echo_ok", ...}',
        ...(isJsonObject(value) && isEncodedObject(value['body'])
          ? { hint: 'It was encoded twice: encode the whole message once, with the object as its `body`.' }
          : {}),
      };
  }
}

function otherKind(value: Json | undefined, name: 'src' | 'dest'): { readonly hint?: string } {
  const seen = isJsonObject(value) ? value[name] : undefined;
  const hint = seen === undefined ? undefined : otherKindHint(seen, 'a string');
  return hint === undefined ? {} : { hint: `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.` };
}

function isEncodedObject(value: Json | undefined): boolean {
  return typeof value === 'string' && isJsonObject(unlessThrows(() => parseJson(value)) ?? null);
}

/** Other common names for the parts of an envelope, in lower case. */
const OTHER_NAMES: Readonly<Record<'src' | 'dest' | 'body', readonly string[]>> = {
  src: ['src', 'source', 'from', 'sender'],
  dest: ['dest', 'dst', 'destination', 'to', 'target', 'receiver'],
  body: ['body', 'payload', 'data', 'message', 'msg'],
};

/**
 * Suggests the field that was meant: `dst`; `Dest`, which Go writes for a struct field without a tag; or `msgDest`, as
 * records of Haskell name their fields.
 */
function misnamed(value: Json | undefined, name: 'src' | 'dest' | 'body'): { readonly hint?: string } {
  const keys = isJsonObject(value) ? Object.keys(value) : [];
  const meant =
    keys.find((key) => OTHER_NAMES[name].includes(key.toLowerCase())) ??
    keys.find((key) => key.toLowerCase().endsWith(name));
  return meant === undefined ? {} : { hint: `It has \`${meant}\`: rename it to \`${name}\`.` };
}

function isScalar(value: Json | undefined): boolean {
  return typeof value !== 'object' || value === null;
}

/** Returns a value as JSON for a message, safe to print and short. */
export function shownJson(value: Json | undefined, limit = 100): string {
  return value === undefined ? 'missing' : shownText(stringifyJson(value), limit);
}

/** Returns the kind of a value in words: `a string`, `an array`, ... */
export function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'boolean') return 'a boolean';
  if (isJsonArray(value)) return 'an array';
  return isJsonObject(value) ? 'an object' : 'a number';
}
