/**
 * The files of a simulated node, through the calls of `node:fs`: below MAELSTROM_DATA_DIR, on the node's own disk. They
 * survive a kill and restart of the node; writes that were not synced may then be torn.
 */
import { bridge, settings } from '../bridge.ts';
import { Buffer } from '../bytes/buffer.ts';
import { asBytes } from '../bytes/text.ts';
import { lateUrl } from '../late.ts';
import type { URL } from '../modules/url.ts';
import { Dirent, factsOf, FOLDER, NANOS_PER_MS, type Stats } from './facts.ts';
import { constants, flagsOf } from './flags.ts';
import { wrongArgument } from '../wrong-argument.ts';

type Data = string | Uint8Array;

const { disk } = bridge;
const ROOT = settings.env['MAELSTROM_DATA_DIR'] ?? '/simulated/data';

interface OpenFile {
  readonly id: number;
  readonly path: string;
  readonly flags: number;
  position: number;
}

const { O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_DSYNC, O_DIRECTORY } = constants;

const isWritable = ({ flags }: OpenFile): boolean => (flags & (O_WRONLY | O_RDWR)) !== 0;
const isReadable = ({ flags }: OpenFile): boolean => (flags & O_WRONLY) === 0;
const appends = ({ flags }: OpenFile): boolean => (flags & O_APPEND) !== 0;
const syncs = ({ flags }: OpenFile): boolean => (flags & O_DSYNC) !== 0;

const openFiles = new Map<number, OpenFile>();
let nextFd = 20;

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EEXIST: 'file already exists',
  EISDIR: 'illegal operation on a directory',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  EBADF: 'bad file descriptor',
  ENOSPC: 'no space left on device',
  EINVAL: 'invalid argument',
};

/** Linux error numbers. */
const ERRNO: Readonly<Record<string, number>> = {
  ENOENT: -2,
  EBADF: -9,
  EEXIST: -17,
  ENOTDIR: -20,
  EISDIR: -21,
  EINVAL: -22,
  ENOSPC: -28,
  ENOTEMPTY: -39,
};

function failure(code: string, call: string, path?: string): Error {
  const where = path === undefined ? '' : ` '${path}'`;
  return Object.assign(new Error(`${code}: ${WORDS[code] ?? code}, ${call}${where}`), {
    errno: ERRNO[code],
    code,
    syscall: call,
    ...(path === undefined ? {} : { path }),
  });
}

/** True if the path is on the node's disk. */
export function isOnDisk(path: unknown): path is string | URL {
  const full = fullPath(path);
  return full !== undefined && (full === ROOT || full.startsWith(`${ROOT}/`));
}

function fullPath(path: unknown): string | undefined {
  if (typeof path === 'string') return bridge.path('resolve', [path]);
  return path instanceof lateUrl().URL ? bridge.fileUrlToPath(path.href) : undefined;
}

function place(path: unknown, call: string): string {
  if (typeof path !== 'string' && (typeof path !== 'object' || path === null))
    throw wrongArgument('path', 'string or an instance of Buffer or URL', path);
  const full = fullPath(path);
  if (full !== undefined && isOnDisk(full)) return full;
  const text = typeof path === 'string' ? path : (full ?? bridge.inspect(path, undefined));
  const error = new Error(
    `fs.${call}(${JSON.stringify(text)}) is not available in the simulation: a simulated node has no files but those below ` +
      `process.env.MAELSTROM_DATA_DIR, which is ${ROOT}.`,
  );
  // Packages that probe for an optional file check this code.
  throw Object.assign(error, {
    errno: ERRNO['ENOENT'],
    code: 'ENOENT',
    syscall: call.replace(/Sync$/, ''),
    path: text,
  });
}

/** Returns the id of an existing file or folder; throws ENOENT if there is none. */
function existing(path: string, call: string): number {
  const id = disk.find(path);
  if (id < 0) throw failure('ENOENT', call, path);
  if (id === FOLDER) throw failure('EISDIR', call, path);
  return id;
}

function parentMustBe(path: string, call: string): void {
  const parent = disk.find(bridge.path('dirname', [path]));
  if (parent < 0) throw failure('ENOENT', call, path);
  if (parent !== FOLDER) throw failure('ENOTDIR', call, path);
}

function openFile(fd: number, call: string): OpenFile {
  const file = openFiles.get(fd);
  if (file === undefined) throw failure('EBADF', call);
  return file;
}

const encodingOf = (options: unknown): string | undefined => {
  const value = typeof options === 'object' && options !== null ? optionOf(options, 'encoding') : options;
  return typeof value === 'string' && value !== 'buffer' ? value : undefined;
};

const optionOf = (options: unknown, name: string): unknown =>
  typeof options === 'object' && options !== null ? Reflect.get(options, name) : undefined;

