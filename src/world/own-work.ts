/**
 * Calls functions from the user's files, which may never return. V8 ends such a call by a timeout of `vm`, which starts
 * a watching thread and takes 60 µs. Calls that already run under another watchdog are therefore only noted: that
 * watchdog ends them, and asks here which call it was.
 */
import { createContext, Script } from 'node:vm';
import { OwnFault } from '../protocol/user-error.ts';
import { heedingSignals, isEndedBySignal, signalsEndOwnWork, afterEnding } from './ended-by-signals.ts';
import { callBegins, callEnds, placeOfLoop } from './loop-place.ts';
import { USUAL_YIELD_LIMIT_MS } from './simulated/turn/turn-record.ts';

/** A function of the user's did not return, and was ended. */
export class NeverReturned extends OwnFault {
  constructor(what: string, limitMs: number, place = placeOfLoop()) {
    super(
      `${what} did not return within ${limitMs / 1000} s of real time, and was ended${place === undefined ? '' : `: it was in ${place}`}.`,
      'Which loop of it does not end?',
    );
  }
}

/** Results carry an error's message but not its class. An interrupted call is not a fault of the file. */
export const WHEN_INTERRUPTED = 'when it was interrupted';

/** A function of the user's was ended by Ctrl-C or another signal. */
export class EndedBySignal extends OwnFault {
  constructor(what: string, ranMs: number) {
    super(`${what} had not returned after ${(ranMs / 1000).toFixed(1)} s, ${WHEN_INTERRUPTED}.`);
  }
}

export function isTimeout(error: unknown): boolean {
  // The error is made in the watchdog's context, so it is not an instance of our Error.
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

let inProgress: string | undefined;
let isWatched = false;

const context: { call: () => unknown } = { call: () => undefined };
const script = new Script('call()');

/** Returns the call that was running when a watchdog ended it: no `finally` runs then. */
export const ownWorkInProgress = (): string | undefined => inProgress;

/** Runs `run` while another watchdog ends calls that do not return. */
export function underWatchdog<Result>(run: () => Result): Result {
  const before = isWatched;
  inProgress = undefined;
  callEnds(0);
  isWatched = true;
  try {
    return run();
  } finally {
    isWatched = before;
  }
}

/**
 * Runs `run`, and throws a NeverReturned if it does not return within `limitMs`; `what` begins its message: `A client
 * of lock.ts`. Work that may take `minutes` can also be ended by signals, with an EndedBySignal, if the process has
 * asked for that; each such call costs another 60 µs.
 */
export function ownWork<Result>(
  what: string,
  run: () => Result,
  limitMs: number = USUAL_YIELD_LIMIT_MS,
  takes: 'seconds' | 'minutes' = 'seconds',
): Result {
  return isWatched
    ? noted(what, run, limitMs)
    : watched(what, run, limitMs, takes === 'minutes' && signalsEndOwnWork());
}

function noted<Result>(what: string, run: () => Result, limitMs: number): Result {
  const before = inProgress;
  const callBefore = callBegins(limitMs);
  inProgress = what;
  try {
    return run();
  } finally {
    inProgress = before;
    callEnds(callBefore);
  }
}

function watched<Result>(what: string, run: () => Result, limitMs: number, breakOnSigint: boolean): Result {
  if (!('isReady' in context)) createContext(Object.assign(context, { isReady: true }));
  context.call = () => noted(what, run, limitMs);
  const options = { timeout: limitMs, displayErrors: false, breakOnSigint };
  const call = (): Result => script.runInContext(context, options) as Result; // what `run` returns
  const beganMs = performance.now();
  isWatched = true;
  try {
    return breakOnSigint ? heedingSignals(call) : call();
  } catch (error) {
    const bySignal = isEndedBySignal(error);
    if (!bySignal && !isTimeout(error)) throw error;
    const ended = inProgress ?? what;
    inProgress = undefined;
    if (!bySignal) throw new NeverReturned(ended, limitMs);
    afterEnding();
    throw new EndedBySignal(ended, performance.now() - beganMs);
  } finally {
    isWatched = false;
    callEnds(0);
  }
}
