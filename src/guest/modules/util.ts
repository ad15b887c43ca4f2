/** `node:util`: formatting and comparing values, and turning callbacks into promises. */
import type { AbortSignal } from '../time/abort.ts';
import { bridge, settings } from '../bridge.ts';
import { Buffer } from '../bytes/buffer.ts';
import { format, formatWithOptions, inspect } from './inspect.ts';
import { CryptoKey } from '../bytes/subtle.ts';
import { nextTick } from '../time/event-loop.ts';
import { emitWarning } from '../warnings.ts';
import { wrongArgument } from '../wrong-argument.ts';
import { TextDecoder, TextEncoder } from '../bytes/text.ts';

type AnyFunction = (...args: unknown[]) => unknown;

const PROMISIFIED = Symbol.for('nodejs.util.promisify.custom');

function promisifyFunction(original: AnyFunction): AnyFunction {
  if (typeof original !== 'function') throw wrongArgument('original', 'function', original);
  const custom: unknown = Reflect.get(original, PROMISIFIED);
  if (typeof custom === 'function') return custom as AnyFunction;
  return function (this: unknown, ...args: unknown[]) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [
        ...args,
        (error: unknown, value: unknown) => {
          if (error === null || error === undefined) resolve(value);
          else reject(error); // whatever the callback was given
        },
      ]);
    });
  };
}

function callbackify(original: (...args: unknown[]) => Promise<unknown>): AnyFunction {
  if (typeof original !== 'function') throw wrongArgument('original', 'function', original);
  return (...args) => {
    const done = args.pop() as (error: unknown, value?: unknown) => void; // the last argument, as in Node
    void original(...args).then(
      // In a tick of its own, so that an error of the callback does not look like a rejection of the promise.
      (value) => nextTick(() => done(null, value)),
      (error: unknown) => nextTick(() => done(asFailure(error))),
    );
  };
}

/** Wraps a falsy rejection reason in an error: a callback could not distinguish it from success. */
function asFailure(reason: unknown): unknown {
  if (reason) return reason;
  const error = new Error('Promise was rejected with falsy value');
  return Object.assign(error, { code: 'ERR_FALSY_VALUE_REJECTION', reason });
}

/** Returns the function with a warning on its first call; warnings with the same code appear once. */
function deprecate(original: AnyFunction, message: string, code?: string): AnyFunction {
  let warned = false;
  return function (this: unknown, ...args: unknown[]): unknown {
    if (!warned && !(code !== undefined && warnedCodes.has(code))) {
      if (code !== undefined) warnedCodes.add(code);
      emitWarning(message, 'DeprecationWarning', code);
    }
    warned = true;
    if (new.target !== undefined) return Reflect.construct(original, args, new.target) as unknown;
    const result: unknown = Reflect.apply(original, this, args);
    return result;
  };
}
const warnedCodes = new Set<string>();

function inherits(child: { prototype: object }, parent: { prototype: object }): void {
  Object.defineProperty(child, 'super_', { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(child.prototype, parent.prototype);
}

function debuglog(section: string): ((...parts: unknown[]) => void) & { readonly enabled: boolean } {
  const enabled = (settings.env.NODE_DEBUG ?? '').toLowerCase().split(',').includes(section.toLowerCase());
  const log = (...parts: unknown[]): void => {
    if (enabled) bridge.write(2, `${section.toUpperCase()} ${settings.pid}: ${bridge.format(parts)}\n`);
  };
  return Object.assign(log, { enabled });
}

/* eslint-disable-next-line no-control-regex -- they are what is looked for */
const CONTROL_SEQUENCES = /\u001b\[[0-9;]*[A-Za-z]/g;

const QUESTIONS = `
  isAnyArrayBuffer isArgumentsObject isArrayBuffer isArrayBufferView isAsyncFunction isBigInt64Array isBigIntObject
  isBigUint64Array isBooleanObject isBoxedPrimitive isCryptoKey isDataView isDate isExternal isFloat32Array isFloat64Array
  isGeneratorFunction isGeneratorObject isInt16Array isInt32Array isInt8Array isKeyObject isMap isMapIterator
  isModuleNamespaceObject isNativeError isNumberObject isPromise isProxy isRegExp isSet isSetIterator isSharedArrayBuffer
  isStringObject isSymbolObject isTypedArray isUint16Array isUint32Array isUint8Array isUint8ClampedArray isWeakMap isWeakSet`;

const ask =
  (question: string) =>
  (value: unknown): boolean =>
    bridge.isKind(question, value);

const types = {
  ...Object.fromEntries(
    QUESTIONS.trim()
      .split(/\s+/)
      .map((question) => [question, ask(question)]),
  ),
  isCryptoKey: (value: unknown): boolean => value instanceof CryptoKey,
};

/** Deprecated type checks. */
const old = {
  isBoolean: (value: unknown): boolean => typeof value === 'boolean',
  isBuffer: (value: unknown): boolean => Buffer.isBuffer(value),
  isDate: ask('isDate'),
  isError: (value: unknown): boolean => bridge.isKind('isNativeError', value) || value instanceof Error,
  isFunction: (value: unknown): boolean => typeof value === 'function',
  isNull: (value: unknown): boolean => value === null,
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isNumber: (value: unknown): boolean => typeof value === 'number',
  isObject: (value: unknown): boolean => typeof value === 'object' && value !== null,
  isPrimitive: (value: unknown): boolean => Object(value) !== value,
  isRegExp: ask('isRegExp'),
  isString: (value: unknown): boolean => typeof value === 'string',
  isSymbol: (value: unknown): boolean => typeof value === 'symbol',
  isUndefined: (value: unknown): boolean => value === undefined,
};

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export const utilModule = {
  ...old,
  _extend: (target: object, source: object): object => Object.assign(target, source),
  aborted,
  TextDecoder,
  TextEncoder,
  callbackify,
  debug: debuglog,
  debuglog,
  deprecate,
  format,
  formatWithOptions,
  inherits,
  inspect,
  isArray: Array.isArray,
  isDeepStrictEqual: (left: unknown, right: unknown): boolean => bridge.deepStrictEqual(left, right),
  parseArgs: (config: object = {}): object => {
    const parsed = JSON.parse(
      bridge.parseArgs(JSON.stringify({ args: settings.argv.slice(2), ...config })),
    ) as { values: object }; // made by the harness
    Object.setPrototypeOf(parsed.values, null);
    return parsed;
  },
  promisify: Object.assign(promisifyFunction, { custom: PROMISIFIED }),
  stripVTControlCharacters: (text: string): string => text.replace(CONTROL_SEQUENCES, ''),
  styleText: (_style: unknown, text: string): string => text,
  toUSVString: (text: unknown): string => String(text).replace(LONE_SURROGATE, '\ufffd'),
  types,
};
