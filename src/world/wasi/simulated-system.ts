/** The system of a simulated WASI process, the same in its own thread and in that of the simulation. */
import type { TimedDisk } from '../../guest/bridge.ts';
import { preopensOf, type FolderFiles } from './files/folder-files.ts';
import { SimulatedFiles } from './files/simulated-files.ts';
import type { WasiSystem } from './calls/wasi-system.ts';

/** Properties of the process that do not change. */
export interface ProcessFacts {
  /** Begins with the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The path of the data folder on the disk. */
  readonly dataDir: string;
  readonly startedNanos: number;
  /** Milliseconds since 1970 at virtual time 0. */
  readonly epochMs: number;
}

export interface SystemParts extends Pick<WasiSystem, 'fillRandom' | 'write' | 'closed' | 'wait'> {
  readonly disk: TimedDisk;
  /** Reads the virtual time, which takes some. */
  lookNanos(): number;
  /** Returns what the node's clock shows at that time. */
  shownNanos(nanos: number): number;
}

/** The uptime of the machine at virtual time 0, so that programs can subtract from the current time. */
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

/** Fills the target with whole words, in little-endian order. */
export function fillWithWords(target: Uint8Array, drawWord: () => number): void {
  for (let at = 0; at < target.length; at += 4) {
    const word = drawWord();
    for (let i = 0; i < 4 && at + i < target.length; i++) target[at + i] = word >>> (8 * i);
  }
}
