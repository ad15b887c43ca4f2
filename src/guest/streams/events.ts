/**
 * `node:events`: Node's EventEmitter, and the functions that wait for events or inspect listeners.
 *
 * Its methods are properties of one object literal, which V8 creates at once: every process makes this class anew, and
 * adding them one by one took a tenth of the start of a process.
 */
import { bridge } from '../bridge.ts';
import { outOfRange, wrongArgument } from '../wrong-argument.ts';

type Base = NodeJS.EventEmitter;
interface EmitterClass {
  new (options?: EmitterOptions): Base;
  readonly prototype: Base;
  defaultMaxListeners: number;
}

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

/** Internal fields of an emitter, which readable-stream also reads. */
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
let defaultMaxListeners = 10;

function init(this: Base & Kept, options?: EmitterOptions): void {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = noEvents();
    this._eventsCount = 0;
  }
  this._maxListeners ||= undefined;
  if (options?.captureRejections ?? captureRejections) this[CAPTURES] = true;
}

/** As in Node it can also be called without `new`, for old-style inheritance. */
export const EventEmitter = function (this: Base & Kept, options?: EmitterOptions): void {
  init.call(this, options);
} as unknown as EmitterClass; // with its prototype and its statics, below
export type EventEmitter = Base;

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
  const events = (emitter._events ??= noEvents());
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

/** A listener of `once`, with the one that it calls. */
type OnceListener = Listener & { listener?: Listener };

/** Returns a listener that removes itself before it calls the given one. */
function wrapOnce(emitter: Base, name: EventName, listener: Listener): Listener {
  let fired = false;
  const wrapped: OnceListener = (...args) => {
    if (fired) return undefined;
    fired = true;
    emitter.removeListener(name, wrapped);
    return Reflect.apply(listener, emitter, args);
  };
  wrapped.listener = listener;
  return wrapped;
}

const unwrapped = (listener: OnceListener): Listener => listener.listener ?? listener;

function removeListener(this: Base & Kept, name: EventName, listener: Listener): Base {
  checkListener(listener);
  const events = this._events;
  const heard = events?.[name];
  if (events === undefined || heard === undefined) return this;
  const matches = (each: OnceListener): boolean => each === listener || each.listener === listener;
  if (typeof heard === 'function') {
    if (!matches(heard)) return this;
    forgetName(this, events, name);
    if (this._events === events && events['removeListener'] !== undefined)
      this.emit('removeListener', name, unwrapped(heard));
    return this;
  }
  const at = heard.findLastIndex(matches);
  if (at === -1) return this;
  heard.splice(at, 1);
  if (heard.length === 1) events[name] = heard[0];
  if (events['removeListener'] !== undefined) this.emit('removeListener', name, listener);
  return this;
}

/** Removes the only listener of that name, or all of them. */
function forgetName(emitter: Kept, events: NonNullable<Kept['_events']>, name: EventName): void {
  emitter._eventsCount = (emitter._eventsCount ?? 0) - 1;
  if (emitter._eventsCount === 0) emitter._events = noEvents();
  else Reflect.deleteProperty(events, name);
}

const noEvents = (): NonNullable<Kept['_events']> => Object.create(null) as NonNullable<Kept['_events']>; // with no names of its own

function removeAllListeners(this: Base & Kept, ...names: readonly [EventName?]): Base {
  const events = this._events;
  if (events === undefined) return this;
  const [name] = names;
  const tells = events['removeListener'] !== undefined;
  if (names.length === 0) {
    if (tells) {
      for (const each of Object.keys(events)) if (each !== 'removeListener') this.removeAllListeners(each);
      this.removeAllListeners('removeListener');
    }
    this._events = noEvents();
    this._eventsCount = 0;
    return this;
  }
  // A name that is undefined is one like any other.
  const key = name as EventName;
  const heard = events[key];
  if (heard === undefined) return this;
  if (!tells) forgetName(this, events, key);
  else if (typeof heard === 'function') this.removeListener(key, heard);
  else for (const listener of [...heard].toReversed()) this.removeListener(key, listener);
  return this;
}

function listenersOf({ _events: events }: Kept, name: EventName): readonly Listener[] {
  const heard = events?.[name];
  if (heard === undefined) return [];
  return typeof heard === 'function' ? [heard] : heard;
}

function checkedCount(name: string, count: unknown): number {
  if (typeof count !== 'number') throw wrongArgument(name, 'number', count);
  if (!(count >= 0)) throw outOfRange(name, '>= 0', count);
  return count;
}

function add(this: Base, name: EventName, listener: Listener): Base {
  return addListener(this, name, listener, false);
}

const prototype = {
  _events: undefined,
  _eventsCount: 0,
  _maxListeners: undefined,
  setMaxListeners(this: Base & Kept, count: unknown): Base {
    this._maxListeners = checkedCount('setMaxListeners', count);
    return this;
  },
  getMaxListeners(this: Kept): number {
    return this._maxListeners ?? defaultMaxListeners;
  },
  emit,
  addListener: add,
  on: add,
  prependListener(this: Base, name: EventName, listener: Listener): Base {
    return addListener(this, name, listener, true);
  },
  once(this: Base, name: EventName, listener: Listener): Base {
    checkListener(listener);
    return this.on(name, wrapOnce(this, name, listener));
  },
  prependOnceListener(this: Base, name: EventName, listener: Listener): Base {
    checkListener(listener);
    return this.prependListener(name, wrapOnce(this, name, listener));
  },
  removeListener,
  off: removeListener,
  removeAllListeners,
  listeners(this: Kept, name: EventName): Listener[] {
    return listenersOf(this, name).map(unwrapped);
  },
  rawListeners(this: Kept, name: EventName): Listener[] {
    return [...listenersOf(this, name)];
  },
  listenerCount,
  eventNames(this: Kept): EventName[] {
    return (this._eventsCount ?? 0) > 0 ? Reflect.ownKeys(this._events ?? {}) : [];
  },
};
Object.defineProperty(add, 'name', { value: 'addListener' });
Object.defineProperty(prototype, 'constructor', { value: EventEmitter, writable: true, configurable: true });
Object.defineProperty(EventEmitter, 'prototype', { value: prototype, writable: true });
Object.defineProperty(EventEmitter, 'name', { value: 'EventEmitter' }); // the bundler may have renamed it

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
Object.defineProperty(EventEmitter, 'defaultMaxListeners', {
  get: () => defaultMaxListeners,
  set: (count: unknown) => {
    defaultMaxListeners = checkedCount('defaultMaxListeners', count);
  },
  enumerable: true,
  configurable: true,
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
