/**
 * Ends the process that takes all memory, before it takes the harness's: simulated nodes share its heap.
 *
 * Between slices of events the guard reads how much memory is in use. From `WORRY` on it measures what each turn of
 * each process adds. Past `LIMIT`, if collecting garbage does not help, it names the process that has added most, and
 * then the next one if the memory keeps growing.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Shares of the heap size limit of V8. */
const WORRY = 0.25;
const LIMIT = 0.6;
/** Minimum growth after a process was named before another one is named: its memory is freed only after a while. */
const GROWTH = 0.05;

/** How much memory is in use, and its limit, in bytes. */
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
    const collect = runInNewContext('gc') as () => void; // V8 defines it because of the flag
    collect();
  },
};

export class MemoryGuard<Process> {
  private worried = false;
  private usedBefore = 0;
  private readonly grown = new Map<Process, number>();
  /** The memory that may be in use before a process is named. */
  private mayUseBytes: number;

  constructor(private readonly memory: Memory) {
    this.mayUseBytes = memory.limitBytes * LIMIT;
  }

  /** Must be called before a turn of a process. */
  enter(): void {
    if (this.worried) this.usedBefore = this.memory.usedBytes();
  }

  /** Must be called after a turn of a process. */
  leave(process: Process): void {
    if (!this.worried) return;
    const grown = this.memory.usedBytes() - this.usedBefore;
    // A decrease comes from the garbage collector and says nothing about the process.
    if (grown > 0) this.grown.set(process, (this.grown.get(process) ?? 0) + grown);
  }

  /**
   * Must be called now and then, between turns. Returns the process that must end and the bytes in use, or undefined.
   */
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
    if (process === undefined) return undefined; // the harness itself uses the memory
    this.grown.delete(process);
    return { process, usedBytes };
  }
}
