/**
 * `node:fs`: the three standard streams (standard-files.ts), and the files of files.ts. Every form of a call runs
 * synchronously, except those that read stdin; the callback and promise forms only deliver the result later.
 */
import { Buffer } from '../bytes/buffer.ts';
import { lateReadline } from '../late.ts';
import { nextTick } from '../time/event-loop.ts';
import { abortError } from '../streams/events.ts';
import { createReadStream, createWriteStream, fileStreams } from '../streams/file-streams.ts';
import { Dir } from './folder-entries.ts';
import { Dirent, Stats } from './facts.ts';
import { wrongArgument } from '../wrong-argument.ts';
import * as files from './files.ts';
import { constants } from './flags.ts';
import * as standard from './standard-files.ts';

type Data = string | Uint8Array;

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

const calls = {
  access: standard.accessSync,
  appendFile: standard.appendFileSync,
  chmod: files.chmodSync,
  chown: files.chownSync,
  close: standard.closeSync,
  copyFile: files.copyFileSync,
  fchmod: files.fchmodSync,
  fchown: files.fchownSync,
  fdatasync: standard.fsyncSync,
  fstat: standard.fstatSync,
  fsync: standard.fsyncSync,
  ftruncate: files.ftruncateSync,
  futimes: files.futimesSync,
  lstat: standard.statSync,
  lutimes: files.utimesSync,
  mkdir: files.mkdirSync,
  mkdtemp: files.mkdtempSync,
  open: standard.openSync,
  opendir: (path: unknown, options?: unknown): Dir => new Dir(path, options),
  read: standard.readSync,
  readFile: standard.readFileSync,
  readdir: files.readdirSync,
  readv: files.readvSync,
  realpath: files.realpathSync,
  rename: files.renameSync,
  rm: files.rmSync,
  rmdir: files.rmdirSync,
  stat: standard.statSync,
  truncate: files.truncateSync,
  unlink: files.unlinkSync,
  utimes: files.utimesSync,
  write: standard.writeSync,
  writeFile: standard.writeFileSync,
  writev: standard.writevSync,
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

const readFileWithCallback = withCallback(standard.readSync as Call); // called with what the program gave

type ReadDone = (error: unknown, count: number, buffer: Uint8Array) => void;

function readWithCallback(fd: number, ...given: readonly unknown[]): void {
  const [target, ...rest] = given;
  const done = given.findLast((item) => typeof item === 'function') as ReadDone | undefined;
  if (standard.standardOf(fd) !== 0 || !(target instanceof Uint8Array) || done === undefined)
    readFileWithCallback(fd, ...given);
  else standard.readStdinInto(target, rest, (count) => done(null, count, target));
}

function readLater(fd: number, target: Uint8Array, ...rest: readonly unknown[]): Promise<number> {
  if (standard.standardOf(fd) === 0)
    return new Promise((resolve) => standard.readStdinInto(target, rest, resolve));
  return Promise.resolve(standard.readSync(fd, target, ...rest));
}

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
    return { bytesWritten: standard.writeSync(this.fd, data, ...rest), buffer: data };
  }
  /** `(buffer, offset?, length?, position?)`, `(buffer, {...})`, or `({ buffer, ... })`, where the buffer may be left out. */
  async read(
    given?: Uint8Array | { readonly buffer?: Uint8Array },
    ...rest: readonly unknown[]
  ): Promise<object> {
    if (given instanceof Uint8Array)
      return { bytesRead: await readLater(this.fd, given, ...rest), buffer: given };
    const { buffer = Buffer.alloc(READ_BYTES) } = given ?? {};
    return { bytesRead: await readLater(this.fd, buffer, given ?? {}), buffer };
  }
  async readv(buffers: readonly Uint8Array[], position?: unknown): Promise<object> {
    return { bytesRead: files.readvSync(this.fd, buffers, position), buffers };
  }
  async writev(buffers: readonly Uint8Array[], position?: unknown): Promise<object> {
    return { bytesWritten: standard.writevSync(this.fd, buffers, position), buffers };
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
    standard.writeFileSync(this.fd, await wholeData(data), options);
  }
  async appendFile(data: Data, options?: unknown): Promise<void> {
    standard.writeFileSync(this.fd, data, options);
  }
  async readFile(options?: unknown): Promise<unknown> {
    return standard.readFileSync(this.fd, options);
  }
  async truncate(length?: number): Promise<void> {
    files.ftruncateSync(this.fd, length);
  }
  async stat(options?: unknown): Promise<Stats> {
    return standard.fstatSync(this.fd, options);
  }
  async sync(): Promise<void> {
    standard.fsyncSync(this.fd);
  }
  async datasync(): Promise<void> {
    standard.fsyncSync(this.fd);
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
    standard.closeSync(this.fd);
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
    new FileHandle(standard.openSync(path, flags)),
  readFile: async (file: unknown, options?: unknown): Promise<unknown> => {
    refuseIfAborted(options);
    return standard.readFileSync(fileOf(file), options);
  },
  writeFile: async (file: unknown, data: Pieces, options?: unknown): Promise<void> => {
    refuseIfAborted(options);
    standard.writeFileSync(fileOf(file), await wholeData(data), options);
  },
  appendFile: async (file: unknown, data: Data, options?: unknown): Promise<void> =>
    standard.appendFileSync(fileOf(file), data, options),
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
  existsSync: (file: unknown): boolean => standard.existsSync(file),
  promises: fsPromises,
};

for (const name of ['realpath', 'realpathSync']) {
  const resolve: object = Object(Reflect.get(fsModule, name));
  Object.assign(resolve, { native: resolve });
}
