/**
 * `node:events`: the class of the package `events`, with the features of Node that it lacks: an `emit` that supports
 * `errorMonitor` and rejections, and functions that wait for events or inspect listeners.
 */
import type { EventEmitter as Emitter } from 'events';
import { bridge } from '../bridge.ts';
import { outOfRange, wrongArgument } from '../wrong-argument.ts';

// A call of `require`: for an import the bundler would copy each property, which is slow for functions.
const { EventEmitter: Base } = require('events') as typeof import('events');
type Base = Emitter;

export type Listener = (...args: unknown[]) => void;
export type EventName = string | symbol;

/** The part of the web's EventTarget used here; abort.ts, which defines it, imports this file. */
interface EventTarget {
  addEventListener(type: string, listener: Listener, options?: { once?: boolean }): void;
  removeEventListener(type: string, listener: Listener): void;
  listenersOf(type: string): readonly unknown[];
}
interface AbortSignal extends EventTarget {
  readonly aborted: boolean;
  readonly reason: unknown;
}

/** An event source: `events.once` and the like also accept an EventTarget. */
type Source = EventEmitter | EventTarget;

export const errorMonitor = Symbol('events.errorMonitor');
export const captureRejectionSymbol = Symbol.for('nodejs.rejection');
const CAPTURES = Symbol('kCapture');

/** Internal fields of the package. */
interface Kept {
  _events?: Record<EventName, Listener | Listener[] | undefined>;
  _eventsCount?: number;
  _maxListeners?: number | undefined;
  [CAPTURES]?: boolean;
}

interface EmitterOptions {
  readonly captureRejections?: boolean;
}

let captureRejections = false;

function init(this: Base & Kept, options?: EmitterOptions): void {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = Object.create(null) as NonNullable<Kept['_events']>; // with no names of its own
    this._eventsCount = 0;
  }
  this._maxListeners ||= undefined;
  if (options?.captureRejections ?? captureRejections) this[CAPTURES] = true;
}

/** Adds options to the package's constructor. As in Node it can also be called without `new`, for old-style inheritance. */
export const EventEmitter = function (this: Base & Kept, options?: EmitterOptions): void {
  init.call(this, options);
} as unknown as typeof Base; // with its prototype and its statics, just below
export type EventEmitter = Base;
Object.defineProperty(EventEmitter, 'name', { value: 'EventEmitter' });
Object.defineProperty(EventEmitter, 'prototype', { value: Base.prototype, writable: true });
Object.defineProperty(Base.prototype, 'constructor', {
  value: EventEmitter,
  writable: true,
  configurable: true,
});
Object.defineProperty(EventEmitter, 'defaultMaxListeners', {
  get: () => Base.defaultMaxListeners,
  set: (count: number) => {
    Base.defaultMaxListeners = count;
  },
  enumerable: true,
  configurable: true,
});

function emit(this: Base & Kept, name: EventName, ...args: unknown[]): boolean {
  const events = this._events;
  if (name === 'error' && events !== undefined) {
    if (events[errorMonitor] !== undefined) emit.call(this, errorMonitor, ...args);
    if (events['error'] === undefined) throw unhandled(args[0]);
  } else if (name === 'error') {
    throw unhandled(args[0]);
  }
  const heard = events?.[name];
  if (heard === undefined) return false;
  if (typeof heard === 'function') {
    const result: unknown = Reflect.apply(heard, this, args);
    if (result !== undefined && this[CAPTURES] === true) catchRejection(this, result, name, args);
    return true;
  }
  // Copied, since an emit in progress continues with the original list.
  for (const listener of Array.from(heard)) {
    const result: unknown = Reflect.apply(listener, this, args);
    if (result !== undefined && this[CAPTURES] === true) catchRejection(this, result, name, args);
  }
  return true;
}

function unhandled(error: unknown): Error {
  if (error instanceof Error) return error;
  const made = new Error(`Unhandled error. (${bridge.inspect(error, undefined)})`);
  return Object.assign(made, { code: 'ERR_UNHANDLED_ERROR', context: error });
}

/** With `captureRejections`: turns a rejected promise of a listener into an `error` event. */
function catchRejection(
  emitter: EventEmitter & Kept,
  result: unknown,
  name: EventName,
  args: unknown[],
): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return;
  void Promise.resolve(result).then(undefined, (error: unknown) => {
    const handler: unknown = Reflect.get(emitter, captureRejectionSymbol);
    if (typeof handler === 'function') {
      Reflect.apply(handler, emitter, [error, name, ...args]);
      return;
    }
    emitter[CAPTURES] = false; // an `error` listener that is rejected as well would never end
    try {
      emitter.emit('error', error);
    } finally {
      emitter[CAPTURES] = true;
    }
  });
}

