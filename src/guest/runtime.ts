/**
 * Entry point of the runtime inside a simulated process: defines Node's globals in their virtual form, and returns the calls
 * by which the harness turns the process's event loop. Runs once per process, before the program.
 */
// oxlint-disable-next-line import/no-unassigned-import -- it changes this realm, before anything else
import './language/language.ts';
import { promiseWatch } from './time/async-context.ts';
import { bridge, type Guest, type GuestProgram, type ModuleShape } from './bridge.ts';
import { useVirtualTimeInIntl, useVirtualTimeInTemporal, VirtualDate } from './time/clock.ts';
import { guestConsole } from './streams/console.ts';
import {
  drainTicks,
  finish,
  getExitCode,
  processEvents,
  turn,
  turnBeforeTicks,
  uncaught,
  unhandledRejection,
} from './time/event-loop.ts';
import {
  defineLate,
  defineOneLate,
  lateAbort,
  lateBlob,
  lateBuffer,
  lateWebAssembly,
  lateCrypto,
  lateModules,
  latePerformance,
  lateStructuredClone,
  lateText,
  lateUrl,
  lateWebStreams,
  WEB_STREAM_NAMES,
} from './late.ts';
import { look } from './look.ts';
import { addRequired } from './modules/required.ts';
import { exponentiate } from './language/power.ts';
import { guestProcess } from './process.ts';
import { hideSimulatorInStacks } from './language/stack.ts';
import { receive, receiveEnd } from './streams/stdin.ts';
import { completeModule } from './modules/refusals.ts';
import { fireTimer, timerGlobals } from './time/timers.ts';
import { wrongArgument } from './wrong-argument.ts';

const queueMicrotask = (callback: () => void): void => {
  if (typeof callback !== 'function') throw wrongArgument('callback', 'function', callback);
  void Promise.resolve().then(() => {
    try {
      callback();
    } catch (error) {
      uncaught(error, 'uncaughtException');
    }
  });
};

const globals: Readonly<Record<string, unknown>> = {
  Date: VirtualDate,
  ...timerGlobals,
  console: guestConsole,
  global: globalThis,
  process: guestProcess,
  queueMicrotask,
};

for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
Object.defineProperty(Math, 'random', { value: () => bridge.float(), writable: true, configurable: true });
defineLate(globalThis, {
  AbortController: () => lateAbort().AbortController,
  AbortSignal: () => lateAbort().AbortSignal,
  Blob: () => lateBlob().Blob,
  Buffer: () => lateBuffer().bufferFunctions.Buffer,
  CustomEvent: () => lateAbort().CustomEvent,
  CryptoKey: () => lateCrypto().CryptoKey,
  DOMException: () => lateAbort().DOMException,
  Event: () => lateAbort().Event,
  EventTarget: () => lateAbort().EventTarget,
  File: () => lateBlob().File,
  TextDecoder: () => lateText().TextDecoder,
  TextEncoder: () => lateText().TextEncoder,
  URL: () => lateUrl().URL,
  URLSearchParams: () => lateUrl().URLSearchParams,
  WebAssembly: () => lateWebAssembly().webAssembly(),
  atob: () => lateBuffer().atob,
  btoa: () => lateBuffer().btoa,
  crypto: () => lateCrypto().webcrypto,
  performance: () => latePerformance().guestPerformance,
  structuredClone: () => lateStructuredClone().structuredClone,
});
const webStream = (name: string): unknown => Reflect.get(lateWebStreams().webStreams, name);
for (const name of WEB_STREAM_NAMES) defineOneLate(globalThis, name, webStream);
useVirtualTimeInIntl();
useVirtualTimeInTemporal();
hideSimulatorInStacks();
Object.assign(guestProcess, {
  getBuiltinModule: (name: string): object | undefined =>
    lateModules().builtinModules[name.replace(/^node:/, '')],
});

/** Defined around the bundle (guest-build.ts). */
declare const forget$: () => void;

let finished = false;

function start(program: GuestProgram, isModule: boolean): void {
  const begin = (): void => {
    const builtin = (name: string, shape?: ModuleShape): object =>
      completeModule(name, lateModules().builtinModules[name], shape);
    const requireLate = (name: unknown): unknown => lateModules().requireLate(name);
    const run = program(builtin, requireLate, exponentiate, addRequired);
    run().then(
      () => (finished = true),
      (error: unknown) => uncaught(error, 'uncaughtException'),
    );
  };
  // Node evaluates a module within a promise reaction, so reactions that it causes run before `process.nextTick`.
  if (isModule) turnBeforeTicks(begin);
  else turn(begin);
}

export const guest: Guest = {
  promisePrototype: Promise.prototype,
  promiseWatch,
  moduleExports: () =>
    Object.fromEntries(
      Object.entries(lateModules().builtinModules).map(([name, module]) => [
        name,
        Object.getOwnPropertyNames(module).filter(
          (key) => !(key in Function.prototype) && key !== 'prototype',
        ),
      ]),
    ),
  start,
  stdin: (text) => {
    try {
      receive(text);
    } catch (error) {
      uncaught(error, 'uncaughtException');
    }
    drainTicks();
  },
  endStdin: () => turn(receiveEnd),
  fireTimer,
  drainTicks,
  rejected: (reason, promise) => turn(() => unhandledRejection(reason, promise)),
  handledLate: (promise) => turn(() => void processEvents.emit('rejectionHandled', promise)),
  signal: (name) => {
    let heard = false;
    turn(() => void (heard = processEvents.emit(name, name)));
    return heard;
  },
  beforeExit: () => turn(() => void processEvents.emit('beforeExit', getExitCode() ?? 0)),
  // As in Node, a program whose top-level await can never settle exits with 13.
  exitDry: () => {
    const given = getExitCode();
    finish(given ?? (finished ? 0 : 13), given !== undefined);
  },
  look,
  forget: () => forget$(),
};
