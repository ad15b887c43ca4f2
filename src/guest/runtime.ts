/**
 * The inside of a simulated process: gives the context Node's globals in their virtual form, and the harness the calls
 * that turn the process's event loop. Runs once in each node's context, before the program.
 */
// oxlint-disable-next-line import/no-unassigned-import -- it changes this realm, before anything else
import './language.ts';
import { promiseWatch } from './async-context.ts';
import { AbortController, AbortSignal, DOMException, Event, EventTarget, useTimers } from './abort.ts';
import { Blob, File } from './blob.ts';
import { bridge, type Guest, type GuestProgram, type ModuleShape } from './bridge.ts';
import { atob, btoa, Buffer } from './buffer.ts';
import { guestPerformance, useVirtualTimeInIntl, useVirtualTimeInTemporal, VirtualDate } from './clock.ts';
import { guestConsole } from './console.ts';
import { webcrypto } from './crypto.ts';
import {
  drainTicks,
  finish,
  getExitCode,
  processEvents,
  turn,
  turnBeforeTicks,
  uncaught,
  unhandledRejection,
} from './event-loop.ts';
import { look } from './look.ts';
import { builtinModules, requireLate } from './modules.ts';
import { exponentiate } from './power.ts';
import { guestProcess } from './process.ts';
import { hideSimulatorInStacks } from './stack.ts';
import { receive, receiveEnd } from './stdin.ts';
import { completeModule } from './refusals.ts';
import { CryptoKey } from './subtle.ts';
import { structuredClone } from './structured-clone.ts';
import { TextDecoder, TextEncoder } from './text.ts';
import { fireTimer, timerGlobals } from './timers.ts';
import { URL, URLSearchParams } from './url.ts';

const queueMicrotask = (callback: () => void): void => {
  if (typeof callback !== 'function') throw new TypeError('queueMicrotask needs a function');
  void Promise.resolve().then(() => {
    try {
      callback();
    } catch (error) {
      uncaught(error, 'uncaughtException');
    }
  });
};

const globals: Readonly<Record<string, unknown>> = {
  AbortController,
  AbortSignal,
  Blob,
  Buffer,
  CryptoKey,
  DOMException,
  Date: VirtualDate,
  Event,
  EventTarget,
  File,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  atob,
  btoa,
  ...timerGlobals,
  console: guestConsole,
  crypto: webcrypto,
  global: globalThis,
  performance: guestPerformance,
  process: guestProcess,
  queueMicrotask,
  structuredClone,
};

for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}
Object.defineProperty(Math, 'random', { value: () => bridge.float(), writable: true, configurable: true });
useVirtualTimeInIntl();
useVirtualTimeInTemporal();
hideSimulatorInStacks();
useTimers((callback, delayMs) => void timerGlobals.setTimeout(callback, delayMs).unref());

Object.assign(guestProcess, {
  getBuiltinModule: (name: string): object | undefined => builtinModules[name.replace(/^node:/, '')],
});

let finished = false;

function start(program: GuestProgram, isModule: boolean): void {
  const begin = (): void => {
    const builtin = (name: string, shape?: ModuleShape): object =>
      completeModule(name, builtinModules[name], shape);
    const run = program(builtin, requireLate, exponentiate);
    run().then(
      () => (finished = true),
      (error: unknown) => uncaught(error, 'uncaughtException'),
    );
  };
  // Node evaluates a module within a promise's reaction: those that it causes run before `process.nextTick`.
  if (isModule) turnBeforeTicks(begin);
  else turn(begin);
}

export const guest: Guest = {
  promisePrototype: Promise.prototype,
  promiseWatch,
  moduleExports: () =>
    Object.fromEntries(
      Object.entries(builtinModules).map(([name, module]) => [
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
  signal: (name) => {
    let heard = false;
    turn(() => void (heard = processEvents.emit(name, name)));
    return heard;
  },
  beforeExit: () => turn(() => void processEvents.emit('beforeExit', getExitCode() ?? 0)),
  // As in Node: a program whose top level still waits, for something that cannot come, ends with 13.
  exitDry: () => finish(getExitCode() ?? (finished ? 0 : 13)),
  look,
};
