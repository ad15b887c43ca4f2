/**
 * What processes in WebAssembly have in common in the simulated world, whichever way they run: how they wait, print and
 * end.
 */
import type { GuestSettings } from '../../guest/bridge.ts';
import type { HostParts } from '../simulated/process/host-parts.ts';
import { OutputLimitError } from '../simulated/output.ts';
import type { ProcessEnd } from './calls/run-instance.ts';
import type { ProcessFacts } from './simulated-system.ts';
import type { Want } from './calls/wasi-system.ts';

/** The id of the only timer. */
const TIMER = 1;

export class WasmProcess {
  /** True when it has ended or is being ended. */
  isOver = false;
  private hasTimer = false;

  constructor(readonly parts: HostParts) {}

  wants({ input, delayNanos }: Want): void {
    this.parts.listen(input);
    if (delayNanos === Infinity) return;
    this.hasTimer = true;
    this.parts.timers.set(TIMER, delayNanos);
  }

  /** Called when a line has arrived or the time has come. */
  wakes(): void {
    if (this.hasTimer) this.parts.timers.callOff(TIMER);
    this.hasTimer = false;
  }

  /** Returns false if the process must not continue, because it has printed too much. */
  write(fd: 1 | 2, data: Uint8Array): boolean {
    if (this.isOver) return false;
    try {
      this.parts.write(fd, data);
    } catch (error) {
      if (!(error instanceof OutputLimitError)) throw error;
      this.isOver = true;
    }
    return !this.isOver;
  }

  /** Called when the process's own thread has died. */
  died(reason: string): void {
    if (!this.write(2, Buffer.from(`\n${deathWords(reason)}\n`))) return;
    this.isOver = true;
    this.parts.die('SIGKILL');
  }

  ended({ code }: Pick<ProcessEnd, 'code'>): void {
    if (this.isOver) return;
    this.isOver = true;
    this.parts.exit(code);
  }
}

/** Matches Node's error message of a thread. */
const HEAP_FULL = /memory limit|out of memory/i;

const deathWords = (reason: string): string =>
  HEAP_FULL.test(reason)
    ? `wasm: out of memory: its tables and objects, which are not in its linear memory, fill the heap of its thread (${reason}).`
    : `wasm: the thread of this process has died: ${reason}.`;

/** Returns where the node finds its disk, and the arguments and environment that a real process would get. */
export function factsOf(name: string, settings: GuestSettings, { startedNanos }: HostParts): ProcessFacts {
  const { argv, env, epochMs } = settings;
  // The first two are Node and its script.
  return {
    args: [name, ...argv.slice(2)],
    env,
    dataDir: env['MAELSTROM_DATA_DIR'] ?? '/',
    startedNanos,
    epochMs,
  };
}
