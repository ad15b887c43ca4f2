/**
 * The context that AsyncLocalStorage (async-hooks.ts) propagates through asynchronous calls. Timers and ticks capture it when
 * they are created. Promises do so by `promiseWatch`, which the harness calls for this node's promises once a program
 * stores anything.
 */
import { bridge, type PromiseWatch } from '../bridge.ts';

export type Frame = ReadonlyMap<object, unknown>;

/** The current context; undefined if nothing is stored, which is by far the most frequent case. */
let current: Frame | undefined;
/** Contexts of promises that were created while something was stored. */
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

/** Clears the context at the start of a turn of the event loop. */
export function forgetContext(): void {
  current = undefined;
  outer.length = 0;
}

/** Binds a callback to the current context. */
export function withContext<Callback extends (...args: never[]) => unknown>(callback: Callback): Callback {
  const frame = current;
  if (frame === undefined) return callback;
  const bound = function (this: unknown, ...args: Parameters<Callback>): unknown {
    return runIn(frame, () => Reflect.apply(callback, this, args) as unknown);
  };
  return bound as unknown as Callback; // the same parameters and result
}

export function runIn<T>(frame: Frame | undefined, run: () => T): T {
  const before = current;
  current = frame;
  try {
    return run();
  } finally {
    current = before;
  }
}

export const currentFrame = (): Frame | undefined => current;

/** Sets the context until the end of the turn or the next call. */
export function enterFrame(frame: Frame | undefined): void {
  current = frame;
}

/** From now on promises capture the context. */
export function followPromises(): void {
  if (!watching) bridge.watchPromises();
  watching = true;
}
