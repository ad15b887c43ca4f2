/**
 * Loads a file of the user's that is part of the harness and not of a node: bundled as programs are, so that TypeScript
 * and imports work, and run in this process.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import { sdkAlias } from '../../world/own-file.ts';
import { runEsbuild } from '../../world/bundling/run-esbuild.ts';

/**
 * Returns its exports: an object, or the value that a script has assigned instead. Throws what the file throws, and a
 * UserError if it does not compile.
 */
export async function loadModule(path: string): Promise<unknown> {
  const { outputFiles = [] } = await runEsbuild({
    entryPoints: [path],
    write: false,
    platform: 'node',
    format: 'cjs',
    alias: sdkAlias(),
  });
  const module: { exports: unknown } = { exports: {} };
  const run = compileFunction(
    outputFiles[0]?.text ?? '',
    ['module', 'exports', 'require', '__filename', '__dirname'],
    { filename: path },
  ) as (...parts: readonly unknown[]) => void; // called with these parameters
  run(module, module.exports, createRequire(path), path, dirname(path));
  return module.exports;
}
