/**
 * A user's own file as it travels to another machine: in one piece with all that it imports. There it stands under its own name in a folder
 * of its own, so that all that is said of it is the same: findings name invariants by their files.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { OwnFile, TestSpec } from '../../run/test-spec.ts';
import { sdkAlias } from '../../world/own-file.ts';
import { runEsbuild } from '../../world/run-esbuild.ts';
import { ownFilesOf, withOwnFiles } from './own-files.ts';
import { ownBuild } from './own-module.ts';

/** Beside the file that has the user's name. */
const PACKED = 'packed.cjs';

/** The paths of all files of the user's own that a run needs beside its program. */
export const pathsOf = (spec: TestSpec): readonly string[] => [
  ...(spec.invariants ?? []),
  ...ownFilesOf(spec).map(({ file }) => file.path),
];

/** All of `pathsOf`, by their paths. */
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

/** Where it stands from now on. The folder holds nothing else. */
export function unpackFile(folder: string, name: string, content: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const ending = extname(name).toLowerCase();
  if (ending === '.json') {
    writeFileSync(path, content);
    return path;
  }
  writeFileSync(join(folder, PACKED), content);
  // A module of the language has no `module`, and finds what a script exports in its default.
  const isModule = ending === '.mjs' || ending === '.mts';
  writeFileSync(
    path,
    isModule
      ? `import packed from './${PACKED}';\nexport default packed.default;\nexport const sometimes = packed.sometimes;\n`
      : `module.exports = require('./${PACKED}');\n`,
  );
  return path;
}

/** The same spec with its files at other places. */
export function withFilesAt(spec: TestSpec, placeOf: (path: string) => string): TestSpec {
  const { invariants } = spec;
  return {
    ...withOwnFiles(spec, (file: OwnFile) => ({ ...file, path: placeOf(file.path) })),
    ...(invariants === undefined ? {} : { invariants: invariants.map(placeOf) }),
  };
}

/** A path of another machine, perhaps of another system, ends in it. */
export const nameOf = (path: string): string => basename(path.replaceAll('\\', '/'));
