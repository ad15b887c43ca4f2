/** Files that came with this harness: the SDK, and what is loaded by its path. */
import { statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export function findSdk(): string {
  return findOwnFile('src/node/index.ts', 'dist/node.js');
}

/** A file of this package: its source when this code runs from source, the built one when it runs from dist/. */
export function findOwnFile(source: string, built: string): string {
  const here = fileURLToPath(import.meta.url);
  let root = dirname(here);
  while (!isFile(join(root, 'package.json')) && root !== dirname(root)) root = dirname(root);
  const file = join(root, relative(root, here).startsWith('dist') ? built : source);
  if (!isFile(file))
    throw new Error(`This installation is not complete: ${file} is missing. Install it again.`);
  return file;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
