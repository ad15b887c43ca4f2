/**
 * `node:fs`: the three standard streams, and the files of files.ts. Every form of a call runs synchronously; the callback
 * and promise forms only deliver the result later.
 */
import { bridge } from '../bridge.ts';
import { Buffer } from '../bytes/buffer.ts';
import { lateReadline } from '../late.ts';
import { Exited, finish, nextTick } from '../time/event-loop.ts';
import { abortError } from '../streams/events.ts';
import { createReadStream, createWriteStream, fileStreams } from '../streams/file-streams.ts';
import { Dir } from './folder-entries.ts';
import { Dirent, Stats } from './facts.ts';
import { wrongArgument } from '../wrong-argument.ts';
import * as files from './files.ts';
import { constants } from './flags.ts';

type Data = string | Uint8Array;

const OUTPUTS = new Map<unknown, 1 | 2>([
  [1, 1],
  ['/dev/stdout', 1],
  ['/proc/self/fd/1', 1],
  [2, 2],
  ['/dev/stderr', 2],
  ['/proc/self/fd/2', 2],
]);

function writeTo(output: 1 | 2, data: Data): number {
  bridge.write(output, data);
  return typeof data === 'string' ? bridge.textBytes(data, 'utf8') : data.byteLength;
}

function writeSync(fd: number, data: Data, ...rest: readonly unknown[]): number {
  const output = OUTPUTS.get(fd);
  return output === undefined ? files.writeSync(fd, data, ...rest) : writeTo(output, data);
}

function writeFileSync(file: unknown, data: Data, options?: unknown): void {
  const output = OUTPUTS.get(file);
  if (output === undefined) files.writeFileSync(file, data, options);
  else writeTo(output, data);
}

function appendFileSync(file: unknown, data: Data, options?: unknown): void {
  const output = OUTPUTS.get(file);
  if (output === undefined) files.appendFileSync(file, data, options);
  else writeTo(output, data);
}

/** A program that polls stdin synchronously would loop forever, since no message arrives during a turn. */
const MOST_REFUSALS = 1000;
let refusals = 0;

function refuseStdin(file: unknown, call: string): void {
  if (file !== 0 && file !== '/dev/stdin') return;
  const text =
    `fs.${call} would wait for stdin and stop the simulation: nothing else happens while a node waits. ` +
    `Read stdin with process.stdin.on('data', ...), with readline, or with the SDK.`;
  if (++refusals < MOST_REFUSALS) throw Object.assign(new Error(text), { code: 'EAGAIN' });
  bridge.write(2, `\n${text} It was tried ${refusals} times, so the node was ended.\n`);
  finish(1);
  throw new Exited('The process has exited');
}

function readFileSync(file: unknown, options?: unknown): unknown {
  refuseStdin(file, 'readFileSync');
  return files.readFileSync(file, options);
}

function readSync(fd: number, target: Uint8Array, ...rest: readonly unknown[]): number {
  refuseStdin(fd, 'readSync');
  return files.readSync(fd, target, ...rest);
}

/** `fs.read`, whose buffer may also be among the options, or be left out. */
function read(fd: number, ...given: readonly unknown[]): void {
  const done = given.findLast((item) => typeof item === 'function');
  const [first, ...rest] = given.filter((item) => item !== done);
  if (first instanceof Uint8Array || done === undefined) {
    readWithCallback(fd, ...given);
    return;
  }
  const options = (first ?? {}) as { readonly buffer?: Uint8Array }; // as the documentation has it
  readWithCallback(
    fd,
    options.buffer ?? Buffer.alloc(READ_BYTES),
    first === undefined ? {} : first,
    ...rest,
    done,
  );
}

const isStream = (fd: number): boolean => fd === 0 || OUTPUTS.has(fd);