function listenerCount(this: Base & Kept, name: EventName, listener?: Listener): number {
  const heard = this._events?.[name];
  if (heard === undefined) return 0;
  const all = typeof heard === 'function' ? [heard] : heard;
  if (listener === undefined) return all.length;
  return all.filter((item) => item === listener || Reflect.get(item, 'listener') === listener).length;
}

/** `process.emitWarning`, set later since `process` is an emitter itself. */
let warn: (warning: Error) => void = () => {};
export function warnBy(emitWarning: (warning: Error) => void): void {
  warn = emitWarning;
}

const checkListener = (listener: unknown): void => {
  if (typeof listener !== 'function') throw wrongArgument('listener', 'function', listener);
};

function addListener(emitter: Base & Kept, name: EventName, listener: Listener, isFirst: boolean): Base {
  checkListener(listener);
  // A listener of `newListener` may be the first listener of all, or may remove the others.
  if (emitter._events?.['newListener'] !== undefined)
    emitter.emit('newListener', name, Reflect.get(listener, 'listener') ?? listener);
  const events = (emitter._events ??= Object.create(null) as NonNullable<Kept['_events']>);
  const heard = events[name];
  if (heard === undefined) {
    events[name] = listener;
    emitter._eventsCount = (emitter._eventsCount ?? 0) + 1;
    return emitter;
  }
  const all: Listener[] & { warned?: boolean } = typeof heard === 'function' ? [heard] : heard;
  if (isFirst) all.unshift(listener);
  else all.push(listener);
  events[name] = all;
  const most = emitter.getMaxListeners();
  if (most > 0 && all.length > most && all.warned !== true) {
    all.warned = true;
    warn(tooManyListeners(emitter, name, all.length, most));
  }
  return emitter;
}

function tooManyListeners(emitter: object, type: EventName, count: number, most: number): Error {
  const warning = new Error(
    `Possible EventEmitter memory leak detected. ${count} ${String(type)} listeners added to ` +
      `${bridge.inspect(emitter, { depth: -1 })}. MaxListeners is ${most}. Use emitter.setMaxListeners() to increase limit`,
  );
  return Object.assign(warning, { name: 'MaxListenersExceededWarning', emitter, type, count });
}

/** Calls a method of the package on any emitter. */
const callPackages = (
  name: 'once' | 'prependOnceListener',
  emitter: Base,
  args: [EventName, Listener],
): Base => Reflect.apply(packages[name], emitter, args) as Base; // it returns its emitter
const packages = {
  once: Reflect.get(Base.prototype, 'once'),
  prependOnceListener: Reflect.get(Base.prototype, 'prependOnceListener'),
};

/** The package's methods for adding listeners, with Node's errors and warning. */
const adding = {
  addListener(this: Base, name: EventName, listener: Listener): Base {
    return addListener(this, name, listener, false);
  },
  prependListener(this: Base, name: EventName, listener: Listener): Base {
    return addListener(this, name, listener, true);
  },
  once(this: Base, name: EventName, listener: Listener): Base {
    checkListener(listener);
    return callPackages('once', this, [name, listener]);
  },
  prependOnceListener(this: Base, name: EventName, listener: Listener): Base {
    checkListener(listener);
    return callPackages('prependOnceListener', this, [name, listener]);
  },
  setMaxListeners(this: Base & Kept, count: number): Base {
    if (typeof count !== 'number') throw wrongArgument('setMaxListeners', 'number', count);
    if (!(count >= 0)) throw outOfRange('setMaxListeners', '>= 0', count);
    this._maxListeners = count;
    return this;
  },
};

for (const [name, value] of Object.entries({
  emit,
  listenerCount,
  ...adding,
  on: Reflect.get(adding, 'addListener'),
})) {
  Object.defineProperty(EventEmitter.prototype, name, { value, writable: true, configurable: true });
}

/** Returns the error with which a waiting call rejects when its signal is aborted. */
export function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

const isTarget = (source: Source): source is EventTarget => !('on' in source);

function listen(source: Source, name: EventName, listener: Listener): () => void {
  if (isTarget(source)) {
    source.addEventListener(String(name), listener);
    return () => source.removeEventListener(String(name), listener);
  }
  if (typeof source?.on !== 'function') {
    throw invalid(`The "emitter" argument must be an instance of EventEmitter or EventTarget`);
  }
  source.on(name, listener);
  return () => void source.removeListener(name, listener);
}

function invalid(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
}

