/** `readInt32BE` and the like: numbers of all widths in a Buffer. They throw if a number or its offset is out of range. */
import { outOfRange, wrongArgument } from '../wrong-argument.ts';

function checkRange(value: number | bigint, least: number | bigint, most: number | bigint): void {
  if (value < least || value > most) throw outOfRange('value', `>= ${least} and <= ${most}`, value);
}

const signed = (value: number, bytes: number): number =>
  value >= 2 ** (8 * bytes - 1) ? value - 2 ** (8 * bytes) : value;

type Method = (this: Uint8Array, ...args: never[]) => unknown;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function checkOffset(bytes: Uint8Array, offset: unknown, width: number): void {
  if (typeof offset !== 'number') throw wrongArgument('offset', 'number', offset);
  if (!Number.isInteger(offset) || offset < 0 || offset + width > bytes.length) {
    throw outOfRange('offset', `>= 0 and <= ${bytes.length - width}`, offset);
  }
}

/** Kinds of numbers: Node's name, the width in bytes, DataView's name, and the range of values. */
const FIXED = [
  ['Int8', 1, 'Int8', -0x80, 0x7f],
  ['UInt8', 1, 'Uint8', 0, 0xff],
  ['Int16', 2, 'Int16', -0x8000, 0x7fff],
  ['UInt16', 2, 'Uint16', 0, 0xffff],
  ['Int32', 4, 'Int32', -0x80000000, 0x7fffffff],
  ['UInt32', 4, 'Uint32', 0, 0xffffffff],
  ['BigInt64', 8, 'BigInt64', -(2n ** 63n), 2n ** 63n - 1n],
  ['BigUInt64', 8, 'BigUint64', 0n, 2n ** 64n - 1n],
  ['Float', 4, 'Float32', -Infinity, Infinity],
  ['Double', 8, 'Float64', -Infinity, Infinity],
] as const;

type Define = (name: string, method: Method) => void;

function addFixed(define: Define): void {
  for (const [name, width, kind, least, most] of FIXED) {
    for (const order of width === 1 ? [''] : ['LE', 'BE']) {
      const littleEndian = order === 'LE';
      define(`read${name}${order}`, function (offset = 0): number | bigint {
        checkOffset(this, offset, width);
        return view(this)[`get${kind}`](offset, littleEndian);
      });
      define(`write${name}${order}`, function (value: number | bigint, offset = 0): number {
        checkRange(value, least, most);
        checkOffset(this, offset, width);
        // Each setter takes numbers or bigints, as its name says, and throws for the other kind, as in Node.
        const set = view(this)[`set${kind}`] as (at: number, value: unknown, little: boolean) => void;
        Reflect.apply(set, view(this), [offset, value, littleEndian]);
        return offset + width;
      });
    }
  }
}

/** Adds the methods of variable width, one to six bytes: `readUIntBE(offset, byteLength)`. */
function addVariable(define: Define): void {
  for (const order of ['LE', 'BE'] as const) {
    for (const isSigned of [true, false]) {
      const name = `${isSigned ? 'Int' : 'UInt'}${order}`;
      define(`read${name}`, function (offset: number, width: number): number {
        checkWidth(width);
        checkOffset(this, offset, width);
        let value = 0;
        for (let i = 0; i < width; i++) value = value * 256 + (this[offset + placeOf(i, width, order)] ?? 0);
        return isSigned ? signed(value, width) : value;
      });
      define(`write${name}`, function (value: number, offset: number, width: number): number {
        checkWidth(width);
        const whole = 2 ** (8 * width);
        if (isSigned) checkRange(value, -whole / 2, whole / 2 - 1);
        else checkRange(value, 0, whole - 1);
        checkOffset(this, offset, width);
        for (let i = width - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) {
          this[offset + placeOf(i, width, order)] = rest;
        }
        return offset + width;
      });
    }
  }
}

function checkWidth(width: number): void {
  if (!Number.isInteger(width) || width < 1 || width > 6) {
    throw outOfRange('byteLength', '>= 1 and <= 6', width);
  }
}

/** Returns the offset of the i-th most significant byte. */
const placeOf = (i: number, width: number, order: 'LE' | 'BE'): number =>
  order === 'BE' ? i : width - 1 - i;

export function addNumbers(prototype: object): void {
  const target = prototype as Record<string, Method>;
  const define: Define = (name, method) => {
    target[name] = method;
    if (name.includes('UInt')) target[name.replace('UInt', 'Uint')] = method;
  };
  // Deleting a property switches V8 to a dictionary; otherwise each of the hundred definitions that follow copies all names.
  // Every node runs this when it starts.
  Object.assign(target, { first: undefined, second: undefined });
  delete target['first'];
  delete target['second'];
  addFixed(define);
  addVariable(define);
}
