/**
 * Calls of functions of the user's files, which may never return. V8 ends such a call by a timeout of `vm`, which a thread of its own
 * watches; starting one takes 60 us, so that calls under the eye of another watchdog are only noted: that one ends them, and asks
 * here what was going on.
 */
import { createContext, Script } from 'node:vm';
import { UserError } from '../protocol/user-error.ts';
import { USUAL_YIELD_LIMIT_MS } from './simulated/turn-record.ts';

/** Something of the user's did not return, and was ended. */
export class NeverReturned extends UserError {
  constructor(what: string, limitMs: number) {
    super(
      `${what} did not return within ${limitMs / 1000} s of real time, and was ended.`,
      'Which loop of it does not end?',
    );
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
  isWatched = true;
  try {
    return run();
  } finally {
    isWatched = before;
  }
}

/** `what` begins the message of the NeverReturned that it throws: `A client of lock.ts`. */
export function ownWork<Result>(
  what: string,
  run: () => Result,
  limitMs: number = USUAL_YIELD_LIMIT_MS,
): Result {
  return isWatched ? noted(what, run) : watched(what, run, limitMs);
}

function noted<Result>(what: string, run: () => Result): Result {
  const before = inProgress;
  inProgress = what;
  try {
    return run();
  } finally {
    inProgress = before;
  }
}

function watched<Result>(what: string, run: () => Result, limitMs: number): Result {
  if (!('isReady' in context)) createContext(Object.assign(context, { isReady: true }));
  context.call = () => noted(what, run);
  isWatched = true;
  try {
    return script.runInContext(context, { timeout: limitMs, displayErrors: false }) as Result; // what `run` returns
  } catch (error) {
    if (!isTimeout(error)) throw error;
    const ended = inProgress ?? what;
    inProgress = undefined;
    throw new NeverReturned(ended, limitMs);
  } finally {
    isWatched = false;
  }
}
