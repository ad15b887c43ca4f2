/**
 * A program in WebAssembly that is a folder. Besides `index.wasm` it contains the files that the program reads, such as
 * a script and its language's library. It is read once, and is the same for all nodes and runs.
 *
 * The program finds it as `/program`, and each folder in it under its own name as well, such as `/usr`, where the build
 * of a language expects its library. It cannot be `/`, because programs also resolve paths without a slash from there,
 * and the current folder must be the data folder.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../../protocol/user-error.ts';

/** The program itself, and the file with its first arguments, one per line. */
export const INDEX_WASM = 'index.wasm';
const ARGUMENTS = 'index.args';
/** The flag of run-wasm.ts that precedes the folder and its module. */
export const IN_FOLDER = '--in-folder';

/** Can be shared by threads. Files and folders are sorted by their paths, which begin with `/`. */
export interface ProgramFolder {
  readonly entries: readonly FolderEntry[];
  readonly bytes: Uint8Array;
}

export type FolderEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly at: number; readonly length: number };

const MOST_BYTES = 256 * 1024 * 1024;
const MOST_ENTRIES = 20_000;

/** Throws a UserError when the folder is too large. Follows links, except to a folder that contains them. */
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

/** Returns the arguments that precede the user's own. */
export function folderArguments(folder: string): readonly string[] {
  const file = join(folder, ARGUMENTS);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return [];
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** The form in which it is written into a file with its program. */
export interface PackedFolder {
  readonly entries: readonly FolderEntry[];
  /** Encoded in base64. */
  readonly bytes: string;
}

export const packFolder = ({ entries, bytes }: ProgramFolder): PackedFolder => ({
  entries,
  bytes: Buffer.from(bytes).toString('base64'),
});

/** Copies the folder into memory that threads can share. */
export function unpackFolder({ entries, bytes }: PackedFolder): ProgramFolder {
  const content = Buffer.from(bytes, 'base64');
  const shared = new Uint8Array(new SharedArrayBuffer(content.length));
  shared.set(content);
  return { entries, bytes: shared };
}
