/**
 * The turns of a simulated process: each call from the harness runs one callback, then what `process.nextTick` was given.
 * What is thrown on the way is an uncaught exception, as in Node. Promise reactions run when the harness drains them.
 */
import { forgetContext, withContext } from './async-context.ts';
import { bridge } from '../bridge.ts';
import { EventEmitter } from '../streams/events.ts';
import { wrongArgument } from '../wrong-argument.ts';

/** Thrown by `process.exit` to leave the program; nothing it does after that has any effect. */
export class Exited extends Error {}

/** What a program throws may be anything, a proxy that throws when it is looked at as well. */
function attempt<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

const isExit = (error: unknown): boolean => attempt(() => error instanceof Exited, false);

/** `process` as an emitter: the event loop emits the end of things on it. */
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

/** The same where promise reactions come before what `process.nextTick` was given: the harness then asks for those. */
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

/** What was not caught ends the process, with its stack on stderr, unless a listener takes it. */
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

/** What a promise was rejected with that is no error reaches `uncaughtException` within one, as in Node. */
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

/** As V8 names values without running any of the program's code. */
function briefly(value: unknown): string {
  if (typeof value === 'function') return Function.prototype.toString.call(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const name: unknown = attempt(() => value.constructor.name, undefined);
  return `#<${typeof name === 'string' ? name : 'Object'}>`;
}

function describe(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): string {
  const isError = attempt(() => error instanceof Error, false);
  const shown = attempt(
    () => `${isError ? '' : 'Uncaught '}${bridge.inspect(error, undefined)}`,
    'Uncaught, what throws when it is looked at',
  );
  return origin === 'unhandledRejection'
    ? `A promise was rejected, and no handler was attached to it.\n${shown}`
    : shown;
}

/** Ends the process: `exit` listeners run, then nothing does. */
export function finish(code: number): void {
  if (exiting) return;
  exiting = true;
  exitCode = code;
  try {
    processEvents.emit('exit', code);
  } catch (error) {
    if (!isExit(error)) bridge.write(2, `\n${describe(error, 'uncaughtException')}\n`);
  }
  // An `exit` listener may have set another code; the compiler cannot see that.
  bridge.exit(getExitCode() ?? code);
}
