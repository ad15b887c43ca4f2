/**
 * Where a recorded run is read from: the only interface between src/recording and the outside. The server implements it
 * for the files of a store, which a run may still be writing (report/read/stored-run-source.ts); memory-file.ts for
 * data in memory.
 */
import type { ClientBook } from '../history/client-book.ts';
import type { TestFile } from '../store/test-file.ts';
import type { LogMark } from './views.ts';

/** A file that only grows. Both ways of reading fail with the code ENOENT while it does not exist. */
export interface RunFile {
  /** For messages about it. */
  readonly path: string;
  /** Keeps it open until the promise settles: for reading a lot without blocking. */
  scan<T>(use: (file: ScannedFile) => Promise<T>): Promise<T>;
  /** Keeps it open during the call: for a few short pieces. */
  look<T>(use: (file: LookedFile) => T): T;
}

export interface ScannedFile {
  /** Size when it was opened. */
  readonly size: number;
  /**
   * Reads from the byte `at` on. Returns the number of bytes read, which is less than the size of `into` only at the
   * end.
   */
  readonly read: (into: Uint8Array, at: number) => Promise<number>;
}

export interface LookedFile {
  readonly size: number;
  readonly read: (into: Uint8Array, at: number) => number;
}

/** The files of network/journal/journal-format.ts. */
export interface JournalSource {
  readonly messages: RunFile;
  readonly events: RunFile;
  readonly bodies: RunFile;
  readonly names: RunFile;
  /** Missing if no message's cause is known. */
  readonly causes: RunFile;
  /** The time in the files that counts as 0. It may become known only during the run; see store/run-zero.ts. */
  readonly zeroNanos: () => number;
}

export interface RunSource {
  readonly test: TestFile;
  readonly journal: JournalSource;
  readonly history: RunFile;
  readonly clients: ClientBook;
  /** States that nodes reported (protocol/state-change.ts). */
  readonly states: RunFile;
  /** Reads into `clients` what has been written since. */
  refreshClients(): void;
  logMarks(asked: LogMarkRequest): LogMark[];
  /** Returns the text of results.json; undefined while there is none, or if it cannot be read. */
  results(): string | undefined;
}

export interface LogMarkRequest {
  readonly nodes: readonly string[];
  readonly from: number;
  readonly to: number;
  /** Maximum for each node; of more marks, evenly spread ones are taken. */
  readonly limit: number;
}

const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Decodes bytes; invalid UTF-8 becomes U+FFFD. */
export const textOf = (bytes: Uint8Array): string => UTF_8.decode(bytes);

export function wholeText(file: RunFile): string {
  return file.look(({ size, read }) => {
    const bytes = new Uint8Array(size);
    return textOf(bytes.subarray(0, read(bytes, 0)));
  });
}
