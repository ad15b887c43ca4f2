/**
 * The turns of a simulated process: each call from the harness runs one callback, then the queue of `process.nextTick`.
 * Anything thrown is an uncaught exception, as in Node. Promise reactions run when the harness drains them.
 */
import { forgetContext, withContext } from './async-context.ts';
import { bridge } from '../bridge.ts';
import { EventEmitter } from '../streams/events.ts';
import { wrongArgument } from '../wrong-argument.ts';

/** Thrown by `process.exit` to unwind the program's stack; nothing that the program does afterwards has any effect. */
export class Exited extends Error {}

/** Returns `otherwise` if inspecting a thrown value throws, as a proxy may. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

const isExit = (error: unknown): boolean => attempt(() => error instanceof Exited, false);

/** `process` as an emitter, on which the event loop emits `exit`, `uncaughtException` and the like. */
export const processEvents = new EventEmitter();

const ticks: (() => void)[] = [];
let exitCode: number | undefined;
let exiting = false;

export function setExitCode(code: number | undefined): void {
  exitCode = code;
}
export function getExitCode(): number | undefined {
  return exitCode;
}

/** Runs a callback of the program as one turn. */
export function turn(callback: () => void): void {
  turnBeforeTicks(callback);
  if (ticks.length > 0) drainTicks();
}

/** Like `turn`, but promise reactions run before the queue of `process.nextTick`, which the harness drains afterwards. */
export function turnBeforeTicks(callback: () => void): void {
  forgetContext();
  try {
    callback();
  } catch (error) {
    uncaught(error, 'uncaughtException');
  }
}

export function nextTick(callback: (...args: unknown[]) => void, ...args: unknown[]): void {
  if (typeof callback !== 'function') throw wrongArgument('callback', 'function', callback);
  if (ticks.length === 0) bridge.wantTicks();
  ticks.push(withContext(args.length === 0 ? callback : () => callback(...args)));
}

export function drainTicks(): void {
  for (let tick = ticks.shift(); tick !== undefined; tick = ticks.shift()) {
    try {
      tick();
    } catch (error) {
      uncaught(error, 'uncaughtException');
    }
  }
}

/** Handles an uncaught error: ends the process with the stack on stderr, unless a listener handles it. */
export function uncaught(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): void {
  if (exiting || isExit(error)) return;
  try {
    processEvents.emit('uncaughtExceptionMonitor', error, origin);
    if (processEvents.emit('uncaughtException', error, origin)) return;
  } catch (another) {
    if (exiting || isExit(another)) return;
    bridge.write(2, `\n${describe(another, origin)}\n`);
    exiting = true; // as in Node, without `exit`
    bridge.exit(7);
    return;
  }
  bridge.write(2, `\n${describe(error, origin)}\n`);
  finish(1);
}

export function unhandledRejection(reason: unknown, promise: unknown): void {
  if (exiting) return;
  try {
    if (processEvents.emit('unhandledRejection', reason, promise)) return;
  } catch (error) {
    uncaught(error, 'uncaughtException');
    return;
  }
  uncaught(asError(reason), 'unhandledRejection');
}

/** Wraps a rejection reason that is not an error in one for `uncaughtException`, as Node does. */
function asError(reason: unknown): unknown {
  if (typeof reason === 'object' && reason !== null && attempt(() => Object.hasOwn(reason, 'stack'), false))
    return reason;
  const error = new Error(
    'This error originated either by throwing inside of an async function without a catch block, or by rejecting a ' +
      `promise which was not handled with .catch(). The promise rejected with the reason "${briefly(reason)}".`,
  );
  Object.defineProperty(error, 'name', { value: 'UnhandledPromiseRejection', configurable: true });
  return Object.assign(error, { code: 'ERR_UNHANDLED_REJECTION' });
}

/** Describes a value as V8 does, without running any code of the program. */
function briefly(value: unknown): string {
  if (typeof value === 'function') return Function.prototype.toString.call(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const name: unknown = attempt(() => value.constructor.name, undefined);
  return `#<${typeof name === 'string' ? name : 'Object'}>`;
}

/** With this code V8 rejects an `import()` in text that is compiled at run time. The error is not one of this realm. */
const LATE_IMPORT = 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING';
const ABOUT_LATE_IMPORT =
  'import() in text that is compiled at run time (eval, new Function) is not available in the simulation: write the ' +
  'import into the program itself, or run the program without --simulate.';

const isLateImport = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === LATE_IMPORT;

function describe(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): string {
  const isError = attempt(() => error instanceof Error, false);
  const inspected = attempt(
    () => `${isError ? '' : 'Uncaught '}${bridge.inspect(error, undefined)}`,
    'Uncaught, what throws when it is looked at',
  );
  // Its stack is that of the simulation.
  const shown = attempt(() => isLateImport(error), false)
    ? `Uncaught Error [${LATE_IMPORT}]: ${ABOUT_LATE_IMPORT}`
    : inspected;
  return origin === 'unhandledRejection'
    ? `A promise was rejected, and no handler was attached to it.\n${shown}`
    : shown;
}

/** Offers an error to the listeners of `uncaughtException`. */
function isHandled(error: unknown): boolean {
  try {
    processEvents.emit('uncaughtExceptionMonitor', error, 'uncaughtException');
    return processEvents.emit('uncaughtException', error, 'uncaughtException');
  } catch (another) {
    return isExit(another);
  }
}

/**
 * Ends the process after running its `exit` listeners. An error in one of them sets the code to 1, unless the program has
 * said which code it is to be (`isGiven`).
 */
export function finish(code: number, isGiven = true): void {
  if (exiting) return;
  exiting = true;
  exitCode = code;
  try {
    processEvents.emit('exit', code);
  } catch (error) {
    if (!isExit(error) && !isHandled(error)) {
      bridge.write(2, `\n${describe(error, 'uncaughtException')}\n`);
      if (!isGiven && getExitCode() === code) exitCode = 1;
    }
  }
  // An `exit` listener may have changed the code, which the compiler cannot see.
  bridge.exit(getExitCode() ?? code);
}
