/** Locates what came with this harness: its name, the SDK, and files that are loaded by their path. */
import { statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The name by which programs import this package, whatever it is called on npm. */
export const IMPORTED_AS = 'maelstrom';

/** The name on npm, where `maelstrom` is another package. A test compares it with package.json. */
export const PACKAGE_NAME = '@maelstrom-ts/maelstrom';

const SDK_NAMES: ReadonlySet<string> = new Set([`${IMPORTED_AS}/node`, `${PACKAGE_NAME}/node`]);

export const isSdk = (name: string): boolean => SDK_NAMES.has(name);

export function findSdk(): string {
  return findOwnFile('src/node/index.ts', 'dist/node.js');
}

/**
 * Returns what names the files of the SDK by their place in this package, such as `maelstrom/dist/node.js`, and returns
 * undefined for others.
 */
export function sdkNames(): (file: string) => string | undefined {
  const sdk = findSdk();
  const root = ownFolder();
  return (file) =>
    file === sdk || (sdk.endsWith('.ts') && dirname(file) === dirname(sdk))
      ? `${IMPORTED_AS}/${relative(root, file).replaceAll(sep, '/')}`
      : undefined;
}

/** Returns esbuild's `alias` option that resolves each name of the SDK to the one that came with this harness. */
export function sdkAlias(): Readonly<Record<string, string>> {
  const sdk = findSdk();
  return Object.fromEntries([...SDK_NAMES].map((name) => [name, sdk]));
}

/**
 * Returns a file of this package: its source when this code runs from source, the built one when it runs from dist/.
 */
export function findOwnFile(source: string, built: string): string {
  const here = fileURLToPath(import.meta.url);
  const root = ownFolder();
  const file = join(root, relative(root, here).startsWith('dist') ? built : source);
  if (!isFile(file))
    throw new Error(`This installation is not complete: ${file} is missing. Install it again.`);
  return file;
}

function ownFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isFile(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
