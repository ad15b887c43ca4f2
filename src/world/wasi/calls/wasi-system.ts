/** What the WASI calls require from their world, virtual or real. */
import type { Errno } from './abi.ts';

/** A value, or a promise for it where the program can be suspended. */
export type Eventually<T> = T | Promise<T>;

export const after = <T, U>(value: Eventually<T>, then: (value: T) => U): Eventually<U> =>
  value instanceof Promise ? value.then(then) : then(value);

/**
 * Maximum number of bytes that one call reads from a pipe, or one step moves to a pipe, or to or from a file. Fixed, so
 * that results do not depend on how the process runs.
 */
export const CHUNK_BYTES = 64 * 1024;
/** Maximum number of bytes that one call moves. Buffers may overlap, so the memory does not limit it. */
export const MOST_MOVED = 64 * 1024 * 1024;

export function piecesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) pieces.push(bytes.subarray(at, at + CHUNK_BYTES));
  return pieces;
}

export type Call = (...args: never[]) => Eventually<number>;
export type Calls = Readonly<Record<string, Call>>;

/** What a program waits for: a line of stdin, an amount of time, or either. */
export interface Want {
  readonly input: boolean;
  /** Infinity means without limit. */
  readonly delayNanos: number;
}

export interface WasiSystem {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The folders that the program can access, with their names. */
  readonly preopens: readonly Preopen[];
  /** Monotonic time since an arbitrary moment. */
  monotonicNanos(): bigint;
  /** Nanoseconds since 1970. */
  wallNanos(): bigint;
  /** Nanoseconds since the process began. */
  usedNanos(): bigint;
  fillRandom(target: Uint8Array): void;
  /** The data is a view of the program's memory: it must be copied to be kept. */
  write(fd: 1 | 2, data: Uint8Array): void;
  /** Called when the program has closed its stdin or stdout and continues. */
  closed(fd: 0 | 1): void;
  /** Returns what came first, with the input if it was input. */
  wait(want: Want): Eventually<Woken>;
}

/** `input` is undefined at the end of stdin. */
export type Woken =
  { readonly by: 'input'; readonly input: Uint8Array | undefined } | { readonly by: 'time' };

export interface Preopen {
  readonly name: string;
  readonly files: WasiFiles;
  /** The path of the folder in `files`. */
  readonly path: string;
}

export interface FileFacts {
  readonly kind: 'file' | 'folder';
  readonly size: number;
  readonly inode: bigint;
  /** When it was last written, in nanoseconds since 1970. */
  readonly writtenNanos: bigint;
}

/** An open file, which stays valid when its name is removed. Results below 0 are negative errnos. */
export interface OpenFile {
  facts(): FileFacts;
  read(target: Uint8Array, position: number): number;
  write(data: Uint8Array, position: number): number;
  truncate(length: number): Errno;
  sync(): Errno;
  /** Sets when it was last written, in nanoseconds since 1970. */
  setWritten(nanos: bigint): Errno;
  close(): void;
}

/** A folder. Paths are normalised and relative to it: `/` is the folder itself, `/a/b` is in it. */
export interface WasiFiles {
  /** Returns a negative errno when the path does not exist or must not be accessed. */
  facts(path: string): FileFacts | number;
  /** Opens a file, creating it if it does not exist. */
  open(path: string, writes: boolean): OpenFile | number;
  /** Returns the names in a folder, sorted. */
  list(path: string): readonly string[];
  makeFolder(path: string): Errno;
  setWritten(path: string, nanos: bigint): Errno;
  removeFile(path: string): Errno;
  removeFolder(path: string): Errno;
  rename(from: string, to: string): Errno;
}
