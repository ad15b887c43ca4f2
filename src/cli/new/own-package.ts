/** How this package got where it is, a clone or an install: what a new project needs to find it, and how it is called there. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { packageFile } from '../../harness/package-folder.ts';
import { shellWord } from '../../protocol/shell-word.ts';

export interface OwnPackage {
  readonly root: string;
  readonly name: string;
  readonly version: string;
  /** A clone is linked to; what npm has installed is installed once more. */
  readonly isClone: boolean;
}

/** As programs import it. */
const IMPORTED_AS = 'maelstrom';

export function ownPackage(): OwnPackage {
  const manifest = packageFile('package.json');
  const root = dirname(manifest);
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string; version: string }; // our own
  return {
    root,
    name,
    version,
    isClone: existsSync(join(root, 'maelstrom')) && existsSync(join(root, 'src')),
  };
}

/** What the manifest of a project in that folder says to have this package. */
export function dependencyWord(own: OwnPackage, folder: string): string {
  if (own.isClone) return `file:${posix(nearPath(folder, own.root))}`;
  const tarball = tarballOf(own);
  if (tarball !== undefined) return `file:${posix(nearPath(folder, tarball))}`;
  const range = `^${own.version}`;
  return own.name === IMPORTED_AS ? range : `npm:${own.name}@${range}`;
}

/** The file from which npm has installed it, by npm's own record; undefined where it came from a registry. */
function tarballOf({ root, name }: OwnPackage): string | undefined {
  const modules = root.lastIndexOf(`${sep}node_modules${sep}`);
  if (modules < 0) return undefined;
  const project = root.slice(0, modules);
  const record = recordOf(join(project, 'node_modules', '.package-lock.json'));
  const from = record?.packages?.[`node_modules/${name}`]?.resolved;
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

/**
 * How the command is called from that folder, when it was called as `program` here: a path to it is another one there, and a
 * name (`npx maelstrom`) stays.
 */
export function calledFrom(folder: string, program: string): string {
  const isPath = program.includes('/') && !program.startsWith('npx ');
  return isPath ? shellWord(nearPath(folder, resolve(program))) : program;
}

/** From the folder to the path; absolute where that is less of a way. */
export function nearPath(folder: string, path: string): string {
  const near = relative(folder, path);
  if (isAbsolute(near) || near.split(sep).filter((part) => part === '..').length > 3) return path;
  return near.startsWith('.') ? near : `.${sep}${near}`;
}

const posix = (path: string): string => path.split(sep).join('/');
