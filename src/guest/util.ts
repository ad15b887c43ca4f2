/** `node:util`: showing values, comparing them, and turning callbacks into promises. */
import { bridge, settings } from './bridge.ts';
import { CUSTOM, format, formatWithOptions, inspect } from './inspect.ts';
import { TextDecoder, TextEncoder } from './text.ts';

type AnyFunction = (...args: unknown[]) => unknown;

const PROMISIFIED = Symbol.for('nodejs.util.promisify.custom');

function promisifyFunction(original: AnyFunction): AnyFunction {
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
  return (...args) => {
    const done = args.pop() as (error: unknown, value?: unknown) => void; // the last argument, as in Node
    void original(...args).then(
      (value) => done(null, value),
      (error: unknown) => done(error),
    );
  };
}

function inherits(child: { prototype: object }, parent: { prototype: object }): void {
  Object.defineProperty(child, 'super_', { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(child.prototype, parent.prototype);
}

function debuglog(section: string): (...parts: unknown[]) => void {
  const wanted = (settings.env.NODE_DEBUG ?? '').toLowerCase().split(',').includes(section.toLowerCase());
  return (...parts) => {
    if (wanted) bridge.write(2, `${section.toUpperCase()} ${settings.pid}: ${bridge.format(parts)}\n`);
  };
}

/* eslint-disable-next-line no-control-regex -- they are what is looked for */
const CONTROL_SEQUENCES = /\u001b\[[0-9;]*[A-Za-z]/g;

const kind = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

export const utilModule = {
  TextDecoder,
  TextEncoder,
  callbackify,
  debug: debuglog,
  debuglog,
  deprecate: <T>(original: T): T => original,
  format,
  formatWithOptions,
  inherits,
  inspect: Object.assign(inspect, {
    custom: CUSTOM,
    defaultOptions: {},
  }),
  isArray: Array.isArray,
  isDeepStrictEqual: (left: unknown, right: unknown): boolean => bridge.deepStrictEqual(left, right),
  parseArgs: (config: object = {}): unknown =>
    JSON.parse(bridge.parseArgs(JSON.stringify({ args: settings.argv.slice(2), ...config }))),
  promisify: Object.assign(promisifyFunction, { custom: PROMISIFIED }),
  stripVTControlCharacters: (text: string): string => text.replace(CONTROL_SEQUENCES, ''),
  styleText: (_style: unknown, text: string): string => text,
  types: {
    isAnyArrayBuffer: (value: unknown): boolean => value instanceof ArrayBuffer,
    isArrayBuffer: (value: unknown): boolean => value instanceof ArrayBuffer,
    isAsyncFunction: (value: unknown): boolean => kind(value) === 'AsyncFunction',
    isDate: (value: unknown): boolean => value instanceof Date,
    isGeneratorFunction: (value: unknown): boolean => kind(value) === 'GeneratorFunction',
    isMap: (value: unknown): boolean => value instanceof Map,
    isNativeError: (value: unknown): boolean => kind(value) === 'Error',
    isPromise: (value: unknown): boolean => value instanceof Promise,
    isRegExp: (value: unknown): boolean => value instanceof RegExp,
    isSet: (value: unknown): boolean => value instanceof Set,
    isTypedArray: (value: unknown): boolean => ArrayBuffer.isView(value) && !(value instanceof DataView),
    isUint8Array: (value: unknown): boolean => value instanceof Uint8Array,
  },
};
