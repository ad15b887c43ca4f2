/** A program ready for the simulated world: what `bundleNode` writes into a file and `SimulatedWorld` runs. */
import { readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { PackedFolder } from '../wasi/program-folder.ts';

/** How such a file's name ends; `NodeSpec.bin` may be one. */
export const SIMULATED_PROGRAM_SUFFIX = '.simulated.json';

export type SimulatedProgram = ScriptProgram | WasmProgram;

export interface WasmProgram {
  readonly version: 1;
  readonly kind: 'wasm';
  /** The module's file name. */
  readonly name: string;
  /** The module, in base64. */
  readonly script: string;
  /** The thread that it runs in, as a script, where it needs one. */
  readonly thread: string;
  /** The thread that starts those, likewise. */
  readonly keeper: string;
  readonly isGo: boolean;
  /** The folder that the program is, if it is one. */
  readonly folder?: PackedFolder;
  /** Its first arguments. */
  readonly args: readonly string[];
}

export interface ScriptProgram {
  readonly version: 1;
  readonly kind?: undefined;
  /** The program's file name, such as `broadcast.ts`: what stack traces show. */
  readonly name: string;
  /** Whether it is a module of the language, and not a script in the way of CommonJS. */
  readonly isModule: boolean;
  /** The simulator's side inside the node's context: `(bridge$) => guest` as a script. */
  readonly runtime: string;
  /** The program: `(builtin$, require) => async () => {...}` as a script. */
  readonly script: string;
  /** The source map of `script`, as JSON. */
  readonly sourceMap: string;
}

export async function writeSimulatedProgram(file: string, program: SimulatedProgram): Promise<void> {
  await writeFile(file, JSON.stringify(program));
}

/** What was read last: half a megabyte, with the runtime and the source map, which many worlds read one after another. */
let lastRead: { readonly version: string; readonly program: SimulatedProgram } | undefined;

/** A file that was written so shortly before may be written once more without showing another time. */
const SETTLED_MS = 100;

export function readSimulatedProgram(file: string): SimulatedProgram {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  const version = [file, dev, ino, size, mtimeNs, ctimeNs].join(' ');
  if (lastRead?.version === version) return lastRead.program;
  // oxlint-disable-next-line no-restricted-properties -- compared with the clock of the file system; no run sees it
  const isSettled = Date.now() - Number(ctimeNs / 1_000_000n) > SETTLED_MS;
  // Written by the function above.
  const program = JSON.parse(readFileSync(file, 'utf8')) as SimulatedProgram;
  if (program.version !== 1) {
    throw new Error(
      `${file} was made by another version of the simulator: version ${String(program.version)}, not 1`,
    );
  }
  if (isSettled) lastRead = { version, program };
  return program;
}
