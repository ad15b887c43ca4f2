/** A program ready for the simulated world, which `bundleNode` writes into a file and `SimulatedWorld` runs. */
import { readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { PackedFolder } from '../../wasi/files/program-folder.ts';

/** The suffix of such files; `NodeSpec.bin` may be one. */
export const SIMULATED_PROGRAM_SUFFIX = '.simulated.json';

export type SimulatedProgram = ScriptProgram | WasmProgram;

export interface WasmProgram {
  readonly version: 1;
  readonly kind: 'wasm';
  /** The module's file name. */
  readonly name: string;
  /** The module, in base64. */
  readonly script: string;
  /** The script of the thread that it runs in, if it needs one. */
  readonly thread: string;
  /** The script of the thread that starts those threads. */
  readonly keeper: string;
  readonly isGo: boolean;
  /** The program's folder, if it is one. */
  readonly folder?: PackedFolder;
  /** The arguments that precede the user's own. */
  readonly args: readonly string[];
}

export interface ScriptProgram {
  readonly version: 1;
  readonly kind?: undefined;
  /** The program's file name, such as `broadcast.ts`: what stack traces show. */
  readonly name: string;
  /** Whether it is an ES module and not CommonJS. */
  readonly isModule: boolean;
  /** The simulator's part inside the node's context: a script that evaluates to `(bridge$) => guest`. */
  readonly runtime: string;
  /** The program: a script that evaluates to `(builtin$, require) => async () => {...}`. */
  readonly script: string;
  /** The source map of `script`, as JSON. */
  readonly sourceMap: string;
}

export async function writeSimulatedProgram(file: string, program: SimulatedProgram): Promise<void> {
  await writeFile(file, JSON.stringify(program));
}

/**
 * The last program that was read: half a megabyte, with the runtime and the source map, which many worlds read in
 * sequence.
 */
let lastRead: { readonly version: string; readonly program: SimulatedProgram } | undefined;

/** A file written within this time may be rewritten without getting another modification time. */
const SETTLED_MS = 100;

export function readSimulatedProgram(file: string): SimulatedProgram {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  const version = [file, dev, ino, size, mtimeNs, ctimeNs].join(' ');
  if (lastRead?.version === version) return lastRead.program;
  // oxlint-disable-next-line no-restricted-properties -- compared with the clock of the file system; no run sees it
  const isSettled = Date.now() - Number(ctimeNs / 1_000_000n) > SETTLED_MS;
  // Written by writeSimulatedProgram.
  const program = JSON.parse(readFileSync(file, 'utf8')) as SimulatedProgram;
  if (program.version !== 1) {
    throw new Error(
      `${file} was made by another version of the simulator: version ${String(program.version)}, not 1`,
    );
  }
  if (isSettled) lastRead = { version, program };
  return program;
}
