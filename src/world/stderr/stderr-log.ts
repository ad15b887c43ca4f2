/**
 * A node's stderr. It is written to a log file up to a cap, with the times of writing in a file next to it
 * (`n1.log.times`, lines of `OFFSET NANOS`), passed to an observer line by line, if there is one, and its end is kept
 * in memory to explain an exit. Output beyond the cap is read and discarded, so that the node does not block.
 */
import { closeSync, fstatSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { appendOwn, isOwnFolder, openPlain } from '../../files/plain-file.ts';
import { saysState } from '../../protocol/state-change.ts';
import { findCause } from './crash-cause.ts';
import { LineSplitter } from '../line-splitter.ts';
import { MarkedLines } from './marked-lines.ts';
import type { MarkedLine } from '../world.ts';

const LOG_LIMIT_BYTES = 64 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;
const LAST_LINES = 10;
/** How far back to search for the cause of a crash. */
const CAUSE_BYTES = 1024 * 1024;
const LINE_LIMIT_BYTES = 64 * 1024;
const MAX_TIMES = 100_000;
const NEWLINE = 0x0a;
const BRACE = 0x7b;
/** A label in the form that `RunTime` makes. */
const LABEL = /^(?:start\+)?\d+\.\d{3} /gm;

export interface StderrLogOptions {
  readonly logFile?: string | undefined;
  /** Called for every line up to the cap. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Called for every line that is marked for the harness, even beyond the cap. */
  readonly onMarked?: ((line: MarkedLine) => void) | undefined;
  /** Returns the world's time, which is recorded for what is logged. */
  readonly nowNanos?: () => number;
  /** Returns the prefix of each line in the file, given the time. */
  readonly label?: ((nanos: number) => string) | undefined;
  /** Maximum number of logged bytes. Default: 64 MiB. */
  readonly limitBytes?: number;
}

export class StderrLog {
  private readonly limitBytes: number;
  private readonly lines: LineSplitter | undefined;
  private readonly marked: MarkedLines | undefined;
  private readonly onLine: ((line: string) => void) | undefined;
  private readonly nowNanos: (() => number) | undefined;
  private readonly label: ((nanos: number) => string) | undefined;
  /** True when the next output begins a line. */
  private atLineStart = true;
  private readonly timesPath: string | undefined;
  private fd: number | undefined;
  private timesFd: number | undefined;
  private timesKept = 0;
  private total: number;
  private cut = false;
  /** What was printed last is kept[0, keptBytes), up to twice as much as is needed. */
  private kept = Buffer.alloc(0);
  private keptBytes = 0;
  /** The size of the file before this life of the node. */
  private readonly before: number;
  private readonly logFile: string | undefined;

  /** Appends to the file, as a restarted node continues its log. Throws when the file cannot be opened. */
  constructor(options: StderrLogOptions) {
    const { logFile, onLine } = options;
    this.limitBytes = options.limitBytes ?? LOG_LIMIT_BYTES;
    this.fd = logFile === undefined ? undefined : appendOwn(logFile);
    this.total = this.fd === undefined ? 0 : fstatSync(this.fd).size;
    this.before = this.total;
    this.logFile = logFile;
    this.onLine = onLine;
    this.marked = options.onMarked === undefined ? undefined : new MarkedLines(options.onMarked);
    this.nowNanos = options.nowNanos;
    this.label = options.label;
    this.timesPath = logFile === undefined ? undefined : `${logFile}.times`;
    this.lines =
      onLine === undefined
        ? undefined
        : new LineSplitter(
            {
              line: (bytes, start, end) => {
                const line = bytes.toString('utf8', start, end);
                if (!saysState(line)) onLine(line);
              },
              brokenLine: ({ beginning }) => onLine(`${beginning}...`),
            },
            LINE_LIMIT_BYTES,
          );
  }

  /** Takes bytes[0, length). */
  push(bytes: Buffer, length: number): void {
    this.keepTail(bytes, length);
    this.marked?.push(bytes, length, this.nowNanos?.() ?? 0);
    const room = Math.min(length, this.limitBytes - this.total);
    if (room > 0) {
      if (this.timesPath !== undefined && !this.saysStatesOnly(bytes, room)) this.keepTime();
      const labelled = this.labelled(bytes, room);
      this.append(labelled, labelled.length);
      this.lines?.push(bytes, room);
      this.total += labelled.length;
    }
    if (room < length && !this.cut) {
      this.cut = true;
      const notice = `... cut here: more than ${this.limitBytes} bytes were printed on stderr`;
      const line = Buffer.from(`\n${notice}\n`);
      this.append(line, line.length);
      this.onLine?.(notice);
    }
  }

  /** Returns the last lines, each of bounded length. */
  lastLines(): string[] {
    const lines = this.tail
      .toString('utf8')
      .split('\n')
      .filter((line) => !saysState(line));
    if (lines.at(-1) === '') lines.pop();
    return lines.slice(-LAST_LINES);
  }

  /**
   * Returns the lines that seem to say why the node crashed. Searches the log file, as they may precede a long trace.
   */
  causeLines(): string[] {
    return findCause(this.longTail().split('\n'));
  }

  /** Returns the output of this life, as far back as the cause of a crash is searched. */
  private longTail(): string {
    const { logFile, before, total } = this;
    // Output beyond the cap is not in the file.
    if (logFile === undefined || this.cut) return this.tail.toString('utf8');
    const begin = Math.max(before, total - CAUSE_BYTES);
    const bytes = Buffer.alloc(total - begin);
    try {
      const fd = openPlain(logFile);
      try {
        const text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, begin));
        return this.label === undefined ? text : text.replaceAll(LABEL, '');
      } finally {
        closeSync(fd);
      }
    } catch {
      return this.tail.toString('utf8');
    }
  }

  close(): void {
    if (!this.cut) this.lines?.end();
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
    if (this.timesFd !== undefined) closeSync(this.timesFd);
    this.timesFd = undefined;
  }

  /** True for lines that only report states: they are not meant for people, and their times are recorded elsewhere. */
  private saysStatesOnly(bytes: Buffer, length: number): boolean {
    if (bytes[0] !== BRACE || this.nowNanos === undefined) return false;
    const lines = bytes.toString('utf8', 0, length).split('\n');
    return lines.every((line) => line === '' || saysState(line));
  }

  /** Records when the next output was printed. Creates the file with the first line, since most nodes print nothing. */
  private keepTime(): void {
    if (this.nowNanos === undefined || this.timesPath === undefined || this.timesKept >= MAX_TIMES) return;
    this.timesKept++;
    try {
      // The node already runs, and could have replaced the folder by a link.
      if (this.timesFd === undefined && !isOwnFolder(dirname(this.timesPath))) return;
      this.timesFd ??= appendOwn(this.timesPath);
      writeSync(this.timesFd, `${this.total} ${Math.floor(this.nowNanos())}\n`);
    } catch {
      // Without the times, the log is still useful.
      this.timesKept = MAX_TIMES;
    }
  }

  /** Returns those bytes with a label before each line that begins in them. */
  private labelled(bytes: Buffer, length: number): Buffer {
    if (this.label === undefined || this.nowNanos === undefined) return bytes.subarray(0, length);
    const label = Buffer.from(`${this.label(this.nowNanos())} `);
    const parts: Buffer[] = [];
    for (let start = 0; start < length;) {
      if (this.atLineStart) parts.push(label);
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline === -1 || newline >= length ? length : newline + 1;
      parts.push(bytes.subarray(start, end));
      this.atLineStart = end <= length && bytes[end - 1] === NEWLINE;
      start = end;
    }
    return Buffer.concat(parts);
  }

  private append(bytes: Buffer, length: number): void {
    try {
      for (let at = 0; this.fd !== undefined && at < length;)
        at += writeSync(this.fd, bytes, at, length - at);
    } catch {
      // A full disk must not end the test; logging stops here.
      if (this.fd !== undefined) closeSync(this.fd);
      this.fd = undefined;
    }
  }

  private get tail(): Buffer {
    return this.kept.subarray(Math.max(0, this.keptBytes - TAIL_BYTES), this.keptBytes);
  }

  private keepTail(bytes: Buffer, length: number): void {
    const start = Math.max(0, length - TAIL_BYTES);
    const added = length - start;
    if (this.keptBytes + added > this.kept.length) this.makeRoom(TAIL_BYTES - added);
    this.keptBytes += bytes.copy(this.kept, this.keptBytes, start, length);
  }

  /** Moves the last bytes, as many as are still needed, to the beginning of a buffer of full size. */
  private makeRoom(needed: number): void {
    const { tail } = this;
    if (this.kept.length === 0) this.kept = Buffer.allocUnsafeSlow(2 * TAIL_BYTES);
    this.keptBytes = tail.copy(this.kept, 0, Math.max(0, tail.length - needed));
  }
}