export const wantsBigInts = (options: unknown): boolean => optionOf(options, 'bigint') === true;

function bytesOf(data: Data, encoding?: string): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, encoding);
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return asBytes(data);
  throw wrongArgument('data', 'string or an instance of Buffer, TypedArray, or DataView', data);
}

/** Returns the number of bytes. */
function put(id: number, data: Data, position: number): number {
  if (typeof data !== 'string') {
    if (!disk.write(id, data, position)) throw failure('ENOSPC', 'write');
    return data.length;
  }
  const written = disk.writeText(id, data, position);
  if (written < 0) throw failure('ENOSPC', 'write');
  return written;
}

export function existsSync(path: unknown): boolean {
  return isOnDisk(path) && disk.find(place(path, 'existsSync')) >= 0;
}

export function openSync(path: unknown, flags: unknown = 'r'): number {
  return openPlace(place(path, 'openSync'), flags);
}

function openPlace(full: string, given: unknown): number {
  const flags = flagsOf(given);
  let id = disk.find(full);
  if (id >= 0 && (flags & O_EXCL) !== 0 && (flags & O_CREAT) !== 0) throw failure('EEXIST', 'open', full);
  if (id === FOLDER) return openFolder(full, flags);
  if (id > FOLDER && (flags & O_DIRECTORY) !== 0) throw failure('ENOTDIR', 'open', full);
  if (id < 0) {
    if ((flags & O_CREAT) === 0) throw failure('ENOENT', 'open', full);
    parentMustBe(full, 'open');
    id = disk.create(full);
  } else if ((flags & O_TRUNC) !== 0) {
    disk.truncate(id, 0);
  }
  disk.hold(id);
  return keepOpen({ id, path: full, flags, position: 0 });
}

/** Opens a folder, which programs do to sync it. Syncing has no effect: changes of a folder are durable at once. */
function openFolder(full: string, flags: number): number {
  if ((flags & (O_WRONLY | O_RDWR | O_CREAT)) !== 0) throw failure('EISDIR', 'open', full);
  return keepOpen({ id: FOLDER, path: full, flags, position: 0 });
}

function keepOpen(file: OpenFile): number {
  const fd = nextFd++;
  openFiles.set(fd, file);
  return fd;
}

export function closeSync(fd: number): void {
  const { id } = openFile(fd, 'close');
  if (id !== FOLDER) disk.release(id);
  openFiles.delete(fd);
}

/** `(fd, buffer, offset?, length?, position?)`, `(fd, buffer, {...})` or `(fd, text, position?, encoding?)`. */
export function writeSync(fd: number, data: Data, ...rest: readonly unknown[]): number {
  const file = openFile(fd, 'write');
  if (!isWritable(file)) throw failure('EBADF', 'write');
  // Text in UTF-8, which nearly all is, needs no bytes here.
  const isPlain = typeof data === 'string' && rest.length === 0;
  const { bytes, position } = isPlain ? { bytes: data, position: undefined } : bytesToWrite(data, rest);
  const at = appends(file) ? disk.size(file.id) : (numberOr(position, undefined) ?? file.position);
  const written = put(file.id, bytes, at);
  if (syncs(file)) disk.sync(file.id);
  if (typeof position !== 'number' || appends(file)) file.position = at + written;
  return written;
}

/** The bytes that the arguments of `writeSync` after the file mean, and where they go. */
export function bytesToWrite(
  data: Data,
  rest: readonly unknown[],
): { readonly bytes: Uint8Array; readonly position: unknown } {
  if (typeof data === 'string') return { bytes: bytesOf(data, encodingOf(rest[1])), position: rest[0] };
  const all = bytesOf(data);
  const [offset, length, position] = spanOf(all, rest);
  return { bytes: all.subarray(offset, offset + length), position };
}

/** `(fd, buffer, offset?, length?, position?)` or `(fd, buffer, {...})`. */
export function readSync(fd: number, target: Uint8Array, ...rest: readonly unknown[]): number {
  const file = openFile(fd, 'read');
  if (file.id === FOLDER) throw failure('EISDIR', 'read');
  if (!isReadable(file)) throw failure('EBADF', 'read');
  const [offset, length, position] = spanOf(target, rest);
  const at = numberOr(position, undefined) ?? file.position;
  const count = disk.read(file.id, target.subarray(offset, offset + length), at);
  if (typeof position !== 'number') file.position = at + count;
  return count;
}

