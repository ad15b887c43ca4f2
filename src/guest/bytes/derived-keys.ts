/** The functions of `crypto` that derive keys from passwords. The harness computes them, and refuses wrong parameters. */
import { bridge, type KeyDerivation } from '../bridge.ts';
import { wrongArgument } from '../wrong-argument.ts';
import { Buffer } from './buffer.ts';
import { asBytes } from './text.ts';

type Derived = Buffer | ArrayBufferLike;
type Derive = (...args: unknown[]) => Derived;

const BYTES_OR_TEXT = 'string or an instance of ArrayBuffer, Buffer, TypedArray, or DataView';

function bytesOf(name: string, value: unknown): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return asBytes(value);
  throw wrongArgument(name, BYTES_OR_TEXT, value);
}

function derive(
  how: KeyDerivation,
  inputs: Readonly<Record<string, unknown>>,
  parameters: readonly unknown[],
): Buffer {
  const bytes = Object.entries(inputs).map(([name, value]) => bytesOf(name, value));
  // JSON writes NaN as null, which is refused too.
  return Buffer.from(bridge.deriveKey(how, bytes, JSON.stringify(parameters)), 'hex');
}

const pbkdf2Sync = (...args: unknown[]): Buffer => {
  const [password, salt, iterations, length, digest] = args;
  if (typeof digest !== 'string') throw wrongArgument('digest', 'string', digest);
  return derive('pbkdf2', { password, salt }, [iterations, length, digest]);
};

const scryptSync = (...args: unknown[]): Buffer => {
  const [password, salt, length, options = {}] = args;
  return derive('scrypt', { password, salt }, [length, options]);
};

const hkdfSync = (...args: unknown[]): ArrayBufferLike => {
  const [digest, ikm, salt, info, length] = args;
  if (typeof digest !== 'string') throw wrongArgument('digest', 'string', digest);
  return new Uint8Array(derive('hkdf', { ikm, salt, info }, [digest, length])).buffer;
};

/** Returns the form that takes a callback as its last argument. Wrong arguments throw at once, as in Node. */
const withCallback =
  (compute: Derive, place: number) =>
  (...args: unknown[]): void => {
    const done = args.at(-1);
    if (typeof done !== 'function') throw wrongArgument('callback', 'function', args[place]);
    const key = compute(...args.slice(0, -1));
    void Promise.resolve().then(() => (done as (error: null, key: Derived) => void)(null, key));
  };

export const derivedKeys = {
  hkdf: withCallback(hkdfSync, 5),
  hkdfSync,
  pbkdf2: withCallback(pbkdf2Sync, 5),
  pbkdf2Sync,
  scrypt: withCallback(scryptSync, 4),
  scryptSync,
};
