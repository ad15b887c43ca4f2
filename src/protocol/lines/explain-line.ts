/**
 * Explains why a line on a node's stdout is not a message, for the author of the node.
 *
 * Runs only after `EnvelopeScanner` has refused a line (or its UTF-8 was invalid), so speed does not matter. The hints
 * cover common mistakes: debug output on stdout, Python's repr, a missing newline.
 */
import { DEEPEST_MESSAGE, LONGEST_MESSAGE_NUMBER } from '../json/json-limits.ts';
import { shownText } from '../shown-text.ts';
import { EnvelopeScanner } from './envelope.ts';
import { explainFields } from './explain-fields.ts';
import { explainNonJson } from './explain-non-json.ts';
import { MESSAGE, textOf, type LineExplanation, type LineProblem } from './line-problem.ts';

/**
 * Explains a line that `EnvelopeScanner` refused or that is not UTF-8. Returns undefined when nothing is wrong with it.
 */
export function explainLine(line: Uint8Array): LineExplanation | undefined {
  const problem = problemOf(line);
  return problem && { seen: seenOf(line), ...problem };
}

function problemOf(line: Uint8Array): LineProblem | undefined {
  const mark = byteOrderMark(line);
  if (mark !== undefined) return explainMark(mark);
  const badUtf8At = invalidUtf8At(line);
  if (badUtf8At !== undefined) {
    const byte = (line[badUtf8At] ?? 0).toString(16).padStart(2, '0');
    return {
      problem: `it is not UTF-8: byte 0x${byte} at offset ${badUtf8At}`,
      expected: `${MESSAGE}, in UTF-8`,
      hint: 'Encode all output as UTF-8, and print no binary data on stdout.',
    };
  }
  const scanner = new EnvelopeScanner();
  const verdict = scanner.scan(line, 0, line.length);
  if (verdict === 'ok') return undefined;
  if (verdict === 'not-json') return explainNonJson(line, scanner.problemAt);
  if (verdict === 'too-deep') {
    return {
      problem: `it nests arrays or objects more than ${DEEPEST_MESSAGE} levels deep`,
      expected: MESSAGE,
    };
  }
  if (verdict === 'number-too-long') return explainLongNumber(line, scanner.problemAt);
  return explainFields(line, verdict);
}

/** Returns the encoding whose byte order mark begins the line, or undefined if none does. */
export function byteOrderMark(line: Uint8Array): 'UTF-8' | 'UTF-16' | undefined {
  const [first, second, third] = line;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'UTF-8';
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16 ? 'UTF-16' : undefined;
}

function explainMark(encoding: 'UTF-8' | 'UTF-16'): LineProblem {
  return {
    problem: `it begins with the byte order mark of ${encoding}`,
    expected: `${MESSAGE}, in UTF-8 without a byte order mark`,
    hint:
      encoding === 'UTF-8'
        ? 'Choose an encoding without a byte order mark: new UTF8Encoding(false) in .NET, utf-8 and not utf-8-sig in Python.'
        : 'Set the encoding of stdout to UTF-8.',
  };
}

function explainLongNumber(line: Uint8Array, numberAt: number): LineProblem {
  let to = numberAt;
  while (to < line.length && /[-+.\deE]/.test(String.fromCharCode(line[to] ?? 0))) to++;
  return {
    problem: `it has a number of ${to - numberAt} characters at offset ${numberAt}`,
    expected: `numbers of at most ${LONGEST_MESSAGE_NUMBER} characters`,
    hint: 'Send longer ones as strings.',
  };
}

/** Returns the start of the line, safe to print, with invalid UTF-8 as \xNN. */
function seenOf(line: Uint8Array): string {
  const some = line.subarray(0, 1000);
  const text = invalidUtf8At(some) === undefined ? textOf(some) : withBytesShown(some);
  const safe = shownText(text);
  if (line.length <= some.length) return safe === '' ? '(nothing)' : safe;
  return `${safe.replace(/\.\.\. \(\d+ characters\)$/, '')}... (${line.length} bytes)`;
}

/** Returns ASCII unchanged and other bytes as \xNN, for text that is not UTF-8. */
function withBytesShown(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`;
  return text;
}

/** Returns the position of the first byte that is invalid in UTF-8, or that begins an invalid sequence. */
function invalidUtf8At(bytes: Uint8Array): number | undefined {
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
  for (let from = 0, to = 0; from < bytes.length; from = to) {
    to = Math.min(bytes.length, from + 4096);
    while (to < bytes.length && to > from + 1 && ((bytes[to] ?? 0) & 0xc0) === 0x80) to--;
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
