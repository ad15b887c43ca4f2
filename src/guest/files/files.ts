/**
 * The files of a simulated node, as `node:fs` has them: below MAELSTROM_DATA_DIR, on the node's own disk. They are there
 * again after the node was killed and started; what was not synced may then be torn.
 */
import { bridge, settings } from '../bridge.ts';
import { Buffer } from '../bytes/buffer.ts';
import { lateUrl } from '../late.ts';
import type { URL } from '../modules/url.ts';

type Data = string | Uint8Array;

const { disk } = bridge;
const ROOT = settings.env['MAELSTROM_DATA_DIR'] ?? '/simulated/data';
const FOLDER = 0;

interface OpenFile {
  readonly id: number;
  readonly path: string;
  readonly writable: boolean;
  readonly appends: boolean;
  position: number;
}

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
};

function failure(code: string, call: string, path?: string): Error {
  const where = path === undefined ? '' : ` '${path}'`;
  return Object.assign(new Error(`${code}: ${WORDS[code] ?? code}, ${call}${where}`), {
    code,
    syscall: call,
    ...(path === undefined ? {} : { path }),
  });
}

/** Whether the path leads to the node's disk. */
export function isOnDisk(path: unknown): path is string | URL {
  const full = fullPath(path);
  return full !== undefined && (full === ROOT || full.startsWith(`${ROOT}/`));
}

function fullPath(path: unknown): string | undefined {
  if (typeof path === 'string') return bridge.path('resolve', [path]);
  return path instanceof lateUrl().URL ? bridge.fileUrlToPath(path.href) : undefined;
}

function place(path: unknown, call: string): string {
  const full = fullPath(path);
  if (full !== undefined && isOnDisk(full)) return full;
  const given = typeof path === 'string' ? JSON.stringify(path) : String(path);
  const error = new Error(
    `fs.${call}(${given}) is not available in the simulation: a simulated node has no files but those below ` +
      `process.env.MAELSTROM_DATA_DIR, which is ${ROOT}.`,
  );
  // What packages look for when they look for a file that need not be there.
  throw Object.assign(error, { code: 'ENOENT', syscall: call.replace(/Sync$/, ''), path: String(path) });
}

/** The id of a file that must be there. */
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

function bytesOf(data: Data, encoding?: string): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data, encoding) : data;
}

function put(id: number, data: Uint8Array, position: number): void {
  if (!disk.write(id, data, position)) throw failure('ENOSPC', 'write');
}

export function existsSync(path: unknown): boolean {
  return isOnDisk(path) && disk.find(place(path, 'existsSync')) >= 0;
}

export function openSync(path: unknown, flags: unknown = 'r'): number {
  return openPlace(place(path, 'openSync'), flags);
}

function openPlace(full: string, flags: unknown): number {
  const mode = String(flags).replace('s', '');
  if (!/^(r|w|a)x?\+?$/.test(mode))
    throw new TypeError(`The flags ${mode} are not available in the simulation`);
  let id = disk.find(full);
  if (id === FOLDER) throw failure('EISDIR', 'open', full);
  if (id > FOLDER && mode.includes('x')) throw failure('EEXIST', 'open', full);
  if (id < 0) {
    if (mode.startsWith('r')) throw failure('ENOENT', 'open', full);
    parentMustBe(full, 'open');
    id = disk.create(full);
  } else if (mode.startsWith('w')) {
    disk.truncate(id, 0);
  }
  const fd = nextFd++;
  disk.hold(id);
  const writable = mode !== 'r';
  openFiles.set(fd, { id, path: full, writable, appends: mode.startsWith('a'), position: 0 });
  return fd;
}

export function closeSync(fd: number): void {
  disk.release(openFile(fd, 'close').id);
  openFiles.delete(fd);
}

/** `(fd, buffer, offset?, length?, position?)`, `(fd, buffer, {...})` or `(fd, text, position?, encoding?)`. */
export function writeSync(fd: number, data: Data, ...rest: readonly unknown[]): number {
  const file = openFile(fd, 'write');
  if (!file.writable) throw failure('EBADF', 'write');
  let bytes: Uint8Array;
  let position: unknown;
  if (typeof data === 'string') {
    bytes = bytesOf(data, encodingOf(rest[1]));
    position = rest[0];
  } else {
    const [offset, length, at] = spanOf(data, rest);
    bytes = data.subarray(offset, offset + length);
    position = at;
  }
  const at = file.appends ? disk.size(file.id) : (numberOr(position, undefined) ?? file.position);
  put(file.id, bytes, at);
  if (typeof position !== 'number' || file.appends) file.position = at + bytes.length;
  return bytes.length;
}

/** `(fd, buffer, offset?, length?, position?)` or `(fd, buffer, {...})`. */
export function readSync(fd: number, target: Uint8Array, ...rest: readonly unknown[]): number {
  const file = openFile(fd, 'read');
  const [offset, length, position] = spanOf(target, rest);
  const at = numberOr(position, undefined) ?? file.position;
  const count = disk.read(file.id, target.subarray(offset, offset + length), at);
  if (typeof position !== 'number') file.position = at + count;
  return count;
}

function spanOf(
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
  disk.sync(openFile(fd, 'fsync').id);
}

export function ftruncateSync(fd: number, length = 0): void {
  if (!disk.truncate(openFile(fd, 'ftruncate').id, length)) throw failure('ENOSPC', 'ftruncate');
}

export function truncateSync(path: unknown, length = 0): void {
  const id = existing(place(path, 'truncateSync'), 'truncate');
  if (!disk.truncate(id, length)) throw failure('ENOSPC', 'truncate');
}

export function readFileSync(path: unknown, options?: unknown): Buffer | string {
  const id =
    typeof path === 'number' ? openFile(path, 'read').id : existing(place(path, 'readFileSync'), 'open');
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

function writeWhole(path: number | string, data: Data, options: unknown, defaultFlag: 'w' | 'a'): void {
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

export function readdirSync(path: unknown): string[] {
  const full = place(path, 'readdirSync');
  const id = disk.find(full);
  if (id < 0) throw failure('ENOENT', 'scandir', full);
  if (id !== FOLDER) throw failure('ENOTDIR', 'scandir', full);
  return JSON.parse(disk.list(full)) as string[]; // made by the harness
}

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
  if (readdirSync(full).length > 0) throw failure('ENOTEMPTY', 'rmdir', full);
  if (full !== ROOT) disk.remove(full);
}

export interface FileFacts {
  readonly size: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

const facts = (id: number): FileFacts => ({
  size: id === FOLDER ? 0 : disk.size(id),
  isFile: () => id !== FOLDER,
  isDirectory: () => id === FOLDER,
  isSymbolicLink: () => false,
});

export function statSync(path: unknown, options?: unknown): FileFacts | undefined {
  if (optionOf(options, 'throwIfNoEntry') === false && !isOnDisk(path)) return undefined;
  const full = place(path, 'statSync');
  const id = disk.find(full);
  if (id >= 0) return facts(id);
  if (optionOf(options, 'throwIfNoEntry') === false) return undefined;
  throw failure('ENOENT', 'stat', full);
}

export function fstatSync(fd: number): FileFacts {
  return facts(openFile(fd, 'fstat').id);
}

export function accessSync(path: unknown): void {
  const full = place(path, 'accessSync');
  if (disk.find(full) < 0) throw failure('ENOENT', 'access', full);
}
