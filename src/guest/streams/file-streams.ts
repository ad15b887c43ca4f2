/** `fs.createReadStream` and `fs.createWriteStream`: Node's streams on files of the node's disk. */
import { Buffer } from '../bytes/buffer.ts';
import { nextTick } from '../time/event-loop.ts';
import * as files from '../files/files.ts';
import * as standard from '../files/standard-files.ts';
import { loadStreams, type Done, type Readable, type StreamModule, type Writable } from './streams.ts';

interface FileStreamOptions {
  readonly flags?: string;
  readonly encoding?: string;
  readonly fd?: number | { readonly fd: number };
  readonly start?: number;
  /** Offset of the last byte to read, inclusive. */
  readonly end?: number;
  readonly highWaterMark?: number;
  readonly autoClose?: boolean;
  readonly flush?: boolean;
}

export interface FileStreams {
  readonly ReadStream: new (path: unknown, options?: FileStreamOptions | string) => Readable;
  readonly WriteStream: new (path: unknown, options?: FileStreamOptions | string) => Writable;
}

const READ_CHUNK = 64 * 1024;

let made: FileStreams | undefined;

/** Returns the classes, which are made on first use. */
export function fileStreams(): FileStreams {
  const streams = loadStreams();
  return (made ??= { ReadStream: readStream(streams), WriteStream: writeStream(streams) });
}

export const createReadStream = (path: unknown, options?: FileStreamOptions | string): Readable =>
  new (fileStreams().ReadStream)(path, options);
export const createWriteStream = (path: unknown, options?: FileStreamOptions | string): Writable =>
  new (fileStreams().WriteStream)(path, options);

function readOptions(options: FileStreamOptions | string | undefined): FileStreamOptions {
  return typeof options === 'string' ? { encoding: options } : (options ?? {});
}

/** The open file of either kind of stream. */
class StreamFile {
  fd: number | null;
  private readonly closes: boolean;
  constructor(
    readonly path: unknown,
    private readonly options: FileStreamOptions,
    private readonly defaultFlags: string,
  ) {
    const { fd } = options;
    this.fd = typeof fd === 'object' ? fd.fd : (fd ?? null);
    this.closes = options.autoClose !== false;
  }

  /** Opens the file in a later turn; errors arrive as an `error` event, as in Node. */
  open(stream: Readable | Writable, done: Done): void {
    try {
      if (this.fd === null) {
        this.fd = standard.openSync(this.path, this.options.flags ?? this.defaultFlags);
        stream.emit('open', this.fd);
        stream.emit('ready');
      }
    } catch (error) {
      done(error);
      return;
    }
    done();
  }

  close(error: unknown, done: Done): void {
    const { fd } = this;
    this.fd = null;
    try {
      if (fd !== null && this.options.flush === true) standard.fsyncSync(fd);
      if (fd !== null && this.closes) standard.closeSync(fd);
    } catch (problem) {
      done(error ?? problem);
      return;
    }
    done(error);
  }
}

function closeBy(stream: Readable | Writable, done: Done | undefined): void {
  if (done !== undefined) stream.once('close', () => done());
  stream.destroy();
}

function readStream({ Readable }: StreamModule): FileStreams['ReadStream'] {
  return class ReadStream extends Readable {
    bytesRead = 0;
    private readonly file: StreamFile;
    private position: number | undefined;
    private left: number;
    constructor(path: unknown, options?: FileStreamOptions | string) {
      const { encoding, start, end = Infinity, highWaterMark = READ_CHUNK, autoClose } = readOptions(options);
      super({ highWaterMark, encoding, autoDestroy: autoClose !== false });
      this.file = new StreamFile(path, readOptions(options), 'r');
      this.position = start;
      this.left = end - (start ?? 0) + 1;
    }
    get path(): unknown {
      return this.file.path;
    }
    get fd(): number | null {
      return this.file.fd;
    }
    get pending(): boolean {
      return this.file.fd === null;
    }
    _construct(done: Done): void {
      nextTick(() => this.file.open(this, done));
    }
    _read(size: number): void {
      const { fd } = this.file;
      if (fd === null) return;
      const most = Math.min(size, this.left);
      if (standard.standardOf(fd) === 0 && most > 0) {
        standard.readStdin(most, (bytes) => this.took(bytes));
        return;
      }
      try {
        const bytes = Buffer.alloc(most);
        const count = most === 0 ? 0 : files.readSync(fd, bytes, 0, most, this.position);
        this.took(count === 0 ? null : bytes.subarray(0, count));
      } catch (error) {
        this.destroy(error as Error); // of files.ts
      }
    }
    private took(bytes: Uint8Array | null): void {
      const count = bytes?.length ?? 0;
      this.bytesRead += count;
      this.left -= count;
      if (this.position !== undefined) this.position += count;
      this.push(bytes);
    }
    _destroy(error: unknown, done: Done): void {
      this.file.close(error, done);
    }
    close(done?: Done): void {
      closeBy(this, done);
    }
  };
}

function writeStream({ Writable }: StreamModule): FileStreams['WriteStream'] {
  return class WriteStream extends Writable {
    bytesWritten = 0;
    private readonly file: StreamFile;
    private position: number | undefined;
    constructor(path: unknown, options?: FileStreamOptions | string) {
      const { start, highWaterMark, encoding, autoClose } = readOptions(options);
      super({ highWaterMark, defaultEncoding: encoding, autoDestroy: autoClose !== false });
      this.file = new StreamFile(path, readOptions(options), 'w');
      this.position = start;
    }
    get path(): unknown {
      return this.file.path;
    }
    get fd(): number | null {
      return this.file.fd;
    }
    get pending(): boolean {
      return this.file.fd === null;
    }
    _construct(done: Done): void {
      nextTick(() => this.file.open(this, done));
    }
    _write(chunk: Uint8Array, _encoding: string, done: Done): void {
      try {
        const count = standard.writeSync(this.file.fd ?? -1, chunk, 0, chunk.length, this.position);
        this.bytesWritten += count;
        if (this.position !== undefined) this.position += count;
      } catch (error) {
        done(error);
        return;
      }
      done();
    }
    _destroy(error: unknown, done: Done): void {
      this.file.close(error, done);
    }
    close(done?: Done): void {
      if (this.writableFinished || this.destroyed) closeBy(this, done);
      else this.end(() => closeBy(this, done));
    }
  };
}
