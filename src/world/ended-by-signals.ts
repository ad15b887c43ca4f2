/**
 * Ends the user's synchronous code on Ctrl-C and other termination signals. While such code keeps the thread busy, as a
 * checker that never returns does, no JavaScript listener is called. V8 can end a script of `vm` at SIGINT, and at no
 * other signal:
 *
 *     SIGINT             ends the script; its listeners are called here, once the script has ended
 *     SIGTERM, SIGHUP    are seen by a second thread, which sends SIGINT; Node calls their own listeners later
 */
import { Worker } from 'node:worker_threads';

/** Signal numbers: SIGHUP, SIGTERM. */
const RELAYED = [1, 15];

/** Shared with the thread: 1 when it has sent SIGINT in place of another signal. */
const relayed = flag();
let thread: Worker | undefined;
let wanted: 'no' | 'SIGINT' | 'all' = 'no';
let ended = 0;

/**
 * Node delivers signals to the main thread only, except through an internal binding. A thread gets it by this option; from
 * Node 24 on `process.binding` no longer has it. Without it, SIGTERM waits until the work is over.
 */
const WITH_BINDINGS = ['--expose-internals', '--no-warnings'];
const RELAY = `
const { workerData } = require('node:worker_threads');
try {
  const { Signal } = require('internal/test/binding').internalBinding('signal_wrap');
  for (const number of workerData.signals) {
    const signal = new Signal();
    signal.onsignal = () => {
      if (Atomics.load(workerData.busy, 0) === 0) return;
      Atomics.store(workerData.relayed, 0, 1);
      process.kill(process.pid, 'SIGINT');
    };
    signal.start(number);
  }
} catch {}
Atomics.store(workerData.listens, 0, 1);
Atomics.notify(workerData.listens, 0);
`;
const STARTS_WITHIN_MS = 2_000;
/** Shared with the thread: 1 while there is work that a signal may end. */
const busy = flag();
/** Shared with the thread: 1 once it listens. */
const listens = flag();

/**
 * Lets signals end work until the returned function is called. `all` needs a thread; `SIGINT` is enough for a process
 * whose parent sends it SIGINT.
 */
export function letSignalsEndOwnWork(which: 'SIGINT' | 'all'): () => void {
  wanted = which;
  return () => (wanted = 'no');
}

/** Returns how often a signal has ended work in this process. */
export const timesEndedBySignals = (): number => ended;

/** False without a listener for SIGINT: then SIGINT ends the process, as usual. */
export const signalsEndOwnWork = (): boolean => wanted !== 'no' && process.listenerCount('SIGINT') > 0;

/** Runs a script of `vm` that SIGINT can break off. Returns or throws what it does. */
export function heedingSignals<Result>(run: () => Result): Result {
  if (wanted === 'all' && process.platform !== 'win32') startRelay();
  Atomics.store(relayed, 0, 0);
  Atomics.store(busy, 0, 1);
  try {
    return run();
  } finally {
    Atomics.store(busy, 0, 0);
  }
}

/**
 * Called once for each piece of work that a signal has ended. Calls the listeners of SIGINT, which could not be called
 * before.
 */
export function afterEnding(): void {
  ended++;
  if (Atomics.load(relayed, 0) === 0) process.emit('SIGINT', 'SIGINT');
}

function startRelay(): void {
  if (thread !== undefined) return;
  const workerData = { signals: RELAYED, relayed, busy, listens };
  try {
    thread = new Worker(RELAY, { eval: true, workerData, argv: [], execArgv: WITH_BINDINGS, env: {} });
  } catch {
    // A Node without these options.
    wanted = 'SIGINT';
    return;
  }
  thread.on('error', () => undefined);
  thread.unref();
  // This thread may be busy from now on. Until the other one listens, both would lose a signal.
  Atomics.wait(listens, 0, 0, STARTS_WITHIN_MS);
}

function flag(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

export function isEndedBySignal(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED'
  );
}
