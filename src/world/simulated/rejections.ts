/**
 * Promises of simulated processes that were rejected and not handled.
 *
 * V8 reports them to Node for all contexts alike, and Node emits `unhandledRejection` after the present turn. That would
 * be thousands of virtual events too late, so the queue is emptied after each call into a process; a promise's prototype
 * shows whose it is. Rejections of the harness's own promises go on unchanged.
 */
import { setImmediate } from 'node:timers';

type OnRejection = (reason: unknown, promise: unknown) => void;

const watchers = new WeakMap<object, OnRejection>();

/** Calls `onRejection` for unhandled promises that have this prototype; it is kept as long as the prototype. */
export function watchRejections(promisePrototype: object, onRejection: OnRejection): void {
  watchers.set(promisePrototype, onRejection);
}

/**
 * Runs the reactions of the harness's promises, when called from a callback of the event loop (from a promise's reaction
 * others cannot be made to run), and emits the rejections that wait. 30 ns when there is nothing.
 */
export function settlePromises(): void {
  turnProcess?.();
}

// Node's own name for "run what process.nextTick and rejections wait for, now"; public by its place on `process`, but
// in no type. Without it, both are done at the end of a slice.
const { _tickCallback: turnProcess } = process as unknown as { readonly _tickCallback?: () => void };

/** Otherwise the wheel must return to the event loop for it. */
export const canSettle = turnProcess !== undefined;

type Listener = NodeJS.UnhandledRejectionListener;

let takers = 0;
let others: readonly Listener[] = [];

/** Takes over `unhandledRejection` for as long as a simulation runs; returns the way back. */
export function takeRejections(): () => void {
  if (takers++ === 0) {
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', route);
  }
  return () => {
    if (--takers > 0) return;
    process.off('unhandledRejection', route);
    for (const listener of others) process.on('unhandledRejection', listener);
    others = [];
  };
}

const ownTakers = new Set<(reason: unknown) => boolean>();

/** Asks `take` first about each rejection that is no node's; what it answers with true to is its own. Returns the way back. */
export function shareRejections(take: (reason: unknown) => boolean): () => void {
  const giveBack = takeRejections();
  ownTakers.add(take);
  return () => {
    ownTakers.delete(take);
    giveBack();
  };
}

function route(reason: unknown, promise: Promise<unknown>): void {
  for (let prototype: unknown = promise; prototype !== null && typeof prototype === 'object';) {
    prototype = Object.getPrototypeOf(prototype);
    const onRejection =
      typeof prototype === 'object' && prototype !== null ? watchers.get(prototype) : undefined;
    if (onRejection !== undefined) {
      onRejection(reason, promise);
      return;
    }
  }
  for (const take of ownTakers) if (take(reason)) return;
  for (const listener of others) listener(reason, promise);
  if (others.length > 0) return;
  setImmediate(() => {
    throw reason;
  });
}
