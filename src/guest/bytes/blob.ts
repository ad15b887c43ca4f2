/** `Blob` and `File`: immutable bytes. */
import { Buffer } from './buffer.ts';
import { VirtualDate } from '../time/clock.ts';
import { lateWebStreams } from '../late.ts';
import { asBytes } from './text.ts';

interface BlobOptions {
  readonly type?: string;
  readonly endings?: 'transparent' | 'native';
}

let bytesOfBlob: (blob: Blob) => Uint8Array;

export class Blob {
  readonly #bytes: Uint8Array;
  readonly #type: string;

  constructor(parts: Iterable<unknown> = [], options: BlobOptions = {}) {
    if (typeof parts !== 'object' || parts === null || !(Symbol.iterator in parts)) {
      throw new TypeError('The "sources" argument must be a sequence');
    }
    const native = options.endings === 'native';
    this.#bytes = asBytes(Buffer.concat(Array.from(parts, (part) => bytesOf(part, native))));
    this.#type = typeOf(options.type);
  }

  get size(): number {
    return this.#bytes.length;
  }
  get type(): string {
    return this.#type;
  }
  get [Symbol.toStringTag](): string {
    return 'Blob';
  }
  slice(start?: number, end?: number, type?: string): Blob {
    return new Blob([this.#bytes.subarray(start, end)], type === undefined ? {} : { type });
  }
  arrayBuffer(): Promise<ArrayBufferLike> {
    return Promise.resolve(this.#bytes.slice().buffer);
  }
  bytes(): Promise<Uint8Array> {
    return Promise.resolve(this.#bytes.slice());
  }
  text(): Promise<string> {
    return Promise.resolve(Buffer.from(this.#bytes).toString());
  }
  stream(): object {
    return lateWebStreams().streamOfBytes(this.#bytes.slice());
  }

  static {
    bytesOfBlob = (blob) => blob.#bytes;
  }
}

export class File extends Blob {
  readonly name: string;
  readonly lastModified: number;
  constructor(
    parts: Iterable<unknown>,
    name: unknown,
    options: BlobOptions & { readonly lastModified?: number } = {},
  ) {
    super(parts, options);
    this.name = String(name);
    this.lastModified = options.lastModified ?? VirtualDate.now();
  }
  override get [Symbol.toStringTag](): string {
    return 'File';
  }
}

function bytesOf(part: unknown, native: boolean): Uint8Array {
  if (part instanceof Blob) return bytesOfBlob(part);
  if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) return asBytes(part);
  const text = String(part);
  return Buffer.from(native ? text.replace(/\r\n?/g, '\n') : text);
}

/** Returns the type in lower case, or '' if it has characters outside printable ASCII. */
function typeOf(type = ''): string {
  return /^[\u0020-\u007e]*$/.test(type) ? type.toLowerCase() : '';
}

for (const [name, value] of Object.entries({ Blob, File })) {
  Object.defineProperty(value, 'name', { value: name }); // the bundler may have renamed the class
}
