/**
 * What a program stores for what follows from a call (async-hooks.ts). It follows timers and ticks, which take it along when they are
 * made, and promises: the harness calls `promiseWatch` for this node's own, once a program stores anything.
 */
import { bridge, type PromiseWatch } from '../bridge.ts';

export type Frame = ReadonlyMap<object, unknown>;

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

/** Until the turn is over, or another is set. */
export function enterFrame(frame: Frame | undefined): void {
  current = frame;
}

/** From now on promises take along what is stored. */
export function followPromises(): void {
  if (!watching) bridge.watchPromises();
  watching = true;
}
