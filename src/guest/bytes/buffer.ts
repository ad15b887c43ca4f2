/** `Buffer`: Node's class, on memory of this realm. */
import { bridge } from '../bridge.ts';
import { lateAbort } from '../late.ts';
import { addNumbers } from './buffer-numbers.ts';
import { CUSTOM } from '../modules/inspect.ts';
import { findEncoding, requireEncoding } from './encodings.ts';
import { asBytes } from './text.ts';
import { outOfRange, received, wrongArgument } from '../wrong-argument.ts';

type Bytes = ArrayBuffer | ArrayBufferView;

const MAX_LENGTH = 2 ** 32;

export class Buffer extends Uint8Array {
  static readonly poolSize = 8192;

  static override from(source: unknown, second?: unknown, third?: unknown): Buffer {
    if (typeof source === 'string') {
      const encoding = requireEncoding(second);
      const buffer = new Buffer(bridge.textBytes(source, encoding));
      const written = bridge.writeText(buffer, source, encoding);
      return written === buffer.length ? buffer : buffer.subarray(0, written);
    }
    if (source instanceof ArrayBuffer) {
      // The optional arguments are an offset and a length.
      return new Buffer(source, second as number | undefined, third as number | undefined);
    }
    if (typeof source !== 'object' || source === null) throw noSource(source);
    const plain = valueOf(source);
    if (plain !== source) return Buffer.from(plain, second, third);
    if (!('length' in source) && !('data' in source)) throw noSource(source);
    const items = 'type' in source && source.type === 'Buffer' && 'data' in source ? source.data : source;
    const bytes = ArrayBuffer.isView(items) && !(items instanceof Uint8Array) ? asArray(items) : items;
    const buffer = new Buffer((bytes as ArrayLike<number>).length ?? 0);
    buffer.set(bytes as ArrayLike<number>);
    return buffer;
  }

  static override of(...items: number[]): Buffer {
    return Buffer.from(items);
  }

  static alloc(size: number, fill?: string | number | Uint8Array, encoding?: string): Buffer {
    checkSize(size);
    const buffer = new Buffer(size);
    return fill === undefined ? buffer : buffer.fill(fill, 0, size, encoding);
  }
  static allocUnsafe(size: number): Buffer {
    checkSize(size);
    return new Buffer(size); // never old memory, which would differ from run to run
  }
  static allocUnsafeSlow(size: number): Buffer {
    checkSize(size);
    return new Buffer(size);
  }

  static copyBytesFrom(view: ArrayBufferView, offset = 0, length?: number): Buffer {
    if (!ArrayBuffer.isView(view)) throw wrongArgument('view', 'an instance of TypedArray', view);
    const width = (view as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
    const end = length === undefined ? undefined : (offset + length) * width;
    return Buffer.from(asBytes(view).slice(offset * width, end));
  }

  static byteLength(source: string | Bytes, encoding?: string): number {
    if (typeof source === 'string') return bridge.textBytes(source, findEncoding(encoding) ?? 'utf8');
    if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer) return source.byteLength;
    throw wrongArgument('string', 'string or an instance of Buffer or ArrayBuffer', source);
  }
  static isBuffer(value: unknown): value is Buffer {
    return value instanceof Buffer;
  }
  static isEncoding(encoding: unknown): boolean {
    return typeof encoding === 'string' && findEncoding(encoding) !== undefined;
  }
  static compare(left: Uint8Array, right: Uint8Array): -1 | 0 | 1 {
    mustBeBytes('buf1', left);
    mustBeBytes('buf2', right);
    const shorter = Math.min(left.length, right.length);
    for (let i = 0; i < shorter; i++) {
      const difference = (left[i] ?? 0) - (right[i] ?? 0);
      if (difference !== 0) return difference < 0 ? -1 : 1;
    }
    return left.length === right.length ? 0 : left.length < right.length ? -1 : 1;
  }
  static concat(list: readonly Uint8Array[], totalLength?: number): Buffer {
    if (!Array.isArray(list)) throw wrongArgument('list', 'an instance of Array', list);
    for (const [at, item] of list.entries()) mustBeBytes(`list[${at}]`, item);
    const size = totalLength ?? list.reduce((sum, item) => sum + item.length, 0);
    const buffer = new Buffer(size);
    let at = 0;
    for (const item of list) {
      if (at >= size) break;
      const part = item.length > size - at ? item.subarray(0, size - at) : item;
      buffer.set(part, at);
      at += part.length;
    }
    return buffer;
  }

