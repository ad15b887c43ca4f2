/**
 * Modules and globals that a simulated node lacks. A package may import them, as many do without using them: they throw
 * when called. (In the user's own files such imports are refused while bundling, with file and line.)
 */
import type { ModuleShape } from '../bridge.ts';
import { EventEmitter } from '../streams/events.ts';

type Names = Record<string, unknown>;

/** Exports with correct values, of modules that otherwise refuse. */
const ANSWERS: Readonly<Record<string, Names>> = {
  cluster: { isMaster: true, isPrimary: true, isWorker: false, workers: {} },
  inspector: { url: (): undefined => undefined },
  worker_threads: {
    isMainThread: true,
    parentPort: null,
    threadId: 0,
    workerData: null,
    resourceLimits: {},
  },
};

/** `cluster` may be listened to, as loggers do: it never has anything to say. */
const answersOf = (name: string): object =>
  name === 'cluster' ? Object.assign(new EventEmitter(), ANSWERS[name]) : { ...ANSWERS[name] };

export function refusing(what: string, why?: string): object {
  // A plain function, so that it can be extended and called with `new`.
  const refuse = function (): never {
    throw unavailable(what, why);
  };
  Object.defineProperty(refuse, 'name', { value: what.split('.').at(-1) });
  return refuse;
}

/** The reason for modules that access the outside world. */
const REACHES_OUT = ': it would reach out of it';

export function unavailable(what: string, why = ''): Error {
  const error = new Error(
    `${what} is not available in the simulation${why}. ` +
      'Run the program without --simulate, or do without it.',
  );
  return Object.assign(error, { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' });
}

/** Globals of Node that a simulated node lacks. */
const missingGlobals = (): string[] =>
  `
  Atomics SharedArrayBuffer BroadcastChannel MessageChannel MessageEvent MessagePort EventSource WebSocket
  CloseEvent fetch FormData Headers Request Response Navigator navigator Storage localStorage sessionStorage Worker
  Crypto SubtleCrypto URLPattern Performance PerformanceEntry PerformanceMark PerformanceMeasure
  PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming`
    .trim()
    .split(/\s+/);
const OTHER_RUNTIMES = ['Deno', 'Bun'];

/** Returns why a global is not defined, for the error message; undefined if the simulation is not the reason. */
export function missingGlobal(name: string): string | undefined {
  if (OTHER_RUNTIMES.includes(name))
    return `It belongs to ${name}; in the simulation there is what Node has. Run the program without --simulate.`;
  if (!missingGlobals().includes(name)) return undefined;
  return 'Node has it, the simulation does not. Run the program without --simulate, or do without it.';
}

const completed = new Map<string, object>();

/** Completes a module, which may be missing altogether, with refusals for all names it has in Node. */
export function completeModule(
  name: string,
  own: object | undefined,
  shape: ModuleShape | undefined,
): object {
  const known = completed.get(name);
  if (known !== undefined) return known;
  const module = (own ?? answersOf(name)) as Names; // modules are looked at by name only
  if (shape === undefined) return module;
  completed.set(name, module);
  const why = own === undefined && shape.reachesOut === true ? REACHES_OUT : '';
  for (const path of shape.functions.split(' '))
    addFunction(module, path, (what) => refusing(`${name}.${what}`, why));
  if (shape.data !== undefined) addData(module, JSON.parse(shape.data) as Names); // written by the bundler
  return module;
}

function addFunction(module: Names, path: string, refuse: (what: string) => object): void {
  const [first = '', second] = path.split('.');
  if (second === undefined) {
    if (!(first in module)) define(module, first, refuse(first));
    return;
  }
  if (!(first in module)) define(module, first, {});
  const part = module[first];
  if (typeof part === 'object' && part !== null && !(second in part)) {
    define(part as Names, second, refuse(path));
  }
}

function addData(module: Names, data: Names): void {
  for (const [name, value] of Object.entries(data)) {
    const own = module[name];
    if (!(name in module)) define(module, name, value);
    else if (isObject(own) && isObject(value)) addData(own, value);
  }
}

const isObject = (value: unknown): value is Names => typeof value === 'object' && value !== null;

function define(target: Names, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}
