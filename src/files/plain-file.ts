/**
 * Files in a folder that others can write to: the nodes of a run can replace any file with a pipe, a link, a device or
 * a folder. So only plain files are read, opened without waiting and without following a link, and writes go into a
 * fresh file that replaces whatever exists.
 *
 * The system guards only the last part of a path; `makeOwnFolder` checks the folders above it. A process that changes
 * folders between that check and the write can still redirect the write, but nodes have ended when most files are
 * written.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

// Windows lacks the last two, which then add no bit: it has no pipes in folders, and no links that every user may
// create.
const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
const READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
const APPEND = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
/** Readable too, so that it can be copied if its name is removed. */
const CREATE = O_RDWR | O_APPEND | O_CREAT | O_EXCL;

/** Thrown when a path is not a plain file. Has a `code`, as file system errors do. */
export class NotPlainFileError extends Error {
  readonly code = 'ENOTPLAIN';

  constructor(path: string, what: string, wanted = 'a plain file') {
    super(`${path} is ${what}, not ${wanted}`);
  }
}

/** Opens a plain file for reading. Throws a NotPlainFileError for anything else, without blocking. */
export function openPlain(path: string): number {
  return plain(path, () => openSync(path, READ));
}

export async function openPlainHandle(path: string | Buffer): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(path, READ);
  } catch (error) {
    throw notPlain(String(path), error);
  }
  try {
    const what = oddity(await handle.stat());
    if (what === undefined) return handle;
    throw new NotPlainFileError(String(path), what);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Returns the text of a plain file. */
export function readPlain(path: string): string {
  const fd = openPlain(path);
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

const PIECE_BYTES = 1 << 20;

/** Yields the bytes of a plain file, piece by piece; a piece is valid until the next is requested. */
export function* plainPieces(path: string): Generator<Uint8Array> {
  const fd = openPlain(path);
  try {
    const buffer = new Uint8Array(Math.max(1, Math.min(PIECE_BYTES, fstatSync(fd).size)));
    for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer))
      yield buffer.subarray(0, length);
  } finally {
    closeSync(fd);
  }
}

/** Yields the lines of a plain file, without their newlines. */
export function* plainLines(path: string): Generator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for (const piece of plainPieces(path)) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Returns the stats of a plain file, or undefined if it does not exist or is something else. */
export function statPlain(path: string): Stats | undefined {
  try {
    const stats = lstatSync(path);
    return stats.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the path is a folder and not a link to one. */
export function isOwnFolder(path: string): boolean {
  return lstatIfThere(path)?.isDirectory() === true;
}

/**
 * Returns the stats without following links, or undefined if nothing exists, also when a file is in place of a folder
 * above it, links form a cycle, or the name is too long for a file.
 */
export const lstatIfThere = (path: string): Stats | undefined => ifThere(() => lstatSync(path));

/** Returns the same, following links. */
export const statIfThere = (path: string): Stats | undefined => ifThere(() => statSync(path));

const NOTHING_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

function ifThere(look: () => Stats): Stats | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Node's own `throwIfNoEntry: false` throws for all but the first code.
    if (code !== undefined && NOTHING_THERE.has(code)) return undefined;
    throw error;
  }
}

/** Creates a file that does not exist yet, for appending. */
export function createFresh(path: string): number {
  return openSync(path, CREATE);
}

/**
 * Opens a file of the harness for appending. Anything that is not a plain file, or has a second name, is moved aside
 * and replaced by a fresh file.
 */
export function appendOwn(path: string): number {
  try {
    const fd = plain(path, () => openSync(path, APPEND));
    if (fstatSync(fd).nlink <= 1) return fd;
    closeSync(fd);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENXIO: a pipe without a reader.
    if (!['ENOTPLAIN', 'EISDIR', 'ENXIO'].includes(code ?? '')) throw error;
  }
  moveAside(path);
  return createFresh(path);
}

/** Whether this file is still at that path and was not replaced. */
export function isStillThere(path: string, { ino, dev }: Stats): boolean {
  const there = lstatIfThere(path);
  return there !== undefined && there.ino === ino && there.dev === dev;
}

/**
 * Writes the contents of an open file to its path again if it was removed or replaced. Returns the new file descriptor,
 * or undefined if nothing has changed. Throws when that is impossible.
 */
export function restoreOpen(root: string, path: string, fd: number): number | undefined {
  if (isStillThere(path, fstatSync(fd))) return undefined;
  makeOwnFolder(root, dirname(path));
  if (lstatIfThere(path) !== undefined) moveAside(path);
  const fresh = createFresh(path);
  const buffer = new Uint8Array(PIECE_BYTES);
  for (let at = 0, length = 1; length > 0; at += length) {
    length = readSync(fd, buffer, 0, buffer.length, at);
    writeFileSync(fresh, buffer.subarray(0, length));
  }
  return fresh;
}

/** Writes a whole file, atomically replacing whatever exists; a folder is moved aside. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.part`;
  const fd = createFresh(fresh);
  try {
    try {
      writeFileSync(fd, content);
    } finally {
      closeSync(fd);
    }
    if (isOwnFolder(path)) moveAside(path);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/**
 * Creates a folder below `root`, and ensures that each folder on the way is one and not a link; anything else is moved
 * aside. Throws when `root` itself is not a folder, or is gone.
 */
export function makeOwnFolder(root: string, folder: string): void {
  if (!isOwnFolder(root)) {
    if (lstatIfThere(root) !== undefined) throw new NotPlainFileError(root, 'a link or a file', 'a folder');
    throw Object.assign(new Error(`${root} does not exist`), { code: 'ENOENT' });
  }
  let path = root;
  for (const part of relative(root, folder)
    .split(sep)
    .filter((name) => name !== '')) {
    path = join(path, part);
    if (isOwnFolder(path)) continue;
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) moveAside(path);
    mkdirSync(path);
  }
}

/** Writes a whole file below `root`, as `makeOwnFolder` and `replaceFile` do. */
export function writeBelow(root: string, path: string, content: string | Uint8Array): void {
  const file = join(root, path);
  makeOwnFolder(root, dirname(file));
  replaceFile(file, content);
}

/** Removes whatever is where a file must be created: a node may have put it there. */
export function makeWayFor(path: string): void {
  if (isOwnFolder(path)) moveAside(path);
  else rmSync(path, { force: true });
}

function moveAside(path: string): void {
  renameSync(path, `${path}.${randomBytes(6).toString('hex')}.moved-aside`);
}

function plain(path: string, openFile: () => number): number {
  let fd: number;
  try {
    fd = openFile();
  } catch (error) {
    throw notPlain(path, error);
  }
  try {
    const what = oddity(fstatSync(fd));
    if (what === undefined) return fd;
    throw new NotPlainFileError(path, what);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Returns the error of opening a path, explained if the cause is the kind of file. */
function notPlain(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ELOOP' && code !== 'ENXIO' && code !== 'ENODEV') return error;
  return new NotPlainFileError(path, code === 'ELOOP' ? 'a symbolic link' : 'a pipe, a socket or a device');
}

function oddity(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder';
  return stats.isFIFO() ? 'a named pipe' : 'a device or a socket';
}
