/**
 * Finds lines of a node's stderr that are meant for the harness. Some begin with a marker that no log has by accident,
 * and are parsed in `run/records/assertion-record.ts`. Others are JSON objects with a key `maelstrom`, which report a
 * node's state, and are parsed in `run/records/state-record.ts`. Those in which the SDK says what went wrong, with the
 * stacks below them, are parsed in `run/hints/sdk-log.ts`. All stay in the log unchanged.
 */
import { saysState } from '../../protocol/state-change.ts';
import { LineSplitter } from '../line-splitter.ts';
import type { MarkedLine } from '../world.ts';

/** Also written by the SDK (`node/assertions.ts`). */
export const MARKER = '@@maelstrom ';

/** The key of lines that report a state, with its quotes. */
export const STATE_KEY = '"maelstrom"';

const MARKER_BYTES = Buffer.from(MARKER);
/** How lines of the SDK begin, or end, that say what went wrong (`node/node.ts`). */
const HANDLER_BYTES = Buffer.from('The handler of "');
const TIMER_BYTES = Buffer.from('A timer failed: ');
const SENT_BYTES = Buffer.from(' sent one.');
const FRAME_BYTES = Buffer.from('    at ');
const KEY_BYTES = Buffer.from(STATE_KEY);
/** How the SDK begins them. */
const STATE_BYTES = Buffer.from(`{${STATE_KEY}`);
const BRACE = 0x7b;
/** A longer line is reported as broken. */
const LONGEST_LINE_BYTES = 64 * 1024;

export class MarkedLines {
  private readonly splitter: LineSplitter;
  private nanos = 0;
  /** True after a line of the SDK's, while a stack may follow. */
  private inStack = false;

  constructor(onLine: (line: MarkedLine) => void) {
    this.splitter = new LineSplitter(
      {
        line: (bytes, start, end) => {
          const { nanos } = this;
          if (isMarked(bytes, start, end)) {
            const text = bytes.toString('utf8', start + MARKER_BYTES.length, end);
            onLine({ kind: 'line', by: 'marker', text, nanos });
          } else if (hasStateKey(bytes, start, end))
            onLine({ kind: 'line', by: 'key', text: bytes.toString('utf8', start, end), nanos });
          else if (this.isOfSdk(bytes, start, end))
            onLine({ kind: 'line', by: 'words', text: bytes.toString('utf8', start, end), nanos });
        },
        brokenLine: (problem) => {
          // A line that the end of the stream cuts off is ignored: the node was killed while it wrote.
          if (problem.kind !== 'too-long') return;
          const { beginning } = problem;
          if (beginning.startsWith(MARKER))
            onLine({ ...problem, by: 'marker', beginning: beginning.slice(MARKER.length) });
          else if (saysState(beginning)) onLine({ ...problem, by: 'key' });
        },
      },
      LONGEST_LINE_BYTES,
    );
  }

  private isOfSdk(bytes: Buffer, start: number, end: number): boolean {
    if (this.inStack && beginsWith(FRAME_BYTES, bytes, start, end)) return true;
    this.inStack =
      beginsWith(HANDLER_BYTES, bytes, start, end) ||
      beginsWith(TIMER_BYTES, bytes, start, end) ||
      beginsWith(SENT_BYTES, bytes, Math.max(start, end - SENT_BYTES.length), end);
    return this.inStack;
  }

  /** Takes bytes[0, length), printed at `nanos`. */
  push(bytes: Buffer, length: number, nanos: number): void {
    this.nanos = nanos;
    this.splitter.push(bytes, length);
  }
}

const isMarked = (bytes: Buffer, start: number, end: number): boolean =>
  beginsWith(MARKER_BYTES, bytes, start, end);

function beginsWith(beginning: Buffer, bytes: Buffer, start: number, end: number): boolean {
  // Checks the first byte first, as it nearly always decides.
  if (bytes[start] !== beginning[0] || end - start < beginning.length) return false;
  return bytes.compare(beginning, 0, beginning.length, start, start + beginning.length) === 0;
}

function hasStateKey(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== BRACE) return false;
  if (beginsWith(STATE_BYTES, bytes, start, end)) return true;
  return bytes.subarray(start, end).includes(KEY_BYTES);
}