const calls = {
  access: files.accessSync,
  appendFile: appendFileSync,
  chmod: files.chmodSync,
  chown: files.chownSync,
  close: (fd: number): void => {
    if (!isStream(fd)) files.closeSync(fd);
  },
  copyFile: files.copyFileSync,
  fchmod: files.fchmodSync,
  fchown: files.fchownSync,
  fdatasync: (fd: number): void => {
    if (!isStream(fd)) files.fsyncSync(fd);
  },
  fstat: files.fstatSync,
  fsync: (fd: number): void => {
    if (!isStream(fd)) files.fsyncSync(fd);
  },
  ftruncate: files.ftruncateSync,
  futimes: files.futimesSync,
  lstat: files.statSync,
  lutimes: files.utimesSync,
  mkdir: files.mkdirSync,
  mkdtemp: files.mkdtempSync,
  open: files.openSync,
  opendir: (path: unknown, options?: unknown): Dir => new Dir(path, options),
  read: readSync,
  readFile: readFileSync,
  readdir: files.readdirSync,
  readv: files.readvSync,
  realpath: files.realpathSync,
  rename: files.renameSync,
  rm: files.rmSync,
  rmdir: files.rmdirSync,
  stat: files.statSync,
  truncate: files.truncateSync,
  unlink: files.unlinkSync,
  utimes: files.utimesSync,
  write: writeSync,
  writeFile: writeFileSync,
  writev: files.writevSync,
} as const;

type Call = (...given: readonly unknown[]) => unknown;

/** Returns the callback form of a call: the last argument is called with `(error, result)`. */
function withCallback(call: Call) {
  return (...given: readonly unknown[]): void => {
    const done = given.findLast((item) => typeof item === 'function') as
      ((error: unknown, ...results: unknown[]) => void) | undefined;
    if (done === undefined) throw wrongArgument('cb', 'function', undefined);
    const before = given.slice(0, given.lastIndexOf(done));
    let answer: readonly unknown[];
    try {
      answer = [null, call(...before), before[1]];
    } catch (error) {
      answer = [error];
    }
    nextTick(() => done(answer[0], ...answer.slice(1)));
  };
}

const readWithCallback = withCallback(readSync as Call); // called with what the program gave

const withPromise =
  (call: Call) =>
  async (...given: readonly unknown[]): Promise<unknown> =>
    call(...given);

/** What the promise form of `writeFile` takes: also a stream, or anything else that can be iterated over. */
type Pieces = Data | AsyncIterable<Data> | Iterable<Data>;

async function wholeData(data: Pieces): Promise<Data> {
  const isIterable = typeof data === 'object' && data !== null && !ArrayBuffer.isView(data);
  if (!isIterable || !(Symbol.asyncIterator in data || Symbol.iterator in data)) return data;
  const parts: Uint8Array[] = [];
  for await (const part of data) parts.push(typeof part === 'string' ? Buffer.from(part) : part);
  return Buffer.concat(parts);
}

function refuseIfAborted(options: unknown): void {
  const { signal } = Object(options) as { readonly signal?: Parameters<typeof abortError>[0] };
  if (signal?.aborted === true) throw abortError(signal);
}

/** Number of bytes that Node reads if no buffer is given. */
const READ_BYTES = 16_384;

