/** The world as a simulated WASI process finds it: the same in its own thread and in that of the simulation. */
import type { GuestDisk } from '../../guest/bridge.ts';
import { preopensOf, type FolderFiles } from './folder-files.ts';
import { SimulatedFiles } from './simulated-files.ts';
import type { WasiSystem } from './wasi-system.ts';

/** Facts about the process that do not change. */
export interface ProcessFacts {
  /** With the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where the data folder is on the disk. */
  readonly dataDir: string;
  readonly startedNanos: number;
  /** Milliseconds since 1970 at virtual time 0. */
  readonly epochMs: number;
}

export interface SystemParts extends Pick<WasiSystem, 'fillRandom' | 'write' | 'closed' | 'wait'> {
  readonly disk: GuestDisk;
  /** Virtual time; looking takes some. */
  lookNanos(): number;
  /** What the node's clock shows at that time. */
  shownNanos(nanos: number): number;
}

/** The machine has been up for this long at virtual time 0, so that programs can count back from now. */
const UP_NANOS = 1_000_000n * 1_000_000_000n;

export function makeSimulatedSystem(
  facts: ProcessFacts,
  folder: FolderFiles | undefined,
  parts: SystemParts,
): WasiSystem {
  const { args, env, dataDir, startedNanos, epochMs } = facts;
  const epochNanos = BigInt(epochMs) * 1_000_000n;
  const files = new SimulatedFiles(parts.disk, dataDir, epochNanos);
  return {
    args,
    env,
    preopens: preopensOf(dataDir, files, folder),
    monotonicNanos: () => UP_NANOS + BigInt(parts.lookNanos()),
    wallNanos: () => epochNanos + BigInt(parts.shownNanos(parts.lookNanos())),
    usedNanos: () => BigInt(parts.lookNanos() - startedNanos),
    fillRandom: (target) => parts.fillRandom(target),
    write: (fd, data) => parts.write(fd, data),
    closed: (fd) => parts.closed(fd),
    wait: (want) => parts.wait(want),
  };
}

/** Whole words, in the order of the memory. */
export function fillWithWords(target: Uint8Array, drawWord: () => number): void {
  for (let at = 0; at < target.length; at += 4) {
    const word = drawWord();
    for (let i = 0; i < 4 && at + i < target.length; i++) target[at + i] = word >>> (8 * i);
  }
}
