/** `crypto.subtle`: digests, and HMAC with its keys. Every other algorithm is refused. */
import { DOMException } from '../time/abort.ts';
import { bridge } from '../bridge.ts';
import { Buffer } from './buffer.ts';
import { unavailable } from '../modules/refusals.ts';
import { asBytes } from './text.ts';

type Data = ArrayBuffer | ArrayBufferView;
type Named = string | { readonly name?: string };

interface HmacParameters {
  readonly name: string;
  readonly hash?: Named;
  readonly length?: number;
}

interface JsonWebKey {
  readonly kty?: string;
  readonly k?: string;
}

/** Indexed by web name: Node's name and the block size in bytes, which is also the length of a generated HMAC key. */
const HASHES: Readonly<Record<string, readonly [node: string, blockBytes: number]>> = {
  'SHA-1': ['sha1', 64],
  'SHA-256': ['sha256', 64],
  'SHA-384': ['sha384', 128],
  'SHA-512': ['sha512', 128],
};

let bytesOfKey: (key: CryptoKey) => Uint8Array;

export class CryptoKey {
  readonly type = 'secret';
  readonly #bytes: Uint8Array;
  constructor(
    bytes: Uint8Array,
    readonly algorithm: {
      readonly name: 'HMAC';
      readonly hash: { readonly name: string };
      readonly length: number;
    },
    readonly extractable: boolean,
    readonly usages: readonly string[],
  ) {
    this.#bytes = bytes;
  }
  static {
    bytesOfKey = (key) => key.#bytes;
  }
}
Object.defineProperty(CryptoKey, 'name', { value: 'CryptoKey' });

const nameOf = (algorithm: Named): string =>
  (typeof algorithm === 'string' ? algorithm : String(algorithm?.name)).toUpperCase();

function hashOf(algorithm: Named | undefined): readonly [name: string, node: string, blockBytes: number] {
  const name = algorithm === undefined ? '' : nameOf(algorithm);
  const known = HASHES[name];
  if (known === undefined) throw new DOMException('Unrecognized algorithm name', 'NotSupportedError');
  return [name, ...known];
}

function requireHmac(algorithm: Named, call: string): void {
  if (nameOf(algorithm) !== 'HMAC') throw unavailable(`crypto.subtle.${call} with ${nameOf(algorithm)}`);
}

function digestOf(node: string, key: Uint8Array | undefined, data: Uint8Array): Buffer {
  return Buffer.from(bridge.digest(node, key, data) ?? '', 'hex');
}

/** Returns an ArrayBuffer that holds exactly these bytes. */
const bufferOf = (bytes: Uint8Array): ArrayBufferLike => new Uint8Array(bytes).buffer;

function makeKey(
  bytes: Uint8Array,
  hash: Named | undefined,
  extractable: boolean,
  usages: readonly string[],
): CryptoKey {
  const [name] = hashOf(hash);
  return new CryptoKey(bytes, { name: 'HMAC', hash: { name }, length: bytes.length * 8 }, extractable, [
    ...usages,
  ]);
}

function sign(key: CryptoKey, data: Data, usage: string): Buffer {
  if (!key.usages.includes(usage)) {
    throw new DOMException(`Unable to use this key to ${usage}`, 'InvalidAccessError');
  }
  const [, node] = hashOf(key.algorithm.hash);
  return digestOf(node, bytesOfKey(key), asBytes(data));
}

/** Returns `crypto.subtle`; `fill` fills its argument with random bytes. */
export function makeSubtle(fill: (bytes: Uint8Array) => void): object {
  const refuse = (call: string) => (): Promise<never> => Promise.reject(unavailable(`crypto.subtle.${call}`));
  return {
    digest: async (algorithm: Named, data: Data): Promise<ArrayBufferLike> =>
      bufferOf(digestOf(hashOf(algorithm)[1], undefined, asBytes(data))),
    generateKey: async (parameters: HmacParameters, extractable: boolean, usages: readonly string[]) => {
      requireHmac(parameters, 'generateKey');
      const bytes = new Uint8Array(
        parameters.length === undefined ? hashOf(parameters.hash)[2] : parameters.length / 8,
      );
      fill(bytes);
      return makeKey(bytes, parameters.hash, extractable, usages);
    },
    importKey: async (
      format: string,
      given: Data | JsonWebKey,
      parameters: HmacParameters,
      extractable: boolean,
      usages: readonly string[],
    ) => {
      requireHmac(parameters, 'importKey');
      const bytes =
        format === 'jwk' && 'k' in given
          ? new Uint8Array(Buffer.from(given.k ?? '', 'base64url'))
          : new Uint8Array(asBytes(given as Data)); // a copy, of what is no `jwk`
      return makeKey(bytes, parameters.hash, extractable, usages);
    },
    exportKey: async (format: string, key: CryptoKey): Promise<unknown> => {
      if (!key.extractable) throw new DOMException('key is not extractable', 'InvalidAccessException');
      const bytes = bytesOfKey(key);
      if (format !== 'jwk') return bufferOf(bytes);
      const alg = `HS${key.algorithm.hash.name.slice(4)}`;
      return {
        key_ops: [...key.usages],
        ext: true,
        kty: 'oct',
        k: Buffer.from(bytes).toString('base64url'),
        alg,
      };
    },
    sign: async (algorithm: Named, key: CryptoKey, data: Data): Promise<ArrayBufferLike> => {
      requireHmac(algorithm, 'sign');
      return bufferOf(sign(key, data, 'sign'));
    },
    verify: async (algorithm: Named, key: CryptoKey, signature: Data, data: Data): Promise<boolean> => {
      requireHmac(algorithm, 'verify');
      return sign(key, data, 'verify').equals(asBytes(signature));
    },
    decrypt: refuse('decrypt'),
    deriveBits: refuse('deriveBits'),
    deriveKey: refuse('deriveKey'),
    encrypt: refuse('encrypt'),
    unwrapKey: refuse('unwrapKey'),
    wrapKey: refuse('wrapKey'),
  };
}
