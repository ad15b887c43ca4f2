/**
 * `node:async_hooks`: AsyncLocalStorage and AsyncResource. What is stored follows timers and ticks, which take it along
 * when they are made, and promises: the harness calls `onPromise` for this node's own, once a program stores anything.
 */
import { bridge, type PromiseWatch } from './bridge.ts';
import { EventEmitter, type EventName } from './events.ts';
import { refusing } from './refusals.ts';

type Frame = ReadonlyMap<object, unknown>;
type AnyFunction = (...args: unknown[]) => unknown;

/** What is stored now; undefined for nothing, which is by far the most frequent. */
let current: Frame | undefined;
/** Of promises made while something was stored. */
const frames = new WeakMap<object, Frame>();
const outer: (Frame | undefined)[] = [];
let watching = false;

export const promiseWatch: PromiseWatch = {
  init: (promise) => {
    if (current !== undefined) frames.set(promise, current);
  },
  before: (promise) => {
    outer.push(current);
    current = frames.get(promise);
  },
  after: () => {
    current = outer.pop();
  },
};

/** A turn of the event loop begins. */
export function forgetContext(): void {
  current = undefined;
  outer.length = 0;
}

/** The callback with what is stored now. */
export function withContext<Callback extends (...args: never[]) => unknown>(callback: Callback): Callback {
  const frame = current;
  if (frame === undefined) return callback;
  const bound = function (this: unknown, ...args: Parameters<Callback>): unknown {
    return runIn(frame, () => Reflect.apply(callback, this, args) as unknown);
  };
  return bound as unknown as Callback; // the same parameters and result
}

function runIn<T>(frame: Frame | undefined, run: () => T): T {
  const before = current;
  current = frame;
  try {
    return run();
  } finally {
    current = before;
  }
}

const bindTo = (frame: Frame | undefined, callback: AnyFunction, receiver?: unknown): AnyFunction =>
  function (this: unknown, ...args) {
    return runIn(frame, () => Reflect.apply(callback, receiver ?? this, args));
  };

class AsyncLocalStorage {
  static bind(callback: AnyFunction): AnyFunction {
    return bindTo(current, callback);
  }
  static snapshot(): (callback: AnyFunction, ...args: unknown[]) => unknown {
    const frame = current;
    return (callback, ...args) => runIn(frame, () => callback(...args));
  }

  getStore(): unknown {
    return current?.get(this);
  }
  run(store: unknown, callback: AnyFunction, ...args: unknown[]): unknown {
    return runIn(this.frameWith(store), () => callback(...args));
  }
  exit(callback: AnyFunction, ...args: unknown[]): unknown {
    return this.run(undefined, callback, ...args);
  }
  enterWith(store: unknown): void {
    current = this.frameWith(store);
  }
  disable(): void {
    if (current !== undefined) current = new Map([...current].filter(([storage]) => storage !== this));
  }

  private frameWith(store: unknown): Frame {
    if (!watching) bridge.watchPromises();
    watching = true;
    return new Map(current).set(this, store);
  }
}

let nextAsyncId = 2;

class AsyncResource {
  private readonly frame = current;
  private readonly id = nextAsyncId++;
  constructor(type: string) {
    if (typeof type !== 'string') throw new TypeError('The "type" argument must be of type string');
  }
  static bind(callback: AnyFunction, type?: string, receiver?: unknown): AnyFunction {
    return new AsyncResource(type ?? (callback.name || 'bound-anonymous-fn')).bind(callback, receiver);
  }
  bind(callback: AnyFunction, receiver?: unknown): AnyFunction {
    return bindTo(this.frame, callback, receiver);
  }
  runInAsyncScope(callback: AnyFunction, receiver?: unknown, ...args: unknown[]): unknown {
    return runIn(this.frame, () => Reflect.apply(callback, receiver, args));
  }
  emitDestroy(): this {
    return this;
  }
  asyncId(): number {
    return this.id;
  }
  triggerAsyncId(): number {
    return 1;
  }
}

/** An emitter whose listeners run with what was stored when it was made. */
export class EventEmitterAsyncResource extends EventEmitter {
  readonly asyncResource: AsyncResource;
  constructor(options: { readonly name?: string } | string = {}) {
    super();
    const name = typeof options === 'string' ? options : options.name;
    this.asyncResource = new AsyncResource(name ?? new.target.name);
  }
  get asyncId(): number {
    return this.asyncResource.asyncId();
  }
  get triggerAsyncId(): number {
    return this.asyncResource.triggerAsyncId();
  }
  override emit(name: EventName, ...args: unknown[]): boolean {
    return this.asyncResource.runInAsyncScope(() => super.emit(name, ...args)) === true;
  }
  emitDestroy(): void {
    this.asyncResource.emitDestroy();
  }
}

for (const [name, value] of Object.entries({ AsyncLocalStorage, AsyncResource, EventEmitterAsyncResource })) {
  Object.defineProperty(value, 'name', { value: name }); // the bundler may have renamed the class
}

export const asyncHooksModule = {
  AsyncLocalStorage,
  AsyncResource,
  createHook: refusing('async_hooks.createHook'),
  executionAsyncId: (): number => 1,
  executionAsyncResource: (): object => ({}),
  triggerAsyncId: (): number => 0,
};
