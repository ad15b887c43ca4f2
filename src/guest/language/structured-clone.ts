/** `structuredClone`, for all values that exist without threads. */
import { DOMException } from '../time/abort.ts';
import { bridge } from '../bridge.ts';

export function structuredClone<T>(
  ...[value, options]: [value: T, options?: { readonly transfer?: readonly unknown[] }]
): T {
  if (arguments.length === 0) {
    const error = new TypeError('The value argument must be specified');
    throw Object.assign(error, { code: 'ERR_MISSING_ARGS' });
  }
  const copies = new Map<object, unknown>();
  const transferred = [...(options?.transfer ?? [])].map((item) => {
    if (!(item instanceof ArrayBuffer)) throw cannotTransfer(); // what else could be transferred does not exist
    if (copies.has(item))
      throw new DOMException('Transfer list contains duplicate ArrayBuffer', 'DataCloneError');
    copies.set(item, item.slice(0));
    return item;
  });
  const copy = clone(value, copies) as T; // a copy has the type of what it copies
  for (const buffer of transferred) bridge.detach(buffer);
  return copy;
}

function clone(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new DOMException(`${String(value)} could not be cloned.`, 'DataCloneError');
  }
  if (typeof value !== 'object' || value === null) return value;
  if (bridge.isKind('isProxy', value)) throw cannotClone('Object'); // asked before it is looked into
  const known = copies.get(value);
  if (known !== undefined) return known;
  const copy = emptyCopy(value, copies);
  copies.set(value, copy);
  if (value instanceof Map && copy instanceof Map) {
    for (const [key, item] of value) copy.set(clone(key, copies), clone(item, copies));
  } else if (value instanceof Set && copy instanceof Set) {
    for (const item of value) copy.add(clone(item, copies));
  } else if (Array.isArray(value) || isPlain(copy)) {
    for (const key of Object.keys(value)) {
      // Defined instead of assigned, since a key may be `__proto__`.
      const item: unknown = clone(Reflect.get(value, key), copies);
      Object.defineProperty(copy, key, { value: item, writable: true, enumerable: true, configurable: true });
    }
  }
  return copy;
}

/** Returns a copy of a value without parts, or an empty container for the parts. */
function emptyCopy(value: object, copies: Map<object, unknown>): object {
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copy.length = value.length; // with the holes
    return copy;
  }
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  if (value instanceof Date) return new Date(value.getTime());
  if (bridge.isKind('isBoxedPrimitive', value)) return Object(value.valueOf()) as object;
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (ArrayBuffer.isView(value)) return cloneView(value, copies);
  if (value instanceof DOMException) return new DOMException(value.message, value.name);
  if (value instanceof Error) return cloneError(value, copies);
  const refused = REFUSED.find((kind) => value instanceof kind);
  if (refused !== undefined) throw cannotClone(refused.name);
  if (bridge.isKind('isArgumentsObject', value) || bridge.isKind('isGeneratorObject', value))
    throw cannotClone('Object');
  return {};
}

/** Views of one buffer remain views of one buffer, each at its place. A view of a class of one's own becomes a plain one. */
function cloneView(view: ArrayBufferView, copies: Map<object, unknown>): object {
  const buffer = clone(view.buffer, copies);
  const length = view instanceof DataView ? view.byteLength : (view as Uint8Array).length; // any other is an array
  const name = Object.prototype.toString.call(view).slice('[object '.length, -1);
  const Kind = VIEWS.find((kind) => kind.name === name) ?? DataView;
  return Reflect.construct(Kind, [buffer, view.byteOffset, length]) as object;
}

const VIEWS = [
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
  Int16Array,
  Int32Array,
  Int8Array,
  Uint16Array,
  Uint32Array,
  Uint8Array,
  Uint8ClampedArray,
];

const REFUSED = [Promise, WeakMap, WeakSet, WeakRef, FinalizationRegistry];

function cannotClone(kind: string): DOMException {
  return new DOMException(`#<${kind}> could not be cloned.`, 'DataCloneError');
}

function cannotTransfer(): TypeError {
  const error = new TypeError('Found invalid object in transferList');
  return Object.assign(error, { code: 'ERR_INVALID_TRANSFER_OBJECT' });
}

function cloneError(error: Error, copies: Map<object, unknown>): Error {
  const kinds = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
  const Kind = kinds.find((kind) => error.name === kind.name) ?? Error;
  const copy = new Kind(error.message, 'cause' in error ? { cause: clone(error.cause, copies) } : undefined);
  Object.defineProperty(copy, 'stack', { value: error.stack, writable: true, configurable: true });
  return copy;
}

function isPlain(copy: object): boolean {
  return Object.getPrototypeOf(copy) === Object.prototype;
}