/** Which part of a buffer is meant, and where in the file. */
export function spanOf(
  bytes: Uint8Array,
  rest: readonly unknown[],
): [offset: number, length: number, position: unknown] {
  const [first, second, third] = rest;
  const isBag = typeof first === 'object' && first !== null;
  const offset = numberOr(isBag ? optionOf(first, 'offset') : first, 0);
  const length = numberOr(isBag ? optionOf(first, 'length') : second, bytes.length - offset);
  return [offset, length, isBag ? optionOf(first, 'position') : third];
}

function numberOr<Other>(value: unknown, other: Other): number | Other {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? value : other;
}

export function fsyncSync(fd: number): void {
  const { id } = openFile(fd, 'fsync');
  if (id !== FOLDER) disk.sync(id);
}

export function ftruncateSync(fd: number, length = 0): void {
  const file = openFile(fd, 'ftruncate');
  if (!isWritable(file)) throw failure('EINVAL', 'ftruncate');
  if (!disk.truncate(file.id, length)) throw failure('ENOSPC', 'ftruncate');
}

export function truncateSync(path: unknown, length = 0): void {
  const id = existing(place(path, 'truncateSync'), 'truncate');
  if (!disk.truncate(id, length)) throw failure('ENOSPC', 'truncate');
}

export function readFileSync(path: unknown, options?: unknown): Buffer | string {
  const id =
    typeof path === 'number' ? openFile(path, 'read').id : existing(place(path, 'readFileSync'), 'open');
  if (id === FOLDER) throw failure('EISDIR', 'read');
  const bytes = Buffer.alloc(disk.size(id));
  disk.read(id, bytes, 0);
  const encoding = encodingOf(options);
  return encoding === undefined ? bytes : bytes.toString(encoding);
}

export function writeFileSync(path: unknown, data: Data, options?: unknown): void {
  writeWhole(typeof path === 'number' ? path : place(path, 'writeFileSync'), data, options, 'w');
}

export function appendFileSync(path: unknown, data: Data, options?: unknown): void {
  writeWhole(typeof path === 'number' ? path : place(path, 'appendFileSync'), data, options, 'a');
}

function writeWhole(
  path: number | string,
  data: Data,
  options: unknown,
  defaultFlag: 'w' | 'a' | 'wx',
): void {
  const bytes = bytesOf(data, encodingOf(options));
  const flag = optionOf(options, 'flag') ?? defaultFlag;
  const fd = typeof path === 'number' ? path : openPlace(path, flag);
  try {
    writeSync(fd, bytes);
    if (optionOf(options, 'flush') === true) fsyncSync(fd);
  } finally {
    if (fd !== path) closeSync(fd);
  }
}

export function mkdirSync(path: unknown, options?: unknown): string | undefined {
  const full = place(path, 'mkdirSync');
  const recursive = optionOf(options, 'recursive') === true;
  const id = disk.find(full);
  if (id >= 0) {
    if (recursive && id === FOLDER) return undefined;
    throw failure('EEXIST', 'mkdir', full);
  }
  const parent = bridge.path('dirname', [full]);
  const first = recursive && disk.find(parent) < 0 ? mkdirSync(parent, options) : undefined;
  parentMustBe(full, 'mkdir');
  disk.makeFolder(full);
  return recursive ? (first ?? full) : undefined;
}

export function readdirSync(path: unknown, options?: unknown): (string | Buffer)[] | Dirent[] {
  const full = place(path, 'readdirSync');
  const found = optionOf(options, 'recursive') === true ? allBelow(full) : namesIn(full);
  if (optionOf(options, 'withFileTypes') === true) return found.map((name) => new Dirent(full, name));
  const isBytes = options === 'buffer' || optionOf(options, 'encoding') === 'buffer';
  return isBytes ? found.map((name) => Buffer.from(name)) : [...found];
}

function namesIn(full: string): readonly string[] {
  const id = disk.find(full);
  if (id < 0) throw failure('ENOENT', 'scandir', full);
  if (id !== FOLDER) throw failure('ENOTDIR', 'scandir', full);
  return JSON.parse(disk.list(full)) as string[]; // made by the harness
}

const allBelow = (full: string): readonly string[] =>
  namesIn(full).flatMap((name) => {
    const isFolder = disk.find(`${full}/${name}`) === FOLDER;
    return isFolder ? [name, ...allBelow(`${full}/${name}`).map((below) => `${name}/${below}`)] : [name];
  });

export function renameSync(from: unknown, to: unknown): void {
  const [source, target] = [place(from, 'renameSync'), place(to, 'renameSync')];
  if (disk.find(source) < 0) throw failure('ENOENT', 'rename', source);
  parentMustBe(target, 'rename');
  if (disk.find(target) === FOLDER && disk.list(target) !== '[]')
    throw failure('ENOTEMPTY', 'rename', target);
  disk.rename(source, target);
}

export function unlinkSync(path: unknown): void {
  const full = place(path, 'unlinkSync');
  existing(full, 'unlink');
  disk.remove(full);
}

