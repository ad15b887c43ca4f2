/** Writes a history in its three formats during the run. */
import { opToLines } from './op-codec.ts';
import type { Op } from './op.ts';

/** Receives the operations of a run in order of index. */
export interface HistorySink {
  append(op: Op): void;
}

/** Receives text in order: a file, or an array in tests. */
export interface ByteSink {
  write(text: string): void;
}

export interface HistorySinks {
  readonly jsonl: ByteSink;
  readonly edn: ByteSink;
  readonly txt: ByteSink;
}

/** Maximum number of characters buffered before writing. */
const BATCH = 64 * 1024;

/**
 * Writes history.jsonl, history.edn and history.txt together. Text reaches the sinks in pieces of about 64 KiB and at each
 * `flush`, which the owner calls periodically, so that a killed run leaves its history, and at the end.
 */
export class HistoryWriter implements HistorySink {
  private jsonl = '';
  private edn = '';
  private txt = '';

  /** `onLine` is called with the line of history.txt of each operation, without the newline. */
  constructor(
    private readonly sinks: HistorySinks,
    private readonly onLine: (line: string) => void = () => undefined,
  ) {}

  append(op: Op): void {
    const lines = opToLines(op);
    this.jsonl += `${lines.jsonl}\n`;
    this.edn += `${lines.edn}\n`;
    this.txt += `${lines.txt}\n`;
    this.onLine(lines.txt);
    if (this.jsonl.length + this.edn.length + this.txt.length >= 3 * BATCH) this.flush();
  }

  /** Writes the buffered text. */
  flush(): void {
    if (this.jsonl === '') return;
    const { jsonl, edn, txt } = this;
    this.jsonl = '';
    this.edn = '';
    this.txt = '';
    this.sinks.jsonl.write(jsonl);
    this.sinks.edn.write(edn);
    this.sinks.txt.write(txt);
  }
}
