/** `crypto` and `node:crypto`: random values from the node's seeded stream, and hashes. */
import { bridge } from '../bridge.ts';
import { DOMException } from '../time/abort.ts';
import { Buffer } from './buffer.ts';
import { derivedKeys } from './derived-keys.ts';
import { CryptoKey, makeSubtle } from './subtle.ts';
import { asBytes } from './text.ts';
import { refusing } from '../modules/refusals.ts';
import { outOfRange, wrongArgument } from '../wrong-argument.ts';

function fillAtRandom(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length;) {
    let word = bridge.entropy();
    const end = Math.min(i + 4, bytes.length);
    for (; i < end; i++) {
      bytes[i] = word & 255;
      word >>>= 8;
    }
  }
}

function randomUUID(): string {
  const bytes = new Buffer(16);
  fillAtRandom(bytes);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function getRandomValues<T extends ArrayBufferView>(target: T): T {
  if (!ArrayBuffer.isView(target) || /^(?:Float|DataView)/.test(target.constructor.name))
    throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
  if (target.byteLength > 65_536)
    throw new DOMException('The requested length exceeds 65,536 bytes', 'QuotaExceededError');
  fillAtRandom(asBytes(target));
  return target;
}

type Done<T> = (error: null, value: T) => void;

const MAX_SIZE = 2 ** 31 - 1;

function randomBytes(size: number, done?: Done<Buffer>): Buffer | undefined {
  if (typeof size !== 'number') throw wrongArgument('size', 'number', size);
  if (!(size >= 0 && size <= MAX_SIZE)) throw outOfRange('size', `>= 0 && <= ${MAX_SIZE}`, size);
  const bytes = new Buffer(size);
  fillAtRandom(bytes);
  return answer(bytes, done);
}

function randomFillSync<T extends ArrayBuffer | ArrayBufferView>(
  target: T,
  offset?: unknown,
  size?: unknown,
): T {
  const from = typeof offset === 'number' ? offset : 0;
  fillAtRandom(asBytes(target).subarray(from, typeof size === 'number' ? from + size : undefined));
  return target;
}

/** Returns an integer in [min, max), called as `randomInt(max)` or `randomInt(min, max)`. */
function randomInt(first: number, second?: number | Done<number>, third?: Done<number>): number | undefined {
  const [min, max] = typeof second === 'number' ? [first, second] : [0, first];
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || max <= min) {
    if (Number.isSafeInteger(min) && Number.isSafeInteger(max))
      throw outOfRange('max', `greater than the value of "min" (${min})`, max);
    throw wrongArgument(
      Number.isSafeInteger(min) ? 'max' : 'min',
      'a safe integer',
      Number.isSafeInteger(min) ? max : min,
    );
  }
  const fraction = ((bridge.entropy() >>> 5) * 0x4000000 + (bridge.entropy() >>> 6)) / 0x20000000000000;
  return answer(min + Math.floor(fraction * (max - min)), typeof second === 'function' ? second : third);
}

function answer<T>(value: T, done: Done<T> | undefined): T | undefined {
  if (done === undefined) return value;
  void Promise.resolve().then(() => done(null, value));
  return undefined;
}

type Data = string | ArrayBuffer | ArrayBufferView;

/** Maximum number of bytes of a hash: more would be computed at each step. */
const MAX_OUTPUT = 2 ** 20;

interface HashOptions {
  readonly outputLength?: number;
}

