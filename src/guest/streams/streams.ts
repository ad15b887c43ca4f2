/**
 * `node:stream`: Node's own streams from the package `readable-stream`, loaded on first use, so that other programs do not
 * pay for them.
 */
import { EventEmitter, eventsModule } from './events.ts';
import { lateBuffer, lateText, lateWebAdapters } from '../late.ts';

export interface Readable extends EventEmitter {
  readonly destroyed: boolean;
  push(chunk: Uint8Array | string | null, encoding?: string): boolean;
  pause(): this;
  resume(): this;
  setEncoding(encoding?: string): this;
  destroy(error?: Error): this;
}

export interface Writable extends EventEmitter {
  readonly destroyed: boolean;
  readonly writableFinished: boolean;
  write(chunk: unknown, ...rest: unknown[]): boolean;
  end(...rest: unknown[]): this;
  destroy(error?: Error): this;
}

export type Done = (error?: unknown) => void;

/** The part of the module used here; programs get all of it. */
export interface StreamModule {
  readonly Readable: new (options?: object) => Readable;
  readonly Writable: new (options?: object) => Writable;
  readonly Transform: new (options?: object) => object;
  readonly Duplex: new (options?: object) => object;
  readonly promises: object;
}

/** Replacements for the packages that `readable-stream` requires; guest-build.ts redirects its calls of `require` here. */
declare const standIns$: Record<string, unknown>;

/** Gives the package the process object, whose `nextTick` and standard streams it uses. */
export function lendProcess(guestProcess: object): void {
  standIns$['process/'] = guestProcess;
}

let module: StreamModule | undefined;
const waiting: ((streams: StreamModule) => void)[] = [];

/** Registers a callback that runs once, before a program first sees a stream. */
export function whenStreamsLoad(run: (streams: StreamModule) => void): void {
  waiting.push(run);
}

export function loadStreams(): StreamModule {
  if (module !== undefined) return module;
  Object.assign(standIns$, {
    buffer: lateBuffer(),
    events: eventsModule,
    'string_decoder/': { StringDecoder: lateText().StringDecoder },
  });
  // A call of `require`, not an import, so that the package is evaluated only now.
  module = require('readable-stream/lib/stream.js') as StreamModule; // as Node's documentation has it
  convertLate(module);
  for (const run of waiting) run(module);
  return module;
}

/** Defines `toWeb` and `fromWeb`, and loads web streams when one of them is first called. */
function convertLate(streams: StreamModule): void {
  for (const kind of ['Readable', 'Writable', 'Duplex'] as const)
    for (const name of ['toWeb', 'fromWeb'] as const)
      Object.defineProperty(streams[kind], name, {
        value: (...args: unknown[]): unknown => {
          lateWebAdapters().convertStreams(streams); // replaces this function
          return Reflect.apply(Reflect.get(streams[kind], name) as () => unknown, streams[kind], args);
        },
        writable: true,
        configurable: true,
      });
}

/**
 * Lets a lightweight object stand in for a stream: the first access to a property that only streams have calls `become`,
 * which changes the object's prototype, and is then repeated. A proxy at the end of the prototype chain catches such
 * accesses, since defining a property for each name would be slow in every process.
 */
export function standsFor(
  prototype: object,
  names: Readonly<Record<string | symbol, true>>,
  become: () => void,
): void {
  const behind = Object.create(Object.getPrototypeOf(prototype) as object) as object; // of what a class extends
  const knows = (name: string | symbol): boolean => Object.hasOwn(names, name);
  Object.setPrototypeOf(
    prototype,
    new Proxy(behind, {
      has: (target, name) => knows(name) || Reflect.has(target, name),
      get(target, name, receiver: object): unknown {
        if (!knows(name)) return Reflect.get(target, name, receiver);
        become();
        return Reflect.get(receiver, name);
      },
      set(target, name, value: unknown, receiver: object) {
        if (!knows(name)) return Reflect.set(target, name, value, receiver);
        return Reflect.defineProperty(receiver, name, {
          value,
          writable: true,
          configurable: true,
          enumerable: true,
        });
      },
    }),
  );
}
