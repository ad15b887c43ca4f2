/**
 * Prepares a program to be started as a node. JavaScript and TypeScript are bundled with esbuild where needed.
 *
 * For the real world see node-program.ts. For the simulated world everything becomes one script in which the simulator
 * replaces Node's modules (see simulated/program/build-program.ts). In both, `maelstrom/node` is the SDK that came with this
 * harness.
 */
import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { statIfThere } from '../../files/plain-file.ts';
import { UserError } from '../../protocol/user-error.ts';
import { makeTempFolder } from '../real/machine-limits.ts';
import { prepareForNode, refuseJsx, runsScripts, type NodeCommand } from './node-program.ts';
import { isWasmFile } from '../real/program/wasm-binary.ts';
import { readShebang } from './shebang.ts';
import { buildSimulatedProgram } from '../simulated/program/build-program.ts';
import { buildWasmProgram, runnerOf, type WasmEntry } from '../wasi/module/build-wasm-program.ts';
import { INDEX_WASM } from '../wasi/files/program-folder.ts';
import { SIMULATED_PROGRAM_SUFFIX, writeSimulatedProgram } from '../simulated/program/program.ts';

export type BundleTarget = 'real' | 'simulated';

/**
 * Prepares the program at this absolute path to be started in that world, as a `NodeSpec` needs it.
 *
 * Bundles are written to `folder`, by default a temporary folder that is removed when this process exits. In the real
 * world a program that is neither JavaScript nor TypeScript, nor a folder with an index file of theirs, runs as it is.
 * Throws a UserError when the program is missing, does not compile, or cannot run in that world.
 */
export async function bundleNode(path: string, target: BundleTarget, folder?: string): Promise<NodeCommand> {
  if (target === 'simulated' && isPrepared(path)) return { bin: path, args: [] };
  const entry = findEntry(path);
  if (target === 'simulated') {
    if (entry.language === 'other') throw cannotSimulate(path);
    const program = await (entry.language === 'wasm'
      ? buildWasmProgram(entry)
      : buildSimulatedProgram(entry.file));
    const file = join(await outputFolder(folder), `${basename(path)}${SIMULATED_PROGRAM_SUFFIX}`);
    await writeSimulatedProgram(file, program);
    return { bin: file, args: [] };
  }
  if (entry.language === 'wasm') return runnerOf(entry, () => outputFolder(folder));
  if (entry.language === 'other') return { bin: path, args: [] };
  return prepareForNode(entry.file, () => outputFolder(folder));
}

/**
 * Whether this file was already prepared for the simulated world, so that a program that runs often is prepared once.
 */
export const isPrepared = (path: string): boolean => path.endsWith(SIMULATED_PROGRAM_SUFFIX);

export function cannotSimulate(path: string): UserError {
  return new UserError(
    `${path} cannot run in the simulated world: that runs JavaScript, TypeScript and WebAssembly only.`,
    extname(path) === '.py'
      ? 'Run it without --simulate, or as a folder that brings Python for WebAssembly along: docs/wasm.md, Python.'
      : 'Run it without --simulate, write it in JavaScript or TypeScript, or compile it to WebAssembly (WASI preview 1): docs/wasm.md.',
  );
}

export interface ProgramEntry extends WasmEntry {
  readonly language: 'javascript' | 'wasm' | 'other';
}

const JAVASCRIPT = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']);
const INDEX_FILES = ['index.ts', 'index.mts', 'index.js', 'index.mjs', 'index.cjs'];

/** Returns a program's first file and its language. Throws a UserError when there is no program. */
export function findEntry(path: string): ProgramEntry {
  const stats = statIfThere(path);
  if (stats === undefined) {
    throw new UserError(`There is no program at ${path}.`, 'Check the path given with --bin.');
  }
  if (stats.isDirectory()) {
    const index = INDEX_FILES.map((name) => join(path, name)).find((file) => statIfThere(file) !== undefined);
    if (index !== undefined) return { file: index, language: 'javascript' };
    const module = join(path, INDEX_WASM);
    if (isWasmFile(module)) return { file: module, folder: path, language: 'wasm' };
    throw new UserError(
      `${path} is a folder without an index.ts, index.js or index.wasm.`,
      'Give --bin the program itself, or a folder whose program is its index file.',
    );
  }
  const extension = extname(path);
  const isScript =
    JAVASCRIPT.has(extension) || (extension === '' && runsScripts(readShebang(path)?.name ?? ''));
  if (isScript) return { file: path, language: 'javascript' };
  refuseJsx(path);
  return { file: path, language: isWasmFile(path) ? 'wasm' : 'other' };
}

async function outputFolder(folder: string | undefined): Promise<string> {
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    return folder;
  }
  const made = makeTempFolder('maelstrom-bundle-');
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}