export function rmSync(path: unknown, options?: unknown): void {
  // As in Node, `force` ignores a path that does not exist.
  if (optionOf(options, 'force') === true && fullPath(path) !== undefined && !isOnDisk(path)) return;
  const full = place(path, 'rmSync');
  const id = disk.find(full);
  if (id < 0) {
    if (optionOf(options, 'force') === true) return;
    throw failure('ENOENT', 'rm', full);
  }
  if (id === FOLDER && optionOf(options, 'recursive') !== true) throw failure('EISDIR', 'rm', full);
  disk.remove(full);
  if (full === ROOT) disk.makeFolder(ROOT);
}

export function rmdirSync(path: unknown): void {
  const full = place(path, 'rmdirSync');
  if (namesIn(full).length > 0) throw failure('ENOTEMPTY', 'rmdir', full);
  if (full !== ROOT) disk.remove(full);
}

export function statSync(path: unknown, options?: unknown): Stats | undefined {
  if (optionOf(options, 'throwIfNoEntry') === false && !isOnDisk(path)) return undefined;
  const full = place(path, 'statSync');
  const id = disk.find(full);
  if (id >= 0) return factsOf(id, wantsBigInts(options));
  if (optionOf(options, 'throwIfNoEntry') === false) return undefined;
  throw failure('ENOENT', 'stat', full);
}

export function fstatSync(fd: number, options?: unknown): Stats {
  return factsOf(openFile(fd, 'fstat').id, wantsBigInts(options));
}

export function accessSync(path: unknown): void {
  const full = place(path, 'accessSync');
  if (disk.find(full) < 0) throw failure('ENOENT', 'access', full);
}

/** Returns the id of the file or folder; throws the error of that call if it does not exist. */
function mustBe(path: unknown, call: string): number {
  const full = place(path, `${call}Sync`);
  const id = disk.find(full);
  if (id < 0) throw failure('ENOENT', call, full);
  return id;
}

/** Checks only that the path exists: modes and owners are not kept. */
export const chmodSync = (path: unknown): void => void mustBe(path, 'chmod');
export const chownSync = (path: unknown): void => void mustBe(path, 'chown');
export const fchmodSync = (fd: number): void => void openFile(fd, 'fchmod');
export const fchownSync = (fd: number): void => void openFile(fd, 'fchown');

export function utimesSync(path: unknown, _read: unknown, modified: unknown): void {
  setModified(mustBe(path, 'utime'), modified);
}

export function futimesSync(fd: number, _read: unknown, modified: unknown): void {
  setModified(openFile(fd, 'futime').id, modified);
}

/** Sets the modification time; `time` is a Date, or seconds as a number or a string. */
function setModified(id: number, time: unknown): void {
  const ms = time instanceof Date ? time.getTime() : Number(time) * 1000;
  if (id !== FOLDER) disk.setModified(id, (ms - settings.epochMs) * NANOS_PER_MS);
}

export function realpathSync(path: unknown): string {
  mustBe(path, 'realpath');
  return place(path, 'realpathSync');
}

export function copyFileSync(from: unknown, to: unknown, mode?: unknown): void {
  const bytes = Buffer.alloc(disk.size(existing(place(from, 'copyFileSync'), 'copyfile')));
  disk.read(existing(place(from, 'copyFileSync'), 'copyfile'), bytes, 0);
  const isNew = (numberOr(mode, 0) & constants.COPYFILE_EXCL) !== 0;
  writeWhole(place(to, 'copyFileSync'), bytes, undefined, isNew ? 'wx' : 'w');
}

const SUFFIX_LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export function mkdtempSync(prefix: unknown): string {
  const letter = (): string => SUFFIX_LETTERS[Math.floor(bridge.float() * SUFFIX_LETTERS.length)] ?? '';
  const full = place(`${String(prefix)}${Array.from({ length: 6 }, letter).join('')}`, 'mkdtempSync');
  parentMustBe(full, 'mkdtemp');
  disk.makeFolder(full);
  return full;
}

/** Writes all parts in order. Returns the total number of bytes. */
export function writevSync(fd: number, parts: readonly Uint8Array[], position?: unknown): number {
  let at = numberOr(position, undefined);
  return parts.reduce((sum, part) => {
    const written = writeSync(fd, part, 0, part.length, at);
    if (at !== undefined) at += written;
    return sum + written;
  }, 0);
}

export function readvSync(fd: number, parts: readonly Uint8Array[], position?: unknown): number {
  let at = numberOr(position, undefined);
  return parts.reduce((sum, part) => {
    const count = readSync(fd, part, 0, part.length, at);
    if (at !== undefined) at += count;
    return sum + count;
  }, 0);
}
