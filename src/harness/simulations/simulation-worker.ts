/**
 * The common part of processes that make simulated runs for a parent: they carry out its orders one after another, send
 * heartbeats, leave signals to the parent, and end when it is gone.
 */
import { Worker } from 'node:worker_threads';
import { belongToParent } from '../belong-to-parent.ts';
import { sentError, type SentError } from '../sent-error.ts';
import { packageFile } from '../package-folder.ts';
import type { WatchOrder } from '../one-test/turn-watch.ts';

/** Interval of the heartbeats of a process that is working; without them it is considered hung. */
export const ALIVE_EVERY_MS = 250;

/** Messages that every such process may send. */
export type FromSimulationWorker =
  /** A heartbeat during a run. */
  | { readonly kind: 'alive' }
  /** An error of the user's or of ours. */
  | { readonly kind: 'failed'; readonly error: SentError };

export function serveParent<Order>(carryOut: (order: Order) => void | Promise<void>): void {
  /** It notices that the parent is gone even if this thread never yields. */
  const watch: WatchOrder = {
    running: new Float64Array(2),
    memoryLimitBytes: Infinity,
    yieldLimitMs: Infinity,
  };
  new Worker(packageFile('dist/turn-watch.js'), { workerData: watch }).unref();
  belongToParent(fail);
  let last: Promise<void> = Promise.resolve();
  process.on('message', (order: Order) => {
    last = last.then(() => carryOut(order)).catch(fail);
  });
  setInterval(() => tell({ kind: 'alive' }), ALIVE_EVERY_MS);
}

const fail = (error: unknown): void => tell({ kind: 'failed', error: sentError(error) });

const tell = (message: FromSimulationWorker): void => void process.send?.(message);
