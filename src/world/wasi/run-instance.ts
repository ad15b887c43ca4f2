/** Runs a module as a process, and says how it ended. */
import { WASI } from './abi.ts';
import { ProcessExit, WAITING, WasiProcess } from './wasi-calls.ts';
import type { WasiSystem } from './wasi-system.ts';
import { engine, type WasmInstance, type WasmMemory, type WasmModule } from './web-assembly.ts';

/** As a shell says of a process that was aborted. */
const TRAPPED = 134;
/** Fewer than the lines that are shown of a crash. */
const FRAMES = 7;

export interface ProcessEnd {
  readonly code: number;
  /** For stderr; empty where there is nothing to say. */
  readonly words: string;
}

export interface RunnableModule {
  readonly module: WasmModule;
  readonly isGo: boolean;
}

/** In a thread that may be held up whenever the program waits. `isOurs` tells errors that are not the program's: they are thrown. */
export function runBlocking(
  { module, isGo }: RunnableModule,
  system: WasiSystem,
  isOurs: (error: unknown) => boolean = () => false,
): ProcessEnd {
  const process = new WasiProcess(system, isGo);
  try {
    const instance = new engine.Instance(module, { [WASI]: process.calls });
    startOf(instance, process)();
    return endOf(process, undefined);
  } catch (error) {
    if (isOurs(error)) throw error;
    return endOf(process, error);
  } finally {
    process.close();
  }
}

/** In a thread that goes on while the program waits: it is suspended. */
export async function runSuspending(
  { module, isGo }: RunnableModule,
  system: WasiSystem,
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
    return endOf(process, undefined);
  } catch (error) {
    return endOf(process, error);
  } finally {
    process.close();
  }
}

function startOf({ exports }: WasmInstance, process: WasiProcess): () => void {
  // Both are there: check-module.ts has looked.
  process.attach(exports['memory'] as WasmMemory);
  return exports['_start'] as () => void;
}

function endOf({ missed }: WasiProcess, error: unknown): ProcessEnd {
  const code = error === undefined ? 0 : error instanceof ProcessExit ? error.code : TRAPPED;
  const words = error === undefined || error instanceof ProcessExit ? [] : trapWords(error);
  if (code !== 0 && missed.size > 0)
    words.push(
      `It has called ${[...missed].join(', ')}, which is not there (ENOSYS): nodes in WebAssembly have neither sockets, links nor signals.`,
    );
  return { code, words: words.map((line) => `${line}\n`).join('') };
}

/** What programs have done that V8 says this of. */
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
  const frames = (error.stack ?? '').split('\n').filter((line) => line.includes('wasm-function['));
  return [
    `wasm trap: ${isTrap ? said : `${error.name}: ${said}`}`,
    ...frames.slice(0, FRAMES).map(shownFrame),
    ...(frames.length > FRAMES ? [`    and ${frames.length - FRAMES} more`] : []),
  ];
}

/** `at work (wasm://wasm/node-1a2b:wasm-function[12]:0x3f)` without the address of the module, which says nothing. */
const shownFrame = (line: string): string => line.replace(/wasm:\/\/wasm\/[^\s:]*:/, '');
