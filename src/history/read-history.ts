/**
 * Reads histories back: ours (history.jsonl) and Jepsen's (history.edn).
 *
 * A run that was killed leaves a last line that is cut off; it is reported, and the rest is the history. Anything else
 * that is wrong is an error with the number of its line.
 */
import { EdnReader, EdnSyntaxError, type EdnForm } from '../edn/edn-reader.ts';
import { shownText } from '../protocol/explain-line.ts';
import { HistoryError } from './history-error.ts';
import { opFromEdn, parseOpLine } from './op-from.ts';
import type { Op } from './op.ts';

export { HistoryError };

export interface HistoryReading {
  readonly ops: readonly Op[];
  /** Set when the end was cut off, as after a kill: says at which line, and what was seen. */
  readonly truncated?: string;
}

/** Reads history.jsonl, line by line. Throws `HistoryError` with the line number when a line is no operation. */
export function readJsonlHistory(lines: Iterable<string>): HistoryReading {
  const ops: Op[] = [];
  let number = 0;
  let cutOff: { readonly line: number; readonly text: string; readonly why: string } | undefined;
  for (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    // Only the last line may be cut off.
    if (cutOff !== undefined)
      throw new HistoryError(`line ${cutOff.line} is not JSON: ${cutOff.why}. ${seen(cutOff.text)}`);
    try {
      ops.push(parseOpLine(line, ops.length));
    } catch (error) {
      if (error instanceof SyntaxError) cutOff = { line: number, text: line, why: error.message };
      else throw withLine(error, number, line);
    }
  }
  return cutOff === undefined
    ? { ops }
    : { ops, truncated: `line ${cutOff.line}, the last, is cut off and left out. ${seen(cutOff.text)}` };
}

/** Reads history.edn: one op map a line, or one vector or list of them, plain or tagged `#jepsen.history.Op`. */
export function readEdnHistory(text: string): HistoryReading {
  const reader = new EdnReader(text);
  reader.openSequence();
  const ops: Op[] = [];
  for (;;) {
    let form: EdnForm | undefined;
    try {
      form = reader.next();
    } catch (error) {
      if (!(error instanceof EdnSyntaxError)) throw error;
      if (!error.atEnd) throw new HistoryError(`this is not EDN: ${error.message}`, { cause: error });
      return { ops, truncated: `the end is cut off, and what is incomplete is left out: ${error.message}` };
    }
    if (form === undefined) return { ops };
    try {
      ops.push(opFromEdn(form.value, ops.length));
    } catch (error) {
      throw withLine(error, form.line);
    }
  }
}

/** Reads a history in whichever of the two formats it is. */
export function readHistory(text: string): HistoryReading {
  return /^\s*\{\s*"/.test(text) ? readJsonlHistory(linesOf(text)) : readEdnHistory(text);
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    yield text.slice(start, end);
    start = end + 1;
  }
}

function withLine(error: unknown, number: number, line?: string): unknown {
  if (!(error instanceof HistoryError)) return error;
  const what = line === undefined ? '' : `. ${seen(line)}`;
  return new HistoryError(`line ${number}: ${error.message}${what}`, { cause: error });
}

function seen(line: string): string {
  return `Seen: ${shownText(line)}`;
}