class Hash {
  private parts: Buffer[] = [];
  private isFinal = false;
  constructor(
    private readonly algorithm: string,
    private readonly key?: Buffer,
    /** Output length in bytes, for SHAKE. */
    private readonly length?: number,
  ) {
    if (typeof algorithm !== 'string')
      throw wrongArgument(key === undefined ? 'algorithm' : 'hmac', 'string', algorithm);
    if (length !== undefined && typeof length !== 'number')
      throw wrongArgument('options.outputLength', 'number', length);
    if (length !== undefined && !(length >= 0 && length <= MAX_OUTPUT))
      throw outOfRange('options.outputLength', `>= 0 && <= ${MAX_OUTPUT}`, length);
    this.compute(); // to refuse an unknown algorithm at once
  }
  update(data: Data, encoding?: string): this {
    this.refuseWhenFinal('Digest already called');
    if (typeof data !== 'string' && !ArrayBuffer.isView(data))
      throw wrongArgument('data', 'string or an instance of Buffer, TypedArray, or DataView', data);
    this.parts.push(
      typeof data === 'string'
        ? Buffer.from(data, Buffer.isEncoding(encoding) ? encoding : 'utf8')
        : Buffer.from(asBytes(data)),
    );
    return this;
  }
  copy(options: HashOptions = {}): Hash {
    this.refuseWhenFinal('Digest already called');
    const copy = new Hash(this.algorithm, this.key, options.outputLength);
    copy.parts = [...this.parts];
    return copy;
  }
  digest(encoding?: string): Buffer | string {
    // As in Node, a second digest of an HMAC is empty.
    if (this.isFinal && this.key !== undefined) return encoding === undefined ? Buffer.alloc(0) : '';
    this.refuseWhenFinal('Digest already called');
    this.isFinal = true;
    const bytes = Buffer.from(this.compute(), 'hex');
    return encoding === undefined || encoding === 'buffer' ? bytes : bytes.toString(encoding);
  }
  private refuseWhenFinal(message: string): void {
    if (this.isFinal) throw Object.assign(new Error(message), { code: 'ERR_CRYPTO_HASH_FINALIZED' });
  }
  private compute(): string {
    const digest = bridge.digest(this.algorithm, this.key, Buffer.concat(this.parts), this.length);
    if (digest === undefined) {
      throw this.key === undefined
        ? new Error('Digest method not supported')
        : Object.assign(new Error(`Invalid digest: ${this.algorithm}`), {
            code: 'ERR_CRYPTO_INVALID_DIGEST',
          });
    }
    return digest;
  }
}

// In Node a hash is also a stream.
for (const name of ['on', 'once', 'pipe', 'write', 'end', 'read', 'setEncoding'])
  Object.defineProperty(Hash.prototype, name, {
    value: refusing(`Hash.${name} (a hash as a stream; it has update and digest)`),
    configurable: true,
    writable: true,
  });

const createHash = (algorithm: string, options: HashOptions = {}): Hash =>
  new Hash(algorithm, undefined, options.outputLength);
const createHmac = (algorithm: string, key: Data): Hash =>
  new Hash(algorithm, typeof key === 'string' ? Buffer.from(key) : Buffer.from(asBytes(key)));
const hash = (algorithm: string, data: Data, encoding = 'hex'): Buffer | string =>
  createHash(algorithm).update(data).digest(encoding);
function timingSafeEqual(left: ArrayBuffer | ArrayBufferView, right: ArrayBuffer | ArrayBufferView): boolean {
  for (const [name, value] of Object.entries({ buf1: left, buf2: right }))
    if (!ArrayBuffer.isView(value) && !((value as unknown) instanceof ArrayBuffer))
      throw wrongArgument(name, 'an instance of ArrayBuffer, Buffer, TypedArray, or DataView', value);
  if (left.byteLength !== right.byteLength) {
    const error = new RangeError('Input buffers must have the same byte length');
    throw Object.assign(error, { code: 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH' });
  }
  return Buffer.compare(asBytes(left), asBytes(right)) === 0;
}

function randomFill(target: ArrayBuffer | ArrayBufferView, ...rest: readonly unknown[]): void {
  const done = rest.at(-1) as Done<ArrayBuffer | ArrayBufferView>; // the last argument, as in Node
  answer(randomFillSync(target, rest[0], rest[1]), done);
}

const HASHES =
  'blake2b512 blake2s256 md5 ripemd160 sha1 sha224 sha256 sha3-224 sha3-256 sha3-384 sha3-512 sha384 sha512 ' +
  'sha512-224 sha512-256 shake128 shake256';
const getHashes = (): string[] => HASHES.split(' ');

const subtle = makeSubtle(fillAtRandom);
export { CryptoKey };
export const webcrypto = { getRandomValues, randomUUID, subtle, CryptoKey };

export const cryptoModule = {
  ...derivedKeys,
  createHash,
  createHmac,
  getHashes,
  getRandomValues,
  hash,
  pseudoRandomBytes: randomBytes,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  subtle,
  timingSafeEqual,
  webcrypto,
};
