/**
 * What a node keeps across restarts: values under keys, and logs of entries, as files in its own folder.
 *
 *     node.storage.write('term', 7);            // replaced as a whole, or not at all
 *     node.storage.append('log', entry);        // added to the end
 *     node.storage.readLog('log');              // after a restart
 *
 * When a call has returned, its data is on disk and survives a kill at any later moment. A call that a kill interrupts
 * has happened completely or not at all.
 */
import { parse, stringify } from './json.ts';
import type { Sendable } from './message.ts';

/** The part of `node:fs` that storage needs. */
export interface FileSystem {
  existsSync(path: string): boolean;
  mkdirSync(path: string, options: { recursive: true }): unknown;
  readFileSync(path: string, encoding: 'utf8'): string;
  openSync(path: string, flags: 'w' | 'a' | 'r'): number;
  writeSync(fd: number, text: string): number;
  fsyncSync(fd: number): void;
  closeSync(fd: number): void;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
}

export interface StorageOptions {
  /** The node's folder. Default: `MAELSTROM_DATA_DIR`. */
  readonly folder?: string;
  readonly files?: FileSystem;
}

export class Storage {
  private readonly folder: string;
  private readonly files: FileSystem;
  /** Open logs, for appending. */
  private readonly openLogs = new Map<string, number>();

  /** Throws when there is no folder to store anything in. */
  constructor(options: StorageOptions = {}) {
    this.folder = options.folder ?? dataFolder();
    this.files = options.files ?? fileSystem();
    this.files.mkdirSync(this.folder, { recursive: true });
  }

  /** Returns the value of a key, or undefined if it was never written. */
  read<Value extends Sendable>(key: string): Value | undefined {
    const text = this.textOf(this.pathOf(key, 'json'));
    // The caller knows the type that it has written.
    return text === undefined ? undefined : (parse(text) as Value);
  }

  /** Sets the value of a key, replacing any earlier one. */
  write(key: string, value: Sendable): void {
    this.replace(this.pathOf(key, 'json'), stringify(value));
  }

  /** Removes a key and its value. */
  remove(key: string): void {
    const path = this.pathOf(key, 'json');
    if (!this.files.existsSync(path)) return;
    this.files.unlinkSync(path);
    this.syncFolder();
  }

  /** Returns all entries of a log, in order; empty if nothing was ever appended. */
  readLog<Entry extends Sendable>(log: string): Entry[] {
    const text = this.textOf(this.pathOf(log, 'log')) ?? '';
    // Text after the last newline is an interrupted write, which was never acknowledged.
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => parse(line) as Entry);
  }

  /** Appends entries to a log, with one sync for all. After a kill, some of them may exist without the later ones. */
  append(log: string, ...entries: readonly Sendable[]): void {
    if (entries.length === 0) return;
    const fd = this.openLogs.get(log) ?? this.openLog(log);
    this.writeAll(fd, entries.map(lineOf).join(''));
    this.files.fsyncSync(fd);
  }

  /** Replaces a log as a whole, for example to discard its end, or its beginning after a snapshot. */
  rewriteLog(log: string, entries: readonly Sendable[]): void {
    const fd = this.openLogs.get(log);
    if (fd !== undefined) this.files.closeSync(fd);
    this.openLogs.delete(log);
    this.replace(this.pathOf(log, 'log'), entries.map(lineOf).join(''));
  }

  /** Opens a log for appending. Removes an interrupted entry first, as the next one would be joined to it. */
  private openLog(log: string): number {
    const path = this.pathOf(log, 'log');
    const text = this.textOf(path);
    if (text !== undefined && text !== '' && !text.endsWith('\n')) {
      this.replace(path, text.slice(0, text.lastIndexOf('\n') + 1));
    }
    const fd = this.files.openSync(path, 'a');
    if (text === undefined) this.syncFolder();
    this.openLogs.set(log, fd);
    return fd;
  }

  /**
   * Writes a new file, then renames it: whenever the node is killed, either the old or the new file exists completely.
   */
  private replace(path: string, text: string): void {
    const { files } = this;
    const aside = `${path}.new`;
    const fd = files.openSync(aside, 'w');
    try {
      this.writeAll(fd, text);
      files.fsyncSync(fd);
    } finally {
      files.closeSync(fd);
    }
    files.renameSync(aside, path);
    this.syncFolder();
  }

  /** The system may write only a part of a long text. */
  private writeAll(fd: number, text: string): void {
    if (text === '') return;
    const written = this.files.writeSync(fd, text);
    const bytes = byteLength(text);
    if (written !== bytes)
      throw new Error(`Only ${written} of ${bytes} bytes could be written; is the disk full?`);
  }

  /**
   * A new name is durable only once its folder is synced. Systems on which a folder cannot be opened do this
   * themselves.
   */
  private syncFolder(): void {
    let fd: number;
    try {
      fd = this.files.openSync(this.folder, 'r');
    } catch {
      return;
    }
    try {
      this.files.fsyncSync(fd);
    } catch {
      // The file system does not sync folders.
    } finally {
      this.files.closeSync(fd);
    }
  }

  private textOf(path: string): string | undefined {
    return this.files.existsSync(path) ? this.files.readFileSync(path, 'utf8') : undefined;
  }

  /** Any text may be a key, but not every text may be a file name. */
  private pathOf(name: string, kind: 'json' | 'log'): string {
    return `${this.folder}/${encodeURIComponent(name)}.${kind}`;
  }
}

const lineOf = (entry: Sendable): string => `${stringify(entry)}\n`;

/** Almost all text is ASCII, whose length needs no encoding. */
const byteLength = (text: string): number =>
  /[^ -~\n]/.test(text) ? new TextEncoder().encode(text).length : text.length;

/** The part of Node's `process` that gives access to files without an import, since browsers and tests have none. */
interface Host {
  readonly env?: Readonly<Record<string, string | undefined>>;
  getBuiltinModule?(name: 'fs'): FileSystem;
}

function host(): Host {
  return (globalThis as { readonly process?: Host }).process ?? {};
}

function dataFolder(): string {
  const folder = host().env?.['MAELSTROM_DATA_DIR'];
  if (folder !== undefined && folder !== '') return folder;
  throw new Error(
    'node.storage needs a folder, but MAELSTROM_DATA_DIR is not set. Maelstrom sets it; by hand, set it to another folder for each node.',
  );
}

function fileSystem(): FileSystem {
  const files = host().getBuiltinModule?.('fs');
  if (files === undefined) throw new Error('node.storage needs Node 20.16 or later.');
  return files;
}