  override toString(encoding?: string, start = 0, end = this.length): string {
    const bytes = start === 0 && end >= this.length ? this : this.subarray(Math.max(0, start), end);
    return bridge.readText(bytes, requireEncoding(encoding));
  }
  toJSON(): { type: 'Buffer'; data: number[] } {
    return { type: 'Buffer', data: [...this] };
  }
  equals(other: Uint8Array): boolean {
    mustBeBytes('otherBuffer', other);
    return Buffer.compare(this, other) === 0;
  }
  compare(other: Uint8Array, start = 0, end = other.length, ownStart = 0, ownEnd = this.length): -1 | 0 | 1 {
    return Buffer.compare(this.subarray(ownStart, ownEnd), other.subarray(start, end));
  }
  override slice(start?: number, end?: number): Buffer {
    return this.subarray(start, end);
  }
  override subarray(start?: number, end?: number): Buffer {
    // The species of a Buffer is Buffer.
    return super.subarray(start, end) as Buffer;
  }
  copy(target: Uint8Array, targetStart = 0, start = 0, end = this.length): number {
    const part = this.subarray(start, Math.min(end, start + target.length - targetStart));
    target.set(part, targetStart);
    return part.length;
  }

  write(text: string, ...rest: (number | string | undefined)[]): number {
    const encoding = rest.find((item) => typeof item === 'string');
    const [offset = 0, length = this.length - offset] = rest.filter((item) => typeof item === 'number');
    return bridge.writeText(this.subarray(offset, offset + length), text, requireEncoding(encoding));
  }

  override fill(value: unknown, start?: unknown, end?: unknown, encoding?: unknown): this {
    if (typeof value === 'number')
      return super.fill(value, start as number | undefined, end as number | undefined);
    const name = [start, end, encoding].find((item) => typeof item === 'string');
    const pattern = typeof value === 'string' ? Buffer.from(value, name) : asBytes(value as Bytes);
    const from = typeof start === 'number' ? start : 0;
    const to = typeof end === 'number' ? end : this.length;
    for (let i = from; i < to; i++) this[i] = pattern[(i - from) % pattern.length] ?? 0;
    return this;
  }

  override indexOf(value: unknown, from: unknown = 0, encoding?: unknown): number {
    return findBytes(this, value, { from, encoding, step: 1 });
  }
  override lastIndexOf(value: unknown, from: unknown = Infinity, encoding?: unknown): number {
    return findBytes(this, value, { from, encoding, step: -1 });
  }
  override includes(value: unknown, from: unknown = 0, encoding?: unknown): boolean {
    return this.indexOf(value, from, encoding) >= 0;
  }

  get parent(): ArrayBufferLike {
    return this.buffer;
  }
  get offset(): number {
    return this.byteOffset;
  }

  swap16(): this {
    return swapBytes(this, 2);
  }
  swap32(): this {
    return swapBytes(this, 4);
  }
  swap64(): this {
    return swapBytes(this, 8);
  }
}

interface Search {
  /** The offset to start at, or the encoding. */
  readonly from: unknown;
  readonly encoding: unknown;
  /** Search direction: forward or backward. */
  readonly step: 1 | -1;
}

/** Returns the offset of the value, or -1. */
function findBytes(buffer: Uint8Array, value: unknown, { from, encoding, step }: Search): number {
  const name = typeof from === 'string' ? from : encoding;
  const wanted = typeof value === 'number' ? Uint8Array.of(value) : wantedBytes(value, name);
  let start = typeof from === 'string' ? NaN : Number(from);
  if (Number.isNaN(start)) start = step === 1 ? 0 : buffer.length;
  if (start < 0) start += buffer.length;
  if (step === 1) start = Math.max(0, start);
  if (wanted.length === 0) return start < 0 ? -1 : Math.min(Math.trunc(start), buffer.length);
  const last = buffer.length - wanted.length;
  for (let at = Math.trunc(step === 1 ? start : Math.min(start, last)); at >= 0 && at <= last; at += step) {
    let same = 0;
    while (same < wanted.length && buffer[at + same] === wanted[same]) same++;
    if (same === wanted.length) return at;
  }
  return -1;
}

function swapBytes<Swapped extends Uint8Array>(buffer: Swapped, width: number): Swapped {
  if (buffer.length % width !== 0) {
    const error = new RangeError(`Buffer size must be a multiple of ${width * 8}-bits`);
    throw Object.assign(error, { code: 'ERR_INVALID_BUFFER_SIZE' });
  }
  for (let at = 0; at < buffer.length; at += width) buffer.subarray(at, at + width).reverse();
  return buffer;
}

function wantedBytes(value: unknown, encoding: unknown): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, encoding);
  if (value instanceof Uint8Array) return value;
  throw wrongArgument('value', 'number or string or an instance of Buffer or Uint8Array', value);
}

function mustBeBytes(name: string, value: unknown): void {
  if (!(value instanceof Uint8Array)) throw wrongArgument(name, 'an instance of Buffer or Uint8Array', value);
}

function checkSize(size: unknown): void {
  if (typeof size !== 'number') throw wrongArgument('size', 'number', size);
  if (!(size >= 0 && size <= MAX_LENGTH)) throw outOfRange('size', `>= 0 && <= ${MAX_LENGTH}`, size);
}

