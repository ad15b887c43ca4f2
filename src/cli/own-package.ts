/** How this package got where it is, a clone or an install: what a new project needs to find it, and how it is called there. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { packageFile } from '../harness/package-folder.ts';
import { IMPORTED_AS, PACKAGE_NAME } from '../world/own-file.ts';
import { nearPath } from './words/near-path.ts';

export interface OwnPackage {
  readonly root: string;
  readonly version: string;
  /** A clone is linked to; what npm has installed is installed once more. */
  readonly isClone: boolean;
}

export function ownPackage(): OwnPackage {
  const manifest = packageFile('package.json');
  const root = dirname(manifest);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }; // our own
  return {
    root,
    version,
    isClone: existsSync(join(root, 'maelstrom')) && existsSync(join(root, 'src')),
  };
}

/** What the manifest of a project in that folder says to have this package as `maelstrom`, whatever it is called on npm. */
export function dependencyWord(own: OwnPackage, folder: string): string {
  if (own.isClone) return `file:${posix(nearPath(folder, own.root))}`;
  const tarball = tarballOf(own);
  if (tarball !== undefined) return `file:${posix(nearPath(folder, tarball))}`;
  return `npm:${PACKAGE_NAME}@^${own.version}`;
}

/** The file from which npm has installed it, by npm's own record; undefined where it came from a registry. */
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

function recordOf(path: string): InstallRecord | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as InstallRecord; // npm's own
  } catch {
    return undefined;
  }
}

/** Whether the manifest in that folder names this package among those that the project needs. */
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

/** Whether a program in that folder finds it already. */
export function isFoundFrom(folder: string): boolean {
  try {
    createRequire(join(folder, 'any.js')).resolve(`${IMPORTED_AS}/package.json`);
    return true;
  } catch {
    return false;
  }
}

const posix = (path: string): string => path.split(sep).join('/');
