/** How this package was installed, as a clone or by npm: what a new project needs to find it. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { packageFile } from '../harness/package-folder.ts';
import { IMPORTED_AS, PACKAGE_NAME } from '../world/own-file.ts';
import { nearPath } from './words/near-path.ts';
import { unlessThrows } from '../protocol/unless-throws.ts';

export interface OwnPackage {
  readonly root: string;
  readonly version: string;
  /** Whether it is a clone, which is linked; otherwise npm installs it once more. */
  readonly isClone: boolean;
}

export function ownPackage(): OwnPackage {
  const manifest = packageFile('package.json');
  const root = dirname(manifest);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }; // the manifest of this package
  return {
    root,
    version,
    isClone: existsSync(join(root, 'maelstrom')) && existsSync(join(root, 'src')),
  };
}

/**
 * Returns the dependency that makes a project in this folder find this package as `maelstrom`, whatever its name on
 * npm.
 */
export function dependencyWord(own: OwnPackage, folder: string): string {
  if (own.isClone) return `file:${posix(nearPath(folder, own.root))}`;
  const tarball = tarballOf(own);
  if (tarball !== undefined) return `file:${posix(nearPath(folder, tarball))}`;
  return `npm:${PACKAGE_NAME}@^${own.version}`;
}

/**
 * Returns the tarball that npm has installed it from, according to npm's lock file; undefined if it came from a
 * registry.
 */
export function tarballOf({ root }: OwnPackage): string | undefined {
  const modules = root.lastIndexOf(`${sep}node_modules${sep}`);
  if (modules < 0) return undefined;
  const project = root.slice(0, modules);
  const record = recordOf(join(project, 'node_modules', '.package-lock.json'));
  const from = record?.packages?.[posix(relative(project, root))]?.resolved;
  if (from === undefined || !from.startsWith('file:')) return undefined;
  const tarball = resolve(project, from.slice('file:'.length));
  return existsSync(tarball) ? tarball : undefined;
}

interface InstallRecord {
  readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
}

/** Written by npm. */
const recordOf = (path: string): InstallRecord | undefined =>
  unlessThrows(() => JSON.parse(readFileSync(path, 'utf8')) as InstallRecord);

/** True when the manifest in this folder names this package as a dependency. */
export function hasDependency(folder: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return ['dependencies', 'devDependencies'].some(
      (part) => partOf(partOf(manifest, part), IMPORTED_AS) !== undefined,
    );
  } catch {
    return false;
  }
}

const partOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** True when a program in this folder can already import it. */
export function isFoundFrom(folder: string): boolean {
  try {
    createRequire(join(folder, 'any.js')).resolve(`${IMPORTED_AS}/package.json`);
    return true;
  } catch {
    return false;
  }
}

const posix = (path: string): string => path.split(sep).join('/');
