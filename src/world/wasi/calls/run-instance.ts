/** Runs a module as a process, and returns how it ended. */
import { WASI } from './abi.ts';
import { ProcessExit, WAITING, WasiProcess } from './wasi-calls.ts';
import type { WasiSystem } from './wasi-system.ts';
import { engine, type WasmInstance, type WasmMemory, type WasmModule } from './web-assembly.ts';

/** The exit code that a shell reports for an aborted process. */
const TRAPPED = 134;
/** Maximum number of stack frames; fewer than the lines that are shown of a crash. */
const FRAMES = 7;

export interface ProcessEnd {
  readonly code: number;
  /** Text for stderr; empty if there is none. */
  readonly words: string;
}

export interface RunnableModule {
  readonly module: WasmModule;
  readonly isGo: boolean;
}

/**
 * Runs the module in a thread that may block while the program waits. `isOurs` recognises errors that are not the
 * program's, which are rethrown.
 */
export function runBlocking(
  { module, isGo }: RunnableModule,
  system: WasiSystem,
  isOurs: (error: unknown) => boolean = () => false,
): ProcessEnd {
  const process = new WasiProcess(system, isGo);
  try {
    const instance = new engine.Instance(module, { [WASI]: process.calls });
    startOf(instance, process)();
    return ended(process, undefined);
  } catch (error) {
    // A process that was ended must not close anything: its files may already belong to its successor.
    if (isOurs(error)) throw error;
    return ended(process, error);
  }
}

/** Runs the module in a thread that continues while the program waits, suspended. */
export async function runSuspending(
  { module, isGo }: RunnableModule,
  system: WasiSystem,
  isOurs: (error: unknown) => boolean,
): Promise<ProcessEnd> {
  const { Suspending, promising } = engine;
  if (Suspending === undefined || promising === undefined) throw new Error('this Node has no JSPI');
  const process = new WasiProcess(system, isGo);
  const calls = Object.entries(process.calls).map(([name, call]) => [
    name,
    WAITING.has(name) ? new Suspending(call) : call,
  ]);
  try {
    const instance = new engine.Instance(module, {
      [WASI]: Object.fromEntries(calls) as Record<string, unknown>,
    });
    await promising(startOf(instance, process))();
    return ended(process, undefined);
  } catch (error) {
    if (isOurs(error)) throw error;
    return ended(process, error);
  }
}

function startOf({ exports }: WasmInstance, process: WasiProcess): () => void {
  // Both exist: check-module.ts has checked.
  process.attach(exports['memory'] as WasmMemory);
  return exports['_start'] as () => void;
}

/** Returns how a process ended by itself. */
function ended(process: WasiProcess, error: unknown): ProcessEnd {
  process.close();
  const { missed } = process;
  const code = error === undefined ? 0 : error instanceof ProcessExit ? error.code : TRAPPED;
  const words = error === undefined || error instanceof ProcessExit ? [] : trapWords(error);
  if (code !== 0 && missed.size > 0)
    words.push(
      `It has called ${[...missed].join(', ')}, which is not there (ENOSYS): nodes in WebAssembly have neither sockets, links nor signals.`,
    );
  return { code, words: words.map((line) => `${line}\n`).join('') };
}

/** The causes behind V8's error messages. */
const MEANINGS: readonly (readonly [beginning: string, meaning: string])[] = [
  ['Maximum call stack', 'a stack overflow. Which recursion of it does not end?'],
  ['memory access out of bounds', 'a bad pointer, or its stack has overflowed'],
  ['unreachable', 'an abort, a panic or an assertion of the program'],
];

function trapWords(error: unknown): string[] {
  if (!(error instanceof Error)) return ['wasm trap: an exception that the program did not catch'];
  const { message } = error;
  const meaning = MEANINGS.find(([beginning]) => message.startsWith(beginning))?.[1];
  const said = meaning === undefined ? message : `${message}: ${meaning}`;
  const isTrap = [engine.RuntimeError, RangeError].some((kind) => error instanceof kind);
  const frames = framesOf(error.stack ?? '');
  return [
    `wasm trap: ${isTrap ? said : `${error.name}: ${said}`}`,
    ...frames.slice(0, FRAMES),
    ...(frames.length > FRAMES ? [`    and ${frames.length - FRAMES} more`] : []),
  ];
}

/** Matches functions that a language runs when a program has given up; they are above the program's own functions. */
const GIVING_UP =
  /^ {4}at (?:__rust|rust_|_?_?abort\b|__assert|(?:std|core)::(?:panicking|sys_common|sys::backtrace|result|option)\b)/;

function framesOf(stack: string): string[] {
  const frames = stack
    .split('\n')
    .filter((line) => line.includes('wasm-function['))
    .map(shownFrame);
  const own = frames.findIndex((frame) => !GIVING_UP.test(frame));
  return own < 0 ? frames : frames.slice(own);
}

/**
 * `at work (wasm://wasm/node-1a2b:wasm-function[12]:0x3f)` without the module's address, and with the original name.
 */
const shownFrame = (line: string): string =>
  line.replace(/wasm:\/\/wasm\/[^\s:]*:/, '').replace(/\b_ZN\w[\w.$]*E\b/, writtenName);

/**
 * Returns the original name: `_ZN4kv5Store3get17h0123456789abcdefE` is `kv::Store::get`, in C++ and Rust alike. A last
 * part that is a hash is dropped.
 */
function writtenName(mangled: string): string {
  const parts: string[] = [];
  let rest = mangled.slice('_ZN'.length);
  for (let length = /^\d+/.exec(rest)?.[0]; length !== undefined; length = /^\d+/.exec(rest)?.[0]) {
    const start = length.length;
    const part = rest.slice(start, start + Number(length));
    if (!/^h[0-9a-f]{16}$/.test(part))
      parts.push(
        part
          .replace(/^_\$/, '$')
          .replace(/\$u7b\$/g, '{')
          .replace(/\$u7d\$/g, '}'),
      );
    rest = rest.slice(start + Number(length));
  }
  return rest === 'E' ? parts.join('::') : mangled;
}
