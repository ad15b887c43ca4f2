/**
 * Packs a user's own file for another machine, together with everything it imports. There it gets its own name in a
 * separate folder, so that all messages stay the same: findings name invariants by their files.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { makeFolders } from '../../files/make-folders.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { sdkAlias } from '../../world/own-file.ts';
import { runEsbuild } from '../../world/bundling/run-esbuild.ts';
import { ownFilesOf } from '../../run/own-files.ts';
import { ownBuild } from './own-module.ts';

/** Name of the packed code, beside the file that has the user's name. */
const PACKED = 'packed.cjs';

/** Returns the paths of all files of the user's that a run needs besides its program. */
export const pathsOf = (spec: TestSpec): readonly string[] => [
  ...(spec.invariants ?? []),
  ...ownFilesOf(spec).map(({ file }) => file.path),
];

/** Packs all of `pathsOf`; indexed by path. */
export async function packFiles(spec: TestSpec): Promise<ReadonlyMap<string, Buffer>> {
  const packed = new Map<string, Buffer>();
  for (const path of spec.invariants ?? []) packed.set(path, await pack(path, { alias: sdkAlias() }));
  for (const { file } of ownFilesOf(spec)) {
    const isData = extname(file.path).toLowerCase() === '.json';
    packed.set(file.path, isData ? readFileSync(file.path) : await pack(file.path, ownBuild()));
  }
  return packed;
}

async function pack(path: string, how: object): Promise<Buffer> {
  const { outputFiles = [] } = await runEsbuild({
    ...how,
    entryPoints: [path],
    write: false,
    sourcemap: 'inline',
    platform: 'node',
    format: 'cjs',
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}

/** Unpacks a file and returns its new path. The folder must contain nothing else. */
export function unpackFile(folder: string, name: string, content: Uint8Array): string {
  makeFolders(folder);
  const path = join(folder, name);
  const ending = extname(name).toLowerCase();
  if (ending === '.json') {
    writeFileSync(path, content);
    return path;
  }
  writeFileSync(join(folder, PACKED), content);
  // An ES module has no `module`, and gets the exports of a script as its default import.
  const isModule = ending === '.mjs' || ending === '.mts';
  writeFileSync(
    path,
    isModule
      ? `import packed from './${PACKED}';\nexport default packed.default;\nexport const sometimes = packed.sometimes;\n`
      : `module.exports = require('./${PACKED}');\n`,
  );
  return path;
}

/** Returns the file name of a path that may be from another operating system. */
export const nameOf = (path: string): string => basename(path.replaceAll('\\', '/'));
