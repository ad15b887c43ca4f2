/**
 * Calls of functions of the user's files, which may never return. V8 ends such a call by a timeout of `vm`, which a thread of its own
 * watches; starting one takes 60 us, so that calls under the eye of another watchdog are only noted: that one ends them, and asks
 * here what was going on.
 */
import { createContext, Script } from 'node:vm';
import { OwnFault } from '../protocol/user-error.ts';
import { heedingSignals, isEndedBySignal, signalsEndOwnWork, afterEnding } from './ended-by-signals.ts';
import { callBegins, callEnds, placeOfLoop } from './loop-place.ts';
import { USUAL_YIELD_LIMIT_MS } from './simulated/turn-record.ts';

/** Something of the user's did not return, and was ended. */
export class NeverReturned extends OwnFault {
  constructor(what: string, limitMs: number, place = placeOfLoop()) {
    super(
      `${what} did not return within ${limitMs / 1000} s of real time, and was ended${place === undefined ? '' : `: it was in ${place}`}.`,
      'Which loop of it does not end?',
    );
  }
}

/** Results have the words of an error and not its class; that it was interrupted is no mistake of the file. */
export const WHEN_INTERRUPTED = 'when it was interrupted';

/** Something of the user's was ended by Ctrl-C, or by another signal. */
export class EndedBySignal extends OwnFault {
  constructor(what: string, ranMs: number) {
    super(`${what} had not returned after ${(ranMs / 1000).toFixed(1)} s, ${WHEN_INTERRUPTED}.`);
  }
}

export function isTimeout(error: unknown): boolean {
  // It is made in the watchdog's context, so it is no Error of ours.
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

/** What was going on when a watchdog ended it: no `finally` is run then. */
export const ownWorkInProgress = (): string | undefined => inProgress;

/** While `run` runs, another watchdog ends what does not return. */
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
 * `what` begins the message of the NeverReturned that it throws: `A client of lock.ts`. Work that may take minutes is ended by signals
 * too, by an EndedBySignal, where the process has asked for it; each call then costs another 60 us.
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
