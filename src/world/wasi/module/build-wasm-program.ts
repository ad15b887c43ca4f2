/** Makes a WebAssembly module ready for the simulated world. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../../protocol/user-error.ts';
import { findOwnFile } from '../../own-file.ts';
import { runEsbuild } from '../../bundling/run-esbuild.ts';
import type { NodeCommand } from '../../bundling/node-program.ts';
import type { WasmProgram } from '../../simulated/program/program.ts';
import { checkModule, MEMORY_LIMIT_BYTES, PAGE_BYTES } from './check-module.ts';
import { limitMemory } from './module-sections.ts';
import { folderArguments, IN_FOLDER, packFolder, readProgramFolder } from '../files/program-folder.ts';
import type { ThreadScripts } from '../threads/program-thread.ts';
import { engine } from '../calls/web-assembly.ts';

export interface WasmEntry {
  readonly file: string;
  /** The folder that was given, if the module is its index.wasm. */
  readonly folder?: string;
}

/** Throws a UserError when the module cannot run as a node. */
export async function buildWasmProgram({ file: path, folder }: WasmEntry): Promise<WasmProgram> {
  const bytes = await readFile(path);
  const facts = checkModule(bytes);
  if ('problem' in facts) throw new UserError(`${path} cannot be run: ${facts.problem}`, facts.advice);
  try {
    await engine.compile(bytes);
  } catch (error) {
    if (!(error instanceof engine.CompileError)) throw error;
    throw new UserError(
      `${path} is no valid WebAssembly module: ${error.message.replace(/^WebAssembly\.compile\(\): /, '')}.`,
      'Was it copied or built in full? Node.js may also be too old for what its compiler uses.',
    );
  }
  return {
    version: 1,
    kind: 'wasm',
    name: basename(path),
    script: limitMemory(bytes, MEMORY_LIMIT_BYTES / PAGE_BYTES).toString('base64'),
    ...(await threadScripts()),
    isGo: facts.isGo,
    args: folder === undefined ? [] : folderArguments(folder),
    ...(folder === undefined ? {} : { folder: packFolder(readProgramFolder(folder)) }),
  };
}

/**
 * Returns how to start it in the real world: by Node, with a script that is written to the output folder unless dist/
 * has it.
 */
export async function runnerOf(
  { file, folder }: WasmEntry,
  outputFolder: () => Promise<string>,
): Promise<NodeCommand> {
  const args = folder === undefined ? [file] : [IN_FOLDER, folder, file, ...folderArguments(folder)];
  const runner = findOwnFile('src/world/wasi/run-wasm.ts', 'dist/run-wasm.cjs');
  if (runner.endsWith('.cjs')) return { bin: process.execPath, args: [runner, ...args] };
  const script = join(await outputFolder(), 'run-wasm.cjs');
  await writeFile(script, await bundleOwn(runner));
  return { bin: process.execPath, args: [script, ...args] };
}

let scriptsOfThisProcess: Promise<ThreadScripts> | undefined;

async function threadScripts(): Promise<ThreadScripts> {
  scriptsOfThisProcess ??= bundleThreads();
  try {
    return await scriptsOfThisProcess;
  } catch (error) {
    scriptsOfThisProcess = undefined;
    throw error;
  }
}

async function bundleThreads(): Promise<ThreadScripts> {
  const [thread, keeper] = await Promise.all([bundleThread('wasi-worker'), bundleThread('thread-keeper')]);
  return { thread, keeper };
}

/** Reads the script from dist/, where it is already bundled, or bundles it from source. */
async function bundleThread(name: 'wasi-worker' | 'thread-keeper'): Promise<string> {
  const path = findOwnFile(`src/world/wasi/threads/${name}.ts`, `dist/${name}.cjs`);
  return path.endsWith('.cjs') ? readFile(path, 'utf8') : bundleOwn(path);
}

async function bundleOwn(path: string): Promise<string> {
  const result = await runEsbuild({ entryPoints: [path], platform: 'node', format: 'cjs', write: false });
  return result.outputFiles?.[0]?.text ?? '';
}