/** The result of `fs.promises.open`. */
class FileHandle {
  constructor(readonly fd: number) {}
  async write(data: Data, ...rest: readonly unknown[]): Promise<object> {
    return { bytesWritten: writeSync(this.fd, data, ...rest), buffer: data };
  }
  /** `(buffer, offset?, length?, position?)`, `(buffer, {...})`, or `({ buffer, ... })`, where the buffer may be left out. */
  async read(
    given?: Uint8Array | { readonly buffer?: Uint8Array },
    ...rest: readonly unknown[]
  ): Promise<object> {
    if (given instanceof Uint8Array) return { bytesRead: readSync(this.fd, given, ...rest), buffer: given };
    const { buffer = Buffer.alloc(READ_BYTES) } = given ?? {};
    return { bytesRead: readSync(this.fd, buffer, given ?? {}), buffer };
  }
  async readv(buffers: readonly Uint8Array[], position?: unknown): Promise<object> {
    return { bytesRead: files.readvSync(this.fd, buffers, position), buffers };
  }
  async writev(buffers: readonly Uint8Array[], position?: unknown): Promise<object> {
    return { bytesWritten: files.writevSync(this.fd, buffers, position), buffers };
  }
  async utimes(accessed: unknown, modified: unknown): Promise<void> {
    files.futimesSync(this.fd, accessed, modified);
  }
  async chmod(): Promise<void> {
    files.fchmodSync(this.fd);
  }
  async chown(): Promise<void> {
    files.fchownSync(this.fd);
  }
  async writeFile(data: Pieces, options?: unknown): Promise<void> {
    writeFileSync(this.fd, await wholeData(data), options);
  }
  async appendFile(data: Data, options?: unknown): Promise<void> {
    writeFileSync(this.fd, data, options);
  }
  async readFile(options?: unknown): Promise<unknown> {
    return readFileSync(this.fd, options);
  }
  async truncate(length?: number): Promise<void> {
    files.ftruncateSync(this.fd, length);
  }
  async stat(options?: unknown): Promise<Stats> {
    return files.fstatSync(this.fd, options);
  }
  async sync(): Promise<void> {
    files.fsyncSync(this.fd);
  }
  async datasync(): Promise<void> {
    files.fsyncSync(this.fd);
  }
  readLines(options: object = {}): object {
    const input = createReadStream(undefined, { ...options, fd: this.fd });
    return lateReadline().readlineModule.createInterface({ input });
  }
  createReadStream(options: object = {}): object {
    return createReadStream(undefined, { ...options, fd: this.fd });
  }
  createWriteStream(options: object = {}): object {
    return createWriteStream(undefined, { ...options, fd: this.fd });
  }
  async close(): Promise<void> {
    files.closeSync(this.fd);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The promise forms take a handle in place of a path. */
const fileOf = (file: unknown): unknown => (file instanceof FileHandle ? file.fd : file);

const map = <Value>(names: object, value: (call: Call) => Value, suffix = ''): Record<string, Value> =>
  Object.fromEntries(Object.entries(names).map(([name, call]) => [name + suffix, value(call as Call)]));

/** Calls that take a file descriptor. */
const BY_NUMBER = new Set(
  'close fchmod fchown fdatasync fstat fsync ftruncate futimes read readv write writev'.split(' '),
);
const byPath = Object.fromEntries(Object.entries(calls).filter(([name]) => !BY_NUMBER.has(name)));

export const fsPromises = {
  constants: constants,
  ...map(byPath, withPromise),
  open: async (path: unknown, flags?: unknown): Promise<FileHandle> =>
    new FileHandle(files.openSync(path, flags)),
  readFile: async (file: unknown, options?: unknown): Promise<unknown> => {
    refuseIfAborted(options);
    return readFileSync(fileOf(file), options);
  },
  writeFile: async (file: unknown, data: Pieces, options?: unknown): Promise<void> => {
    refuseIfAborted(options);
    writeFileSync(fileOf(file), await wholeData(data), options);
  },
  appendFile: async (file: unknown, data: Data, options?: unknown): Promise<void> =>
    appendFileSync(fileOf(file), data, options),
};

export const fsModule = {
  ...map(calls, withCallback),
  read,
  ...map(calls, (call) => call, 'Sync'),
  createReadStream,
  createWriteStream,
  get ReadStream(): object {
    return fileStreams().ReadStream;
  },
  get WriteStream(): object {
    return fileStreams().WriteStream;
  },
  constants: constants,
  F_OK: constants.F_OK,
  R_OK: constants.R_OK,
  W_OK: constants.W_OK,
  X_OK: constants.X_OK,
  Dir: Dir,
  Dirent: Dirent,
  Stats: Stats,
  exists: (file: unknown, done: (isThere: boolean) => void): void => {
    nextTick(() => done(fsModule.existsSync(file)));
  },
  existsSync: (file: unknown): boolean => OUTPUTS.has(file) || files.existsSync(file),
  promises: fsPromises,
};

for (const name of ['realpath', 'realpathSync']) {
  const resolve: object = Object(Reflect.get(fsModule, name));
  Object.assign(resolve, { native: resolve });
}
