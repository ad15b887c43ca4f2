/**
 * Ends the process that takes all memory, before it takes ours: simulated nodes share the heap of the harness.
 *
 * Between slices of events it looks at how much memory is in use. From `WORRY` on it measures what each turn of each process
 * adds; past `LIMIT`, and if collecting garbage does not help, the process that has added most is named; and the next one, should the memory go on growing.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Shares of the heap that V8 may take before it gives up. */
const WORRY = 0.25;
const LIMIT = 0.6;
/** By how much it must have grown since one was named before another is: what that one held comes back only after a while. */
const GROWTH = 0.05;

/** How much memory is in use, and how much may be, in bytes. */
export interface Memory {
  readonly limitBytes: number;
  usedBytes(): number;
  /** Frees what is no longer referenced. */
  collect(): void;
}

export const processMemory: Memory = {
  limitBytes: getHeapStatistics().heap_size_limit,
  usedBytes: () => {
    const { used_heap_size: heap, external_memory: buffers } = getHeapStatistics();
    return heap + buffers;
  },
  collect: () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void; // V8 puts it there because of the flag
    collect();
  },
};

export class MemoryGuard<Process> {
  private worried = false;
  private usedBefore = 0;
  private readonly grown = new Map<Process, number>();
  /** What may be in use before a process is named. */
  private mayUseBytes: number;

  constructor(private readonly memory: Memory) {
    this.mayUseBytes = memory.limitBytes * LIMIT;
  }

  /** To be called before a turn of a process. */
  enter(): void {
    if (this.worried) this.usedBefore = this.memory.usedBytes();
  }

  /** To be called after it. */
  leave(process: Process): void {
    if (!this.worried) return;
    const grown = this.memory.usedBytes() - this.usedBefore;
    // What the garbage collector freed during the turn says nothing about it.
    if (grown > 0) this.grown.set(process, (this.grown.get(process) ?? 0) + grown);
  }

  /** To be called now and then, between turns: the process that must end, and how many bytes are in use; or undefined. */
  look(): { readonly process: Process; readonly usedBytes: number } | undefined {
    const { memory } = this;
    let usedBytes = memory.usedBytes();
    this.worried = usedBytes > memory.limitBytes * WORRY;
    if (usedBytes < memory.limitBytes * LIMIT) this.mayUseBytes = memory.limitBytes * LIMIT;
    if (usedBytes <= this.mayUseBytes) return undefined;
    memory.collect();
    usedBytes = memory.usedBytes();
    if (usedBytes <= this.mayUseBytes) return undefined;
    const [process] = [...this.grown].reduce<readonly [Process | undefined, number]>(
      (most, each) => (each[1] > most[1] ? each : most),
      [undefined, 0],
    );
    this.mayUseBytes = usedBytes + memory.limitBytes * GROWTH;
    if (process === undefined) return undefined; // it is the harness's own
    this.grown.delete(process);
    return { process, usedBytes };
  }
}
