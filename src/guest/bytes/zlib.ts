/**
 * `node:zlib` but for Brotli. The harness compresses, by a program that gives the same bytes on every machine, which are
 * other bytes than Node's; and decompresses as Node does.
 */
import { bridge, type CompressionFormat } from '../bridge.ts';
import { unavailable } from '../modules/refusals.ts';
import { loadStreams, type Done } from '../streams/streams.ts';
import { timerGlobals } from '../time/timers.ts';
import { outOfRange, wrongArgument } from '../wrong-argument.ts';
import { Buffer } from './buffer.ts';
import { asBytes } from './text.ts';

type DecompressionFormat = CompressionFormat | 'unzip';

interface ZlibOptions {
  readonly level?: number;
  readonly maxOutputLength?: number;
  readonly finishFlush?: number;
  readonly dictionary?: unknown;
}

type Convert = (data: unknown, options?: ZlibOptions) => Buffer;

const BYTES_OR_TEXT = 'string or an instance of Buffer, TypedArray, DataView, or ArrayBuffer';

function bytesOf(data: unknown): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return asBytes(data);
  throw wrongArgument('buffer', BYTES_OR_TEXT, data);
}

/** Returns a copy of a chunk, which its writer may overwrite. */
export const copyOf = (chunk: unknown): Uint8Array => new Uint8Array(bytesOf(chunk));

export const joined = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat([...parts]);

export function compress(format: CompressionFormat, data: unknown, options: ZlibOptions = {}): Buffer {
  const bytes = bytesOf(data);
  const { level = -1 } = options;
  if (typeof level !== 'number') throw wrongArgument('options.level', 'number', level);
  if (!(level >= -1 && level <= 9)) throw outOfRange('options.level', '>= -1 and <= 9', level);
  refuseDictionary(options);
  return Buffer.from(bridge.compress(format, bytes, level), 'latin1');
}

export function decompress(format: DecompressionFormat, data: unknown, options: ZlibOptions = {}): Buffer {
  const bytes = bytesOf(data);
  refuseDictionary(options);
  const { maxOutputLength, finishFlush } = options;
  try {
    const text = bridge.decompress(format, bytes, JSON.stringify({ maxOutputLength, finishFlush }));
    return Buffer.from(text, 'latin1');
  } catch (error) {
    const errno = ERRNOS[String((error as { code?: unknown }).code)];
    if (errno !== undefined) Object.assign(error as Error, { errno }); // the bridge throws errors only
    throw error;
  }
}

const ERRNOS: Readonly<Record<string, number>> = { Z_NEED_DICT: 2, Z_DATA_ERROR: -3, Z_BUF_ERROR: -5 };

function refuseDictionary({ dictionary }: ZlibOptions): void {
  if (dictionary !== undefined) throw unavailable('zlib with a dictionary');
}

const CONVERSIONS: Readonly<Record<string, Convert>> = {
  deflate: (data, options) => compress('deflate', data, options),
  deflateRaw: (data, options) => compress('deflate-raw', data, options),
  gzip: (data, options) => compress('gzip', data, options),
  gunzip: (data, options) => decompress('gzip', data, options),
  inflate: (data, options) => decompress('deflate', data, options),
  inflateRaw: (data, options) => decompress('deflate-raw', data, options),
  unzip: (data, options) => decompress('unzip', data, options),
};

type Answered = (error: unknown, result?: Buffer) => void;

/** Returns the form of a conversion that takes a callback. */
const withCallback = (convert: Convert) => (data: unknown, second: unknown, third?: unknown) => {
  const done = typeof second === 'function' ? second : third;
  if (typeof done !== 'function') throw wrongArgument('callback', 'function', done);
  const bytes = copyOf(data);
  const options = typeof second === 'object' && second !== null ? second : undefined;
  timerGlobals.setImmediate(() => {
    let result: Buffer;
    try {
      result = convert(bytes, options);
    } catch (error) {
      (done as Answered)(error);
      return;
    }
    (done as Answered)(null, result);
  });
};

/** Returns a stream that collects its input and converts it at the end. */
function streamOf(convert: Convert, options: ZlibOptions = {}): object {
  const { Transform } = loadStreams();
  const parts: Uint8Array[] = [];
  return new Transform({
    ...options,
    transform(chunk: Uint8Array, _encoding: string, done: Done) {
      parts.push(copyOf(chunk));
      done();
    },
    flush(done: (error: unknown, result?: Buffer) => void) {
      let result: Buffer;
      try {
        result = convert(joined(parts), options);
      } catch (error) {
        done(error);
        return;
      }
      done(null, result);
    },
  });
}

let table: Uint32Array | undefined;

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ ((sum & 1) === 1 ? 0xedb88320 : 0);
    return sum;
  });
}

function crc32(data: unknown, initial = 0): number {
  table ??= makeTable();
  let sum = ~initial;
  for (const byte of bytesOf(data)) sum = (sum >>> 8) ^ (table[(sum ^ byte) & 255] ?? 0);
  return ~sum >>> 0;
}

const capital = (name: string): string => `${name[0]?.toUpperCase()}${name.slice(1)}`;

export const zlibModule: Readonly<Record<string, unknown>> = {
  crc32,
  ...Object.fromEntries(
    Object.entries(CONVERSIONS).flatMap(([name, convert]) => [
      [name, withCallback(convert)],
      [`${name}Sync`, convert],
      [`create${capital(name)}`, (options?: ZlibOptions) => streamOf(convert, options)],
    ]),
  ),
};
