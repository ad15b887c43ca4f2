/** Searches a file of lines, a few megabytes at a time, in the part of each line that follows a mark. */
import { lengthened } from '../../columns/column.ts';
import { textOf, type RunFile } from '../run-source.ts';

const CHUNK_BYTES = 4 << 20;
const NEWLINE = 0x0a;
const MOST_CHUNK_BYTES = 256 << 20;

export interface LineSearch {
  /** Must have the flag `g`. */
  readonly pattern: RegExp;
  /** Prefix of each line, before its number: `{"id":`. */
  readonly start: string;
  /** Start of the searched part: `"body":`. */
  readonly mark: string;
}

/** Calls back with the number of each complete line in which the pattern occurs. */
export function searchLines(
  file: RunFile,
  search: LineSearch,
  found: (number: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return eachTextOfLines(file, (text) => searchText(text, search, found), signal);
}

/**
 * Calls back with the text of complete lines, some megabytes at a time, until the end or until the callback returns
 * `stop`.
 */
export function eachTextOfLines(
  file: RunFile,
  take: (text: string) => 'stop' | void,
  signal: AbortSignal,
): Promise<void> {
  return file.scan(async ({ read }) => {
    let chunk = new Uint8Array(CHUNK_BYTES);
    let kept = 0;
    for (let offset = 0; ;) {
      signal.throwIfAborted();
      const bytesRead = await read(chunk.subarray(kept), offset);
      if (bytesRead === 0) return;
      offset += bytesRead;
      const filled = kept + bytesRead;
      const end = chunk.subarray(0, filled).lastIndexOf(NEWLINE) + 1;
      if (end === 0 && filled === chunk.length) {
        // Runs write no line longer than this chunk.
        if (chunk.length >= MOST_CHUNK_BYTES) return;
        chunk = lengthened(chunk, 2 * chunk.length);
      }
      if (take(textOf(chunk.subarray(0, end))) === 'stop') return;
      chunk.copyWithin(0, end, filled);
      kept = filled - end;
    }
  });
}

function searchText(
  text: string,
  { pattern, start, mark }: LineSearch,
  found: (number: number) => void,
): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const line = text.lastIndexOf('\n', match.index) + 1;
    const part = text.indexOf(mark, line) + mark.length;
    if (match.index < part) {
      pattern.lastIndex = Math.max(part, match.index + 1);
      continue;
    }
    const number = line + start.length;
    found(Number.parseInt(text.slice(number, number + 20), 10));
    const end = text.indexOf('\n', match.index);
    pattern.lastIndex = end === -1 ? text.length : end + 1;
  }
}

/** Returns a pattern for the text: ASCII letters match in either case, all others exactly. */
export function textPattern(text: string): RegExp {
  const parts = text.split(/([a-z])/i);
  return new RegExp(
    parts
      .map((part, at) => (at % 2 === 0 ? quoted(part) : `[${part.toLowerCase()}${part.toUpperCase()}]`))
      .join(''),
    'g',
  );
}

/** Escapes the text for use in a pattern. */
export function quoted(text: string): string {
  return text.replaceAll(
    /[\\^$.*+?()[\]{}|/-]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16)}`,
  );
}
