/** What the WASI calls need of the world they are served in: virtual or real. */
import type { Errno } from './abi.ts';

/** At once, or later: where the program can be suspended. */
export type Eventually<T> = T | Promise<T>;

export const after = <T, U>(value: Eventually<T>, then: (value: T) => U): Eventually<U> =>
  value instanceof Promise ? value.then(then) : then(value);

/** What one call moves through a pipe at most, and one step to or from a file: so it is the same however the process is run. */
export const CHUNK_BYTES = 64 * 1024;

export type Call = (...args: never[]) => Eventually<number>;
export type Calls = Readonly<Record<string, Call>>;

/** What a program waits for: a line of stdin, an amount of time, or either. */
export interface Want {
  readonly input: boolean;
  /** Infinity: however long. */
  readonly delayNanos: number;
}

export interface WasiSystem {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The folders that the program finds, under their names. */
  readonly preopens: readonly Preopen[];
  /** Time since some moment, never set back. */
  monotonicNanos(): bigint;
  /** Since 1970. */
  wallNanos(): bigint;
  /** Since the process began. */
  usedNanos(): bigint;
  fillRandom(target: Uint8Array): void;
  /** The data is the program's memory: what is kept must be copied. */
  write(fd: 1 | 2, data: Uint8Array): void;
  /** The program has closed its stdin or stdout, and goes on. */
  closed(fd: 0 | 1): void;
  /** Something came of what is wanted: the input that came, if it was that. */
  wait(want: Want): Eventually<Woken>;
}

/** `input`: undefined is its end. */
export type Woken =
  { readonly by: 'input'; readonly input: Uint8Array | undefined } | { readonly by: 'time' };

export interface Preopen {
  readonly name: string;
  readonly files: WasiFiles;
  /** The folder in `files`. */
  readonly path: string;
}

export interface FileFacts {
  readonly kind: 'file' | 'folder';
  readonly size: number;
  readonly inode: bigint;
  /** Since 1970; when it was last written. */
  readonly writtenNanos: bigint;
}

/** The file stays itself when its name goes. Numbers below 0 are negative errnos. */
export interface OpenFile {
  facts(): FileFacts;
  read(target: Uint8Array, position: number): number;
  write(data: Uint8Array, position: number): number;
  truncate(length: number): Errno;
  sync(): Errno;
  close(): void;
}

/** A folder. Paths are normal and begin at it: `/` is the folder itself, `/a/b` is in it. */
export interface WasiFiles {
  /** A negative errno where there is none, or it may not be looked at. */
  facts(path: string): FileFacts | number;
  /** Opens what is a file, or makes one that is not there. */
  open(path: string, writes: boolean): OpenFile | number;
  /** The names in a folder, in order. */
  list(path: string): readonly string[];
  makeFolder(path: string): Errno;
  removeFile(path: string): Errno;
  removeFolder(path: string): Errno;
  rename(from: string, to: string): Errno;
}