interface WaitOptions {
  readonly signal?: AbortSignal;
  /** For `on`: the events that end the iteration. */
  readonly close?: readonly string[];
}

/** Resolves with the arguments of the next such event; rejects if `error` is emitted first. */
export async function once(source: Source, name: EventName, options: WaitOptions = {}): Promise<unknown[]> {
  const { signal } = options;
  if (signal?.aborted === true) throw abortError(signal);
  return await new Promise((resolve, reject) => {
    const stops: (() => void)[] = [];
    const settle = (): void => stops.splice(0).forEach((stop) => stop());
    stops.push(
      listen(source, name, (...args) => {
        settle();
        resolve(args);
      }),
    );
    const fail = (error: unknown): void => {
      settle();
      reject(error); // the emitter's own error, whatever it is
    };
    if (name !== 'error' && !isTarget(source)) stops.push(listen(source, 'error', fail));
    if (signal !== undefined) stops.push(listen(signal, 'abort', () => fail(abortError(signal))));
  });
}

/** Iterates over all such events from now on, as buffered arrays of their arguments. */
export function on(
  source: Source,
  name: EventName,
  options: WaitOptions = {},
): AsyncIterableIterator<unknown[]> {
  const { signal, close = [] } = options;
  if (signal?.aborted === true) throw abortError(signal);
  const queue = new AsyncQueue<unknown[]>();
  const stops: (() => void)[] = [];
  queue.onReturn = () => stops.splice(0).forEach((stop) => stop());
  const fail = (error: unknown): void => {
    queue.onReturn();
    queue.fail(error);
  };
  stops.push(listen(source, name, (...args) => queue.push(args)));
  if (name !== 'error' && !isTarget(source)) stops.push(listen(source, 'error', fail));
  for (const event of close) stops.push(listen(source, event, () => void queue.return()));
  if (signal !== undefined) stops.push(listen(signal, 'abort', () => fail(abortError(signal))));
  return queue;
}

function getEventListeners(source: Source, name: EventName): readonly unknown[] {
  return isTarget(source) ? source.listenersOf(String(name)) : source.listeners(name);
}

function getMaxListeners(source: Source): number {
  return isTarget(source) ? EventEmitter.defaultMaxListeners : source.getMaxListeners();
}

/** Applies to the given emitters, or to all emitters from now on. */
function setMaxListeners(count = EventEmitter.defaultMaxListeners, ...sources: Source[]): void {
  if (sources.length === 0) EventEmitter.defaultMaxListeners = count;
  for (const source of sources) if (!isTarget(source)) source.setMaxListeners(count);
}

function addAbortListener(signal: AbortSignal, listener: Listener): Disposable {
  const call = (): void => listener();
  if (signal.aborted) void Promise.resolve().then(call);
  else signal.addEventListener('abort', call, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', call) };
}

// `require('events')` is the class itself, with all other exports as its properties.
export const eventsModule: object = Object.assign(EventEmitter, {
  EventEmitter,
  addAbortListener,
  captureRejectionSymbol,
  errorMonitor,
  getEventListeners,
  getMaxListeners,
  init,
  listenerCount: (source: EventEmitter, name: EventName): number => source.listenerCount(name),
  on,
  once,
  setMaxListeners,
  usingDomains: false,
});
Object.defineProperty(EventEmitter, 'captureRejections', {
  get: () => captureRejections,
  set: (value: unknown) => {
    captureRejections = value === true;
  },
  enumerable: true,
  configurable: true,
});

/** A queue whose consumer awaits the pushed values in order. */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  onReturn: () => void = () => {};
  private readonly values: T[] = [];
  private readonly waiting: {
    readonly resolve: (result: IteratorResult<T>) => void;
    readonly reject: (error: unknown) => void;
  }[] = [];
  private ended = false;
  private failure: { readonly error: unknown } | undefined;

  push(value: T): void {
    if (this.ended) return;
    const next = this.waiting.shift();
    if (next === undefined) this.values.push(value);
    else next.resolve({ value, done: false });
  }

  end(): void {
    this.ended = true;
    for (const next of this.waiting.splice(0)) next.resolve({ value: undefined, done: true });
  }

  fail(error: unknown): void {
    const next = this.waiting.shift();
    if (next === undefined) this.failure = { error };
    else next.reject(error);
  }

  next(): Promise<IteratorResult<T>> {
    if (this.values.length > 0) return Promise.resolve({ value: this.values.shift() as T, done: false });
    if (this.failure !== undefined) {
      const { error } = this.failure;
      this.failure = undefined;
      return Promise.reject(error); // whatever the emitter's error is
    }
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<T>> {
    this.onReturn();
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
