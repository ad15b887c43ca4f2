/** `node:async_hooks`: AsyncLocalStorage and AsyncResource. */
import { currentFrame, enterFrame, followPromises, runIn, type Frame } from './async-context.ts';
import { EventEmitter, type EventName } from '../streams/events.ts';
import { refusing } from '../modules/refusals.ts';

type AnyFunction = (...args: unknown[]) => unknown;

const bindTo = (frame: Frame | undefined, callback: AnyFunction, receiver?: unknown): AnyFunction =>
  function (this: unknown, ...args) {
    return runIn(frame, () => Reflect.apply(callback, receiver ?? this, args));
  };

class AsyncLocalStorage {
  static bind(callback: AnyFunction): AnyFunction {
    return bindTo(currentFrame(), callback);
  }
  static snapshot(): (callback: AnyFunction, ...args: unknown[]) => unknown {
    const frame = currentFrame();
    return (callback, ...args) => runIn(frame, () => callback(...args));
  }

  getStore(): unknown {
    return currentFrame()?.get(this);
  }
  run(store: unknown, callback: AnyFunction, ...args: unknown[]): unknown {
    return runIn(this.frameWith(store), () => callback(...args));
  }
  exit(callback: AnyFunction, ...args: unknown[]): unknown {
    return this.run(undefined, callback, ...args);
  }
  enterWith(store: unknown): void {
    enterFrame(this.frameWith(store));
  }
  disable(): void {
    const frame = currentFrame();
    if (frame !== undefined) enterFrame(new Map([...frame].filter(([storage]) => storage !== this)));
  }

  private frameWith(store: unknown): Frame {
    followPromises();
    return new Map(currentFrame()).set(this, store);
  }
}

let nextAsyncId = 2;

class AsyncResource {
  private readonly frame = currentFrame();
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

/** An emitter whose listeners run in the context in which it was created. */
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
