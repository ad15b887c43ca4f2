/**
 * Promises that were rejected and not handled: of simulated processes, and of the user's files that take part in a run.
 *
 * V8 reports them to Node for all contexts alike, and Node emits `unhandledRejection` after the present turn. That would
 * be thousands of virtual events too late, so the queue is emptied after each call into a process; a promise's prototype
 * shows whose it is. Those of the harness's own promises go on unchanged.
 */
import { setImmediate } from 'node:timers';

type OnRejection = (reason: unknown, promise: unknown) => void;

interface RejectionWatcher {
  readonly rejected: OnRejection;
  /** One that was reported as rejected has got a handler after all. */
  readonly handledLate: (promise: unknown) => void;
}

const watchers = new WeakMap<object, RejectionWatcher>();

/** Calls the watcher for unhandled promises that have this prototype; it is kept as long as the prototype. */
export function watchRejections(promisePrototype: object, watcher: RejectionWatcher): void {
  watchers.set(promisePrototype, watcher);
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

/** Says with true that a rejection was this run's own, and has been dealt with. */
export type TakeRejection = (reason: unknown) => boolean;

/** That a run is asked about rejections, until it gives back. */
export interface Taking {
  /** It turns now, so what comes next is more likely its own than another's: several runs may stand while one goes on. */
  turns(): void;
  giveBack(): void;
}

/** Those that go on, the one that turned last at the end. */
const takings = new Map<Taking, TakeRejection>();
let others: readonly Listener[] = [];

/** Takes over `unhandledRejection` for as long as a run goes on; `take` is asked about what is no node's. */
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
