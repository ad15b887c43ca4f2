/**
 * Operations as lines of text for people: in history.txt of this project and of Jepsen, and in jepsen.log after the logger's
 * prefix. Process, type, f, value and error, separated by tabs or blanks; without times, and without a mark on final reads.
 *
 *     0	:invoke	:read	nil
 *     2026-11-27 12:00:00,001{GMT}	INFO	[jepsen worker 0] jepsen.util: 0	:ok	:read	[1 2]
 */
import { EdnReader } from '../../edn/edn-reader.ts';
import { EdnMap, keyword, type Edn } from '../../edn/edn-value.ts';

/** With the flag `s`, since a value may contain U+2028, which does not end a line here. */
const OPERATION = /(?:^|\s)(-?\d+|:?nemesis)\t:?(invoke|ok|fail|info)\t([^\t]+)\t(.*?)\s*$/s;
/** The same with blanks, as copied from a page or as Porcupine's logs have it: at the beginning, or after a logger's prefix. */
const SPACED = /^(?:\s*|[^\t]*?\s-\s+)(-?\d+|:?nemesis)\s+:(invoke|ok|fail|info)\s+(:[^\s]+)\s+(.*?)\s*$/s;
const LOGGED = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|^(?:INFO|WARN|ERROR|DEBUG)\b/;

/** Detects by the first line whether a file is a history as text, a log, or neither. */
export function textFormatOf(firstLine: string): 'txt' | 'log' | undefined {
  if (LOGGED.test(firstLine)) return 'log';
  return partsOf(firstLine)?.index === 0 ? 'txt' : undefined;
}

const partsOf = (line: string): RegExpExecArray | null => OPERATION.exec(line) ?? SPACED.exec(line);

/** Returns the operation of a line as an EDN map, or undefined if there is none. Throws an EdnSyntaxError for a malformed value. */
export function operationOfLine(line: string): EdnMap | undefined {
  const parts = partsOf(line);
  if (parts === null) return undefined;
  const [, process = '', type = '', f = '', rest = ''] = parts;
  const reader = new EdnReader(rest);
  const value = reader.next()?.value ?? null;
  const error = errorOf(reader, rest);
  return new EdnMap([
    [keyword('process'), process.endsWith('nemesis') ? keyword('nemesis') : Number(process)],
    [keyword('type'), keyword(type)],
    [keyword('f'), nameOf(f)],
    [keyword('value'), value],
    ...(error === undefined ? [] : [[keyword('error'), error] as const]),
  ]);
}

/** Reads `:read`, or a name with or without quotes. */
function nameOf(f: string): Edn {
  if (f.startsWith(':')) return keyword(f.slice(1));
  return f.startsWith('"') ? (new EdnReader(f).next()?.value ?? null) : f;
}

/** Reads the error after the value: EDN, or text without quotes. */
function errorOf(reader: EdnReader, rest: string): Edn | undefined {
  try {
    const error = reader.next();
    if (error === undefined || reader.next() === undefined) return error?.value;
  } catch {
    // Not EDN: it is plain text.
  }
  return rest.slice(rest.lastIndexOf('\t') + 1);
}
