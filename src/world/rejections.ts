/**
 * Handles unhandled rejections of promises of simulated processes, and of the user's files that take part in a run.
 *
 * V8 reports them to Node for all contexts alike, and Node emits `unhandledRejection` after the current turn. That
 * would be thousands of virtual events too late, so the queue is emptied after each call into a process. A promise's
 * prototype shows which process it belongs to. Rejections of the harness's own promises pass through unchanged.
 */
import { setImmediate } from 'node:timers';

type OnRejection = (reason: unknown, promise: unknown) => void;

interface RejectionWatcher {
  readonly rejected: OnRejection;
  /** A promise that was reported as rejected has got a handler after all. */
  readonly handledLate: (promise: unknown) => void;
}

const watchers = new WeakMap<object, RejectionWatcher>();

/** Calls the watcher for unhandled promises with this prototype. The watcher lives as long as the prototype. */
export function watchRejections(promisePrototype: object, watcher: RejectionWatcher): void {
  watchers.set(promisePrototype, watcher);
}

/**
 * Runs the pending reactions of the harness's promises and emits the waiting rejections. Works only when called from a
 * callback of the event loop, not from a promise's reaction. Takes 30 ns when nothing waits.
 */
export function settlePromises(): void {
  turnProcess?.();
}

// Node's internal function that runs what process.nextTick and rejections have queued. It is reachable on `process`,
// but has no type. Without it, both are done at the end of a slice.
const { _tickCallback: turnProcess } = process as unknown as { readonly _tickCallback?: () => void };

/** When false, the simulated world must return to Node's event loop to settle promises. */
export const canSettle = turnProcess !== undefined;

type Listener = NodeJS.UnhandledRejectionListener;

/** Returns true if a rejection belonged to this run, which has then handled it. */
export type TakeRejection = (reason: unknown) => boolean;

/** A run's registration for rejections, until `giveBack`. */
export interface Taking {
  /**
   * Called when this run takes a turn. With several runs open, the next rejection is most likely that of the run with
   * the latest turn.
   */
  turns(): void;
  giveBack(): void;
}

/** The registered runs; the one with the latest turn is last. */
const takings = new Map<Taking, TakeRejection>();
let others: readonly Listener[] = [];

/**
 * Takes over `unhandledRejection` for the duration of a run; `take` is asked about rejections that belong to no node.
 */
export function takeRejections(take: TakeRejection): Taking {
  if (takings.size === 0) {
    others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', route);
    process.on('rejectionHandled', routeHandled);
  }
  const taking: Taking = {
    turns() {
      takings.delete(taking);
      takings.set(taking, take);
    },
    giveBack() {
      if (!takings.delete(taking) || takings.size > 0) return;
      process.off('unhandledRejection', route);
      process.off('rejectionHandled', routeHandled);
      for (const listener of others) process.on('unhandledRejection', listener);
      others = [];
    },
  };
  takings.set(taking, take);
  return taking;
}

function watcherOf(promise: Promise<unknown>): RejectionWatcher | undefined {
  for (let prototype: unknown = promise; prototype !== null && typeof prototype === 'object';) {
    prototype = Object.getPrototypeOf(prototype);
    const watcher = typeof prototype === 'object' && prototype !== null ? watchers.get(prototype) : undefined;
    if (watcher !== undefined) return watcher;
  }
  return undefined;
}

function routeHandled(promise: Promise<unknown>): void {
  watcherOf(promise)?.handledLate(promise);
}

function route(reason: unknown, promise: Promise<unknown>): void {
  const watcher = watcherOf(promise);
  if (watcher !== undefined) {
    watcher.rejected(reason, promise);
    return;
  }
  for (const take of [...takings.values()].toReversed()) if (take(reason)) return;
  for (const listener of others) listener(reason, promise);
  if (others.length > 0) return;
  setImmediate(() => {
    throw reason;
  });
}
