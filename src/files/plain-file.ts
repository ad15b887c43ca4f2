/**
 * Files in a folder to which others write as well: the nodes of a run can put a pipe, a link, a device or a folder in place
 * of any file of it. So what is read is a plain file, opened without waiting and without following a link, and what is
 * written goes into a fresh file that takes the place of whatever is there.
 *
 * Only the last part of a path is guarded by the system; `makeOwnFolder` looks at the folders above it. A process that
 * changes folders between that look and the write can still lead it astray, but nodes have ended when most files are written.
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

// Windows lacks the last two, which then add no bit: it has no pipes in folders, and no links that any user may make.
const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
const READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
const APPEND = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
/** Also to be read, should its name be taken from it. */
const CREATE = O_RDWR | O_APPEND | O_CREAT | O_EXCL;

/** Something else stands where a plain file should be. Has a `code`, as errors of the file system do. */
export class NotPlainFileError extends Error {
  readonly code = 'ENOTPLAIN';

  constructor(path: string, what: string, wanted = 'a plain file') {
    super(`${path} is ${what}, not ${wanted}`);
  }
}

/** Opens a plain file for reading. Throws a NotPlainFileError for anything else, at once. */
export function openPlain(path: string): number {
  return plain(path, () => openSync(path, READ));
}

/** The same as a handle. */
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

/** The text of a plain file. */
export function readPlain(path: string): string {
  const fd = openPlain(path);
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

const PIECE_BYTES = 1 << 20;

/** The bytes of a plain file, piece by piece; a piece is good until the next is asked for. */
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

/** The lines of a plain file, without their newlines. */
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

/** What is known of a plain file; undefined when there is none, or something else. */
export function statPlain(path: string): Stats | undefined {
  try {
    const stats = lstatSync(path);
    return stats.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a folder is there, and is one of its own: no link to one elsewhere. */
export function isOwnFolder(path: string): boolean {
  return lstatIfThere(path)?.isDirectory() === true;
}

/**
 * What stands there, links not followed; undefined when nothing does, also where a file stands in place of a folder above it,
 * links lead round in a circle, or no file can have such a long name.
 */
export const lstatIfThere = (path: string): Stats | undefined => ifThere(() => lstatSync(path));

/** The same, links followed. */
export const statIfThere = (path: string): Stats | undefined => ifThere(() => statSync(path));

const NOTHING_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

function ifThere(look: () => Stats): Stats | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Node's own `throwIfNoEntry: false` throws for all but the first.
    if (code !== undefined && NOTHING_THERE.has(code)) return undefined;
    throw error;
  }
}

/** Creates a file that does not exist yet, to be appended to. */
export function createFresh(path: string): number {
  return openSync(path, CREATE);
}

/**
 * Opens a file of ours to go on at its end. What is no plain file, or has a second name outside, is moved aside, and a fresh
 * file begun.
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

/** Whether that is what stands there, and not something else that was put in its place. */
export function isStillThere(path: string, { ino, dev }: Stats): boolean {
  const there = lstatIfThere(path);
  return there !== undefined && there.ino === ino && there.dev === dev;
}

/**
 * Writes what an open file holds to its path again when that has been removed, or something else stands there. Gives the file
 * to go on with; undefined when all is as it was. Throws where that cannot be done.
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

/** Writes a whole file, which takes the place of whatever is there in one step; a folder is moved aside. */
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
 * Makes a folder below `root`, and sees to it that each folder on the way is one and no link: what else stands there is
 * moved aside. Throws when `root` itself is no folder, or is gone.
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

/** Takes away what stands where a file is to be made: a node may have put it there. */
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

/** The error of opening it, in words where the cause is what stands there. */
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
