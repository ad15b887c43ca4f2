/** Writes a history in its three formats as it grows. */
import { opToLines } from './op-codec.ts';
import type { Op } from './op.ts';

/** Takes the operations of a run, in order of index. */
export interface HistorySink {
  append(op: Op): void;
}

/** Takes text, in order; a file, or an array in tests. */
export interface ByteSink {
  write(text: string): void;
}

export interface HistorySinks {
  readonly jsonl: ByteSink;
  readonly edn: ByteSink;
  readonly txt: ByteSink;
}

/** Characters that are held back before they are written, at most. */
const BATCH = 64 * 1024;

/**
 * Writes history.jsonl, history.edn and history.txt at once. Text reaches the sinks in pieces of about 64 KiB and at each
 * `flush`, which the owner calls now and then (so that a run which is killed leaves its history) and at the end.
 */
export class HistoryWriter implements HistorySink {
  private jsonl = '';
  private edn = '';
  private txt = '';

  /** `onLine` is given each operation as its line of history.txt, without the newline. */
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

  /** Hands over what has been held back. */
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
