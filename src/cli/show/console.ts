/**
 * The terminal or its substitute: lines of text, and below them a status that is redrawn in place.
 *
 * Without a terminal, the status is written as a plain line from time to time. Colours are left out when NO_COLOR is
 * set or the output is not a terminal. A reader that goes away (`| head`) does not stop a run.
 */
import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where the text goes: process.stdout, or a string in tests. */
export interface TextSink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Minimum time between statuses when there is no terminal to redraw them on. */
const PLAIN_STATUS_EVERY_MS = 5000;

export class Console {
  readonly isTerminal: boolean;
  readonly hasColours: boolean;
  private status = '';
  private lastPlainMs: number | undefined;

  constructor(
    private readonly sink: TextSink,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.isTerminal = sink.isTTY === true && env['TERM'] !== 'dumb';
    const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
    const refused = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
    this.hasColours = !refused && (forced || this.isTerminal);
  }

  /** Number of columns. A terminal that does not know its size says 0. */
  get width(): number {
    const { columns = 0 } = this.sink;
    return columns === 0 ? 80 : Math.max(20, columns);
  }

  paint(style: Style, text: string): string {
    // `validateStream` is for Node 22 and later, which would ask stdout a second time.
    return this.hasColours ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Writes a line (or several) above the status. */
  line(text: string): void {
    if (this.status === '') this.sink.write(`${text}\n`);
    else this.sink.write(`\r\u001b[2K${text}\n${this.status}`);
  }

  /** Replaces the status; without a terminal, writes it as a line from time to time. */
  showStatus(text: string, nowMs: number): void {
    if (!this.isTerminal) {
      this.lastPlainMs ??= nowMs;
      if (nowMs - this.lastPlainMs < PLAIN_STATUS_EVERY_MS) return;
      this.lastPlainMs = nowMs;
      this.sink.write(`${stripVTControlCharacters(text)}\n`);
      return;
    }
    this.status = fit(text, this.width - 1);
    this.sink.write(`\r\u001b[2K${this.status}`);
  }

  clearStatus(): void {
    if (this.status !== '') this.sink.write('\r\u001b[2K');
    this.status = '';
  }
}

/** Cuts a text that may contain colours to `columns` columns, so that it never wraps. */
function fit(text: string, columns: number): string {
  const plain = stripVTControlCharacters(text);
  // Text with colours is too complicated to cut, so a status that is too long is shown plain.
  return plain.length <= columns ? text : `${plain.slice(0, columns - 1)}…`;
}
