/**
 * A node's stderr: into its log file up to a cap, line by line to whoever wants to see it, and the end of it kept in
 * memory to explain an exit. Whatever comes beyond the cap is read and thrown away, so that the node is not blocked.
 */
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { LineSplitter } from './line-splitter.ts';

const LOG_LIMIT_BYTES = 64 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;
const LAST_LINES = 10;
const LINE_LIMIT_BYTES = 64 * 1024;

export interface StderrLogOptions {
  readonly logFile?: string;
  /** Called for every line up to the cap. */
  readonly onLine?: (line: string) => void;
  /** Bytes that are logged at most. Default 64 MiB. */
  readonly limitBytes?: number;
}

export class StderrLog {
  private readonly limitBytes: number;
  private readonly lines: LineSplitter | undefined;
  private readonly onLine: ((line: string) => void) | undefined;
  private fd: number | undefined;
  private total: number;
  private cut = false;
  private tail = Buffer.alloc(0);

  /** Appends to the file, for a restarted node goes on in its log. Throws when the file cannot be opened. */
  constructor(options: StderrLogOptions) {
    const { logFile, onLine } = options;
    this.limitBytes = options.limitBytes ?? LOG_LIMIT_BYTES;
    this.fd = logFile === undefined ? undefined : openSync(logFile, 'a');
    this.total = this.fd === undefined ? 0 : fstatSync(this.fd).size;
    this.onLine = onLine;
    this.lines =
      onLine === undefined
        ? undefined
        : new LineSplitter(
            {
              line: (bytes, start, end) => onLine(bytes.toString('utf8', start, end)),
              brokenLine: ({ beginning }) => onLine(`${beginning}...`),
            },
            LINE_LIMIT_BYTES,
          );
  }

  /** Takes bytes[0, length). */
  push(bytes: Buffer, length: number): void {
    this.keepTail(bytes, length);
    const room = Math.min(length, this.limitBytes - this.total);
    this.total += length;
    if (room > 0) {
      this.append(bytes, room);
      this.lines?.push(bytes, room);
    }
    if (room < length && !this.cut) {
      this.cut = true;
      const notice = `... cut here: more than ${this.limitBytes} bytes were printed on stderr`;
      const line = Buffer.from(`\n${notice}\n`);
      this.append(line, line.length);
      this.onLine?.(notice);
    }
  }

  /** The last lines, each of bounded length. */
  lastLines(): string[] {
    const lines = this.tail.toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines.slice(-LAST_LINES);
  }

  close(): void {
    if (!this.cut) this.lines?.end();
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }

  private append(bytes: Buffer, length: number): void {
    try {
      for (let at = 0; this.fd !== undefined && at < length;)
        at += writeSync(this.fd, bytes, at, length - at);
    } catch {
      // A full disk must not end the test; the log ends here.
      if (this.fd !== undefined) closeSync(this.fd);
      this.fd = undefined;
    }
  }

  private keepTail(bytes: Buffer, length: number): void {
    const kept = length >= TAIL_BYTES ? Buffer.alloc(0) : this.tail.subarray(length - TAIL_BYTES);
    this.tail = Buffer.concat([kept, bytes.subarray(Math.max(0, length - TAIL_BYTES), length)]);
  }
}
