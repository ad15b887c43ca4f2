/**
 * Lines of a node's stderr that are for the harness: they begin with a marker that no log has by accident. What follows it is
 * read in `run/assertion-record.ts`. They stay in the log as they are.
 */
import { LineSplitter } from './line-splitter.ts';
import type { MarkedLine } from './world.ts';

/** The SDK writes the same (`node/assertions.ts`). */
export const MARKER = '@@maelstrom ';

const MARKER_BYTES = Buffer.from(MARKER);
/** A longer line is reported as broken. */
const LONGEST_LINE_BYTES = 64 * 1024;

export class MarkedLines {
  private readonly splitter: LineSplitter;
  private nanos = 0;

  constructor(onLine: (line: MarkedLine) => void) {
    this.splitter = new LineSplitter(
      {
        line: (bytes, start, end) => {
          if (!isMarked(bytes, start, end)) return;
          const text = bytes.toString('utf8', start + MARKER_BYTES.length, end);
          onLine({ kind: 'line', text, nanos: this.nanos });
        },
        brokenLine: (problem) => {
          // One that the end of the stream has cut off is none: the node was killed while it wrote.
          if (problem.kind !== 'too-long' || !problem.beginning.startsWith(MARKER)) return;
          onLine({ ...problem, beginning: problem.beginning.slice(MARKER.length) });
        },
      },
      LONGEST_LINE_BYTES,
    );
  }

  /** Takes bytes[0, length), printed at that time. */
  push(bytes: Buffer, length: number, nanos: number): void {
    this.nanos = nanos;
    this.splitter.push(bytes, length);
  }
}

function isMarked(bytes: Buffer, start: number, end: number): boolean {
  // The first byte decides nearly always.
  if (bytes[start] !== MARKER_BYTES[0] || end - start < MARKER_BYTES.length) return false;
  return bytes.compare(MARKER_BYTES, 0, MARKER_BYTES.length, start, start + MARKER_BYTES.length) === 0;
}
