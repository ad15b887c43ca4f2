/** `Buffer`: Node's class, over memory of this node's own. */
import { bridge } from './bridge.ts';
import { CUSTOM } from './inspect.ts';
import { asBytes, findEncoding, requireEncoding } from './text.ts';

type Bytes = ArrayBuffer | ArrayBufferView;

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
      // The arguments are an offset and a length when there are any.
      return new Buffer(source, second as number | undefined, third as number | undefined);
    }
    if (typeof source !== 'object' || source === null) {
      throw new TypeError(
        `The first argument must be of type string, Buffer, ArrayBuffer or Array. Received ${typeof source}`,
      );
    }
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
    const buffer = new Buffer(size);
    return fill === undefined ? buffer : buffer.fill(fill, 0, size, encoding);
  }
  static allocUnsafe(size: number): Buffer {
    return new Buffer(size); // never old memory: that would be chance
  }
  static allocUnsafeSlow(size: number): Buffer {
    return new Buffer(size);
  }

  static byteLength(source: string | Bytes, encoding?: string): number {
    return typeof source === 'string'
      ? bridge.textBytes(source, requireEncoding(encoding))
      : source.byteLength;
  }
  static isBuffer(value: unknown): value is Buffer {
    return value instanceof Buffer;
  }
  static isEncoding(encoding: unknown): boolean {
    return typeof encoding === 'string' && findEncoding(encoding) !== undefined;
  }
  static compare(left: Uint8Array, right: Uint8Array): -1 | 0 | 1 {
    const shorter = Math.min(left.length, right.length);
    for (let i = 0; i < shorter; i++) {
      const difference = (left[i] ?? 0) - (right[i] ?? 0);
      if (difference !== 0) return difference < 0 ? -1 : 1;
    }
    return left.length === right.length ? 0 : left.length < right.length ? -1 : 1;
  }
  static concat(list: readonly Uint8Array[], totalLength?: number): Buffer {
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

  override indexOf(value: unknown, from = 0, encoding?: string): number {
    if (typeof value === 'number') return super.indexOf(value & 255, from);
    const wanted = typeof value === 'string' ? Buffer.from(value, encoding) : (value as Uint8Array);
    const start = from < 0 ? Math.max(0, this.length + from) : from;
    for (let at = start; at + wanted.length <= this.length; at++) {
      let same = 0;
      while (same < wanted.length && this[at + same] === wanted[same]) same++;
      if (same === wanted.length) return at;
    }
    return -1;
  }
  override includes(value: unknown, from = 0, encoding?: string): boolean {
    return this.indexOf(value, from, encoding) >= 0;
  }

  get parent(): ArrayBufferLike {
    return this.buffer;
  }

  readUIntBE(offset: number, bytes: number): number {
    let value = 0;
    for (let i = 0; i < bytes; i++) value = value * 256 + this.byteAt(offset + i);
    return value;
  }
  readUIntLE(offset: number, bytes: number): number {
    let value = 0;
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + this.byteAt(offset + i);
    return value;
  }
  writeUIntBE(value: number, offset: number, bytes: number): number {
    for (let i = bytes - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256))
      this[offset + i] = rest % 256;
    return offset + bytes;
  }
  writeUIntLE(value: number, offset: number, bytes: number): number {
    for (let i = 0, rest = value; i < bytes; i++, rest = Math.floor(rest / 256))
      this[offset + i] = rest % 256;
    return offset + bytes;
  }

  private byteAt(offset: number): number {
    const byte = this[offset];
    if (byte === undefined) throw new RangeError(`The value of "offset" is out of range: ${offset}`);
    return byte;
  }
}

define(CUSTOM, function (this: Buffer): string {
  const shown = this.subarray(0, 50)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
  const more = this.length - 50;
  return `<Buffer ${shown}${more > 0 ? ` ... ${more} more byte${more > 1 ? 's' : ''}` : ''}>`;
});
// The bundler may have renamed the class.
Object.defineProperty(Buffer, 'name', { value: 'Buffer' });

/** `readInt32BE` and its kin are all alike: DataView's method, with the byte order in the name. */
const NUMBERS = [
  ['Int8', 1, 'Int8'],
  ['UInt8', 1, 'Uint8'],
  ['Int16', 2, 'Int16'],
  ['UInt16', 2, 'Uint16'],
  ['Int32', 4, 'Int32'],
  ['UInt32', 4, 'Uint32'],
  ['BigInt64', 8, 'BigInt64'],
  ['BigUInt64', 8, 'BigUint64'],
  ['Float', 4, 'Float32'],
  ['Double', 8, 'Float64'],
] as const;

for (const [name, bytes, kind] of NUMBERS) {
  for (const order of bytes === 1 ? [''] : ['LE', 'BE']) {
    const littleEndian = order === 'LE';
    const read = function (this: Buffer, offset = 0): number | bigint {
      return view(this)[`get${kind}`](offset, littleEndian);
    };
    const write = function (this: Buffer, value: number | bigint, offset = 0): number {
      // Each setter takes the kind of number that its name says; another kind throws, as in Node.
      (view(this)[`set${kind}`] as (at: number, value: unknown, little: boolean) => void).call(
        view(this),
        offset,
        value,
        littleEndian,
      );
      return offset + bytes;
    };
    for (const alias of new Set([name, name.replace('UInt', 'Uint')])) {
      define(`read${alias}${order}`, read);
      define(`write${alias}${order}`, write);
    }
  }
}

function define(name: string | symbol, value: unknown): void {
  Object.defineProperty(Buffer.prototype, name, { value, writable: true, configurable: true });
}

function view(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function asArray(items: ArrayBufferView): ArrayLike<number> {
  // Of the views, all but DataView are lists of numbers.
  return Array.from(items as unknown as ArrayLike<number>);
}

export function atob(text: string): string {
  return bridge.readText(Buffer.from(text, 'base64'), 'latin1');
}
export function btoa(text: string): string {
  return bridge.readText(Buffer.from(text, 'latin1'), 'base64');
}
