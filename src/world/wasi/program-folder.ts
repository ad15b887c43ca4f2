/**
 * The folder of a program in WebAssembly that is one: beside `index.wasm` it holds what the program reads, such as a script and the
 * library of its language. It is read once, and is the same for all nodes and runs. The program finds it as `/program`, and each folder in
 * it under its name as well, such as `/usr`: where the build of a language expects its library. It cannot be `/`: a program takes paths
 * without a slash from there too, and its current folder is its data folder.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../protocol/user-error.ts';

/** The program itself, and its first arguments, one on each line. */
export const INDEX_WASM = 'index.wasm';
const ARGUMENTS = 'index.args';
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
