/**
 * The folder of a program in WebAssembly that is one: beside `index.wasm` it holds what the program reads, such as a script and the
 * library of its language. It is read once, and is the same for all nodes and runs. The program finds it as `/program`, and each folder in
 * it under its name as well, such as `/usr`: where the build of a language expects its library. It cannot be `/`: a program takes paths
 * without a slash from there too, and its current folder is its data folder.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../protocol/user-error.ts';
import { ERRNO, type Errno } from './abi.ts';
import type { FileFacts, OpenFile, Preopen, WasiFiles } from './wasi-system.ts';

/** The program itself, and its first arguments, one on each line. */
export const INDEX_WASM = 'index.wasm';
const ARGUMENTS = 'index.args';
const PROGRAM_DIR = '/program';
/** What run-wasm.ts is given before the folder and the module in it. */
export const IN_FOLDER = '--in-folder';

/** Threads may share it. Files and folders in the order of their paths, which begin with `/`. */
export interface ProgramFolder {
  readonly entries: readonly FolderEntry[];
  readonly bytes: Uint8Array;
}

export type FolderEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly at: number; readonly length: number };

const MOST_BYTES = 256 * 1024 * 1024;
const MOST_ENTRIES = 20_000;

/** Throws a UserError where it is too large. Links are followed, but not back into a folder that they are in. */
export function readProgramFolder(folder: string): ProgramFolder {
  const entries: FolderEntry[] = [];
  const pieces: Buffer[] = [];
  let at = 0;
  const walk = (place: string, path: string, above: readonly string[]): void => {
    const real = realpathSync(place);
    if (above.includes(real)) return;
    for (const name of readdirSync(place).toSorted()) {
      if (path === '' && (name === INDEX_WASM || name === ARGUMENTS)) continue;
      const [there, its] = [join(place, name), `${path}/${name}`];
      const stats = statSync(there, { throwIfNoEntry: false });
      if (stats?.isDirectory() === true) {
        entries.push({ kind: 'folder', path: its });
        walk(there, its, [...above, real]);
      } else if (stats?.isFile() === true) {
        if (at + stats.size > MOST_BYTES) throw tooLarge(folder, `${MOST_BYTES / 2 ** 20} MB`);
        const piece = readFileSync(there);
        entries.push({ kind: 'file', path: its, at, length: piece.length });
        pieces.push(piece);
        at += piece.length;
      }
      if (entries.length > MOST_ENTRIES) throw tooLarge(folder, `${MOST_ENTRIES} files`);
    }
  };
  walk(folder, '', []);
  return { entries, bytes: Buffer.concat(pieces) };
}

const tooLarge = (folder: string, limit: string): UserError =>
  new UserError(
    `${folder} holds more than ${limit}, which is the most that a program in WebAssembly can bring.`,
    'Give --bin a folder that holds the program and what it reads, and nothing else.',
  );

/** What comes before the user's own arguments. */
export function folderArguments(folder: string): readonly string[] {
  const file = join(folder, ARGUMENTS);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return [];
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** As it is written into a file with its program. */
export interface PackedFolder {
  readonly entries: readonly FolderEntry[];
  /** In base64. */
  readonly bytes: string;
}

export const packFolder = ({ entries, bytes }: ProgramFolder): PackedFolder => ({
  entries,
  bytes: Buffer.from(bytes).toString('base64'),
});

/** In memory that threads share. */
export function unpackFolder({ entries, bytes }: PackedFolder): ProgramFolder {
  const content = Buffer.from(bytes, 'base64');
  const shared = new Uint8Array(new SharedArrayBuffer(content.length));
  shared.set(content);
  return { entries, bytes: shared };
}

/** Beyond those of the data folder. */
const FIRST_INODE = 2n ** 40n;
/** What all files say of when they were written: the beginning of 2000. */
const WRITTEN_NANOS = 946_684_800_000_000_000n;

/** It can only be read. */
export class FolderFiles implements WasiFiles {
  private readonly places = new Map<string, number>();
  private readonly names = new Map<string, string[]>([['/', []]]);

  constructor(private readonly folder: ProgramFolder) {
    for (const [place, { kind, path }] of folder.entries.entries()) {
      this.places.set(path, place);
      const slash = path.lastIndexOf('/');
      this.names.get(slash === 0 ? '/' : path.slice(0, slash))?.push(path.slice(slash + 1));
      if (kind === 'folder') this.names.set(path, []);
    }
  }

  facts(path: string): FileFacts | number {
    const writtenNanos = WRITTEN_NANOS;
    if (path === '/') return { kind: 'folder', size: 0, inode: FIRST_INODE, writtenNanos };
    const place = this.places.get(path);
    const entry = place === undefined ? undefined : this.folder.entries[place];
    if (place === undefined || entry === undefined) return -this.absent(path);
    const size = entry.kind === 'file' ? entry.length : 0;
    return { kind: entry.kind, size, inode: FIRST_INODE + BigInt(place + 1), writtenNanos };
  }

  open(path: string, writes: boolean): OpenFile | number {
    const facts = this.facts(path);
    if (typeof facts === 'number') return facts === -ERRNO.noent && writes ? -ERRNO.rofs : facts;
    const entry = this.folder.entries[this.places.get(path) ?? -1];
    if (entry?.kind !== 'file') return -ERRNO.isdir;
    if (writes) return -ERRNO.rofs;
    const content = this.folder.bytes.subarray(entry.at, entry.at + entry.length);
    return {
      facts: () => facts,
      read: (target, position) => {
        const part = content.subarray(position, position + target.length);
        target.set(part);
        return part.length;
      },
      write: () => -ERRNO.rofs,
      truncate: () => ERRNO.rofs,
      sync: () => ERRNO.success,
      close: () => {},
    };
  }

  list(path: string): readonly string[] {
    return this.names.get(path) ?? [];
  }

  /** Those that are in no other. */
  folders(): readonly string[] {
    return this.list('/')
      .map((name) => `/${name}`)
      .filter((path) => this.names.has(path));
  }

  makeFolder(path: string): Errno {
    return typeof this.facts(path) === 'number' ? ERRNO.rofs : ERRNO.exist;
  }

  removeFile(path: string): Errno {
    return this.refusal(path);
  }

  removeFolder(path: string): Errno {
    return this.refusal(path);
  }

  rename(from: string): Errno {
    return this.refusal(from);
  }

  private refusal(path: string): Errno {
    const facts = this.facts(path);
    return typeof facts === 'number' ? (-facts as Errno) : ERRNO.rofs; // as `facts` has it
  }

  /** Why nothing is there: a part of the way to it may be a file. */
  private absent(path: string): Errno {
    let above = path;
    while (above !== '' && !this.places.has(above)) above = above.slice(0, above.lastIndexOf('/'));
    return above === '' || this.names.has(above) ? ERRNO.noent : ERRNO.notdir;
  }
}

/** The data folder under its name and as the current one, and the program's own, if it is one. */
export const preopensOf = (
  dataDir: string,
  files: WasiFiles,
  folder: FolderFiles | undefined,
): readonly Preopen[] => [
  { name: dataDir, files, path: '/' },
  { name: '.', files, path: '/' },
  ...(folder === undefined ? [] : folderPreopens(folder)),
];

const folderPreopens = (files: FolderFiles): Preopen[] => [
  { name: PROGRAM_DIR, files, path: '/' },
  ...files.folders().map((path) => ({ name: path, files, path })),
];