function noSource(source: unknown): TypeError {
  const error = new TypeError(
    'The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object. ' +
      `Received ${received(source)}`,
  );
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

/** Returns the primitive value of an object that has one, else the object itself. */
function valueOf(source: object): unknown {
  const value: unknown = typeof source.valueOf === 'function' ? source.valueOf() : source;
  return typeof value === 'string' || (typeof value === 'object' && value !== null) ? value : source;
}

define(CUSTOM, function (this: Buffer): string {
  const shown = this.subarray(0, 50)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
  const more = this.length - 50;
  return `<Buffer ${shown}${more > 0 ? ` ... ${more} more byte${more > 1 ? 's' : ''}` : ''}>`;
});
/** What programs see as `Buffer`: the class, callable with and without `new`, as older programs do. */
const callable = function (source: unknown, second?: unknown, third?: unknown): Buffer {
  if (typeof source !== 'number') return Buffer.from(source, second, third);
  if (typeof second === 'string') throw wrongArgument('string', 'string', source);
  return Buffer.alloc(source);
} as unknown as typeof Buffer; // it has the prototype and the functions of the class, as follows
Object.setPrototypeOf(callable, Uint8Array);
Object.defineProperty(callable, 'prototype', { value: Buffer.prototype, writable: false });
Object.defineProperty(Buffer.prototype, 'constructor', {
  value: callable,
  writable: true,
  configurable: true,
});
// `subarray` and the like construct the class itself.
Object.defineProperty(callable, Symbol.species, { get: () => Buffer, configurable: true });
// The bundler may have renamed the class.
for (const each of [Buffer, callable])
  Object.defineProperty(each, 'name', { value: 'Buffer', configurable: true });
/** In Node they are no methods, and some programs write `new Buffer.from(...)`. */
function plainFunction(name: string, method: (...args: unknown[]) => unknown): object {
  const plain = function (...args: unknown[]): unknown {
    return Reflect.apply(method, Buffer, args);
  };
  Object.defineProperty(plain, 'length', { value: method.length, configurable: true });
  return Object.defineProperty(plain, 'name', { value: name, configurable: true });
}

const FUNCTIONS_OWN = ['length', 'name', 'prototype'];
for (const name of Object.getOwnPropertyNames(Buffer)) {
  if (FUNCTIONS_OWN.includes(name)) continue;
  const own: unknown = Reflect.get(Buffer, name);
  const value = typeof own === 'function' ? plainFunction(name, own as (...args: unknown[]) => unknown) : own;
  Object.defineProperty(callable, name, { value, writable: true, enumerable: true, configurable: true });
}

addNumbers(Buffer.prototype);
// Node has such a pair of methods for each encoding, undocumented; some packages call them.
for (const [name, encoding] of Object.entries({
  ascii: 'ascii',
  base64: 'base64',
  base64url: 'base64url',
  hex: 'hex',
  latin1: 'latin1',
  ucs2: 'utf16le',
  utf8: 'utf8',
})) {
  define(`${name}Slice`, function (this: Buffer, start?: number, end?: number): string {
    return this.toString(encoding, start, end);
  });
  define(`${name}Write`, function (this: Buffer, text: string, offset?: number, length?: number): number {
    return this.write(text, offset, length, encoding);
  });
}
define('toLocaleString', Reflect.get(Buffer.prototype, 'toString'));
define('inspect', Reflect.get(Buffer.prototype, CUSTOM));

function define(name: string | symbol, value: unknown): void {
  Object.defineProperty(Buffer.prototype, name, { value, writable: true, configurable: true });
}

function asArray(items: ArrayBufferView): ArrayLike<number> {
  // All views except DataView are lists of numbers.
  return Array.from(items as unknown as ArrayLike<number>);
}

/** The web's base64 decoder: skips white space and throws for anything else that is not base64. */
export function atob(input: unknown): string {
  const text = String(input).replace(/[\t\n\f\r ]/g, '');
  const digits = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  if (digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits)) {
    throw new (lateAbort().DOMException)(
      'The string to be decoded is not correctly encoded.',
      'InvalidCharacterError',
    );
  }
  return bridge.readText(Buffer.from(digits, 'base64'), 'latin1');
}
export function btoa(input: unknown): string {
  const text = String(input);
  // oxlint-disable-next-line no-control-regex -- all that fits into a byte
  if (/[^\0-\xff]/.test(text))
    throw new (lateAbort().DOMException)('Invalid character', 'InvalidCharacterError');
  return bridge.readText(Buffer.from(text, 'latin1'), 'base64');
}

const isAscii = (input: Bytes): boolean => asBytes(input).every((byte) => byte < 128);
const isUtf8 = (input: Bytes): boolean => bridge.isUtf8(asBytes(input));
const transcode = (source: Uint8Array, from: string, to: string): Buffer =>
  Buffer.from(Buffer.from(source).toString(from), to);

/** `node:buffer` without the parts that other files build on this one. */
export const bufferFunctions = { Buffer: callable, atob, btoa, isAscii, isUtf8, transcode };
