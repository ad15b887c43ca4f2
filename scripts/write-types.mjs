/**
 * Type declarations for the package: tsc's output for the entry files, changed to name JavaScript files as packages do.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { setPriority } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENTRIES = ['index', 'node/index', 'testing/index', 'checkers/index'];
/** In the folder of declarations: the sources they were made from. */
const SOURCES = 'sources.json';
const words = (folder) => [
  'node_modules/typescript/bin/tsc',
  '-p',
  'tsconfig.build.json',
  '--outDir',
  folder,
];

/** Makes them from scratch, with type checking. */
export function writeTypes(folder) {
  execFileSync(process.execPath, words(folder), { cwd: root, stdio: ['ignore', 2, 2] });
  finish(folder);
}

/**
 * Updates the declarations if a source they describe has changed, after the build of a clone, so that an editor knows
 * what `maelstrom/node` exports. It takes longer than the build, so a separate process does it in the background, with
 * its output in .build/types.log.
 */
export function startRefreshingTypes(folder) {
  if (isFresh(folder)) return;
  const log = openSync(join(root, '.build', 'types.log'), 'w');
  const options = { cwd: root, detached: true, stdio: ['ignore', log, log] };
  spawn(process.execPath, [fileURLToPath(import.meta.url), '--refresh', folder], options).unref();
  closeSync(log);
}

/** Types are not checked, since that takes twice as long. */
function refreshTypes(folder) {
  setPriority(10);
  const staging = mkdtempSync(join(root, '.build', 'types-'));
  try {
    execFileSync(process.execPath, [...words(staging), '--noCheck'], { cwd: root, stdio: 'inherit' });
    finish(staging);
    rmSync(folder, { recursive: true, force: true });
    renameSync(staging, folder);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function isFresh(folder) {
  const path = join(folder, SOURCES);
  if (!existsSync(path)) return false;
  const { sources, hash } = JSON.parse(readFileSync(path, 'utf8'));
  return hash === hashOf(sources);
}

function hashOf(sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(root, 'src', source);
    hash.update(existsSync(path) ? readFileSync(path) : 'gone').update('\0');
  }
  return hash.digest('hex');
}

/** Removes what is not reachable from an entry, and records the sources of the rest. */
function finish(folder) {
  const used = new Set();
  for (const entry of ENTRIES) follow(join(folder, `${entry}.d.ts`), used);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (used.has(path)) writeFileSync(path, forEveryProgram(readFileSync(path, 'utf8')));
    else rmSync(path);
  }
  const sources = [...used].map((path) => relative(folder, path).replace(/\.d\.ts$/, '.ts')).sort();
  writeFileSync(join(folder, SOURCES), JSON.stringify({ sources, hash: hashOf(sources) }));
}

const IMPORT = /(\bfrom\s+|\bimport\(|\bimport\s+)(['"])(\.[^'"]*)\.ts\2/g;

function follow(path, used) {
  if (used.has(path)) return;
  used.add(path);
  for (const [, , , name] of withoutComments(readFileSync(path, 'utf8')).matchAll(IMPORT))
    follow(resolve(dirname(path), `${name}.d.ts`), used);
}

/** Comments contain imports of files that do not exist. */
const withoutComments = (text) => text.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');

/** The part of Buffer that a program uses, which has that name only where Node's types are installed. */
const BUFFER = 'type Buffer = Uint8Array & { toString(encoding?: string): string };\n';

/**
 * Declarations import the sources' names (`./op.ts`), like the sources do; the files beside them are `./op.d.ts`, found
 * as `./op.js`.
 */
function forEveryProgram(text) {
  const usesBuffer = /\bBuffer\b/.test(withoutComments(text));
  return (usesBuffer ? BUFFER : '') + text.replaceAll(IMPORT, '$1$2$3.js$2');
}

if (process.argv[2] === '--refresh') refreshTypes(process.argv[3]);
