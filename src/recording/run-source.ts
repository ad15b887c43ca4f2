/**
 * Where a recorded run is read from: the one door between src/recording and the world. The server opens it to the files of a
 * store, which a run may still be writing (report/read/stored-run-source.ts); memory-file.ts to data that is at hand already.
 */
import type { ClientBook } from '../history/client-book.ts';
import type { TestFile } from '../store/test-file.ts';
import type { LogMark } from './views.ts';

/** A file that is only ever appended to. Both ways of reading fail with the code ENOENT while it does not exist. */
export interface RunFile {
  /** For messages about it. */
  readonly path: string;
  /** Keeps it open until the promise is settled: for reading much, without blocking. */
  scan<T>(use: (file: ScannedFile) => Promise<T>): Promise<T>;
  /** Keeps it open during the call: for a few short pieces. */
  look<T>(use: (file: LookedFile) => T): T;
}

export interface ScannedFile {
  /** When it was opened. */
  readonly size: number;
  /** Reads from the byte `at` on. How many bytes were read: fewer than there is room for only at the end. */
  readonly read: (into: Uint8Array, at: number) => Promise<number>;
}

export interface LookedFile {
  readonly size: number;
  readonly read: (into: Uint8Array, at: number) => number;
}

/** The files of network/journal-format.ts. */
export interface JournalSource {
  readonly messages: RunFile;
  readonly events: RunFile;
  readonly bodies: RunFile;
  readonly names: RunFile;
  /** Not there where no message's cause is known. */
  readonly causes: RunFile;
  /** The time in the files that counts as 0. It may become known only while the run goes on: see store/run-zero.ts. */
  readonly zeroNanos: () => number;
}

export interface RunSource {
  readonly test: TestFile;
  readonly journal: JournalSource;
  readonly history: RunFile;
  readonly clients: ClientBook;
  /** What nodes said of their states (protocol/state-change.ts). */
  readonly states: RunFile;
  /** Takes into `clients` what has been written since. */
  refreshClients(): void;
  logMarks(asked: LogMarkRequest): LogMark[];
  /** The text of results.json; undefined while there is none, and when it cannot be read. */
  results(): string | undefined;
}

export interface LogMarkRequest {
  readonly nodes: readonly string[];
  readonly from: number;
  readonly to: number;
  /** For each node; of more, those are taken that lie apart. */
  readonly limit: number;
}

const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of bytes; what is not UTF-8 becomes U+FFFD. */
export const textOf = (bytes: Uint8Array): string => UTF_8.decode(bytes);

export function wholeText(file: RunFile): string {
  return file.look(({ size, read }) => {
    const bytes = new Uint8Array(size);
    return textOf(bytes.subarray(0, read(bytes, 0)));
  });
}
