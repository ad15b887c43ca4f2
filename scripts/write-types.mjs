/** Type declarations for the package: what tsc says of the entry files, naming JavaScript files as packages do. */
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
/** In the folder of declarations: from which sources they were made. */
const SOURCES = 'sources.json';
const words = (folder) => [
  'node_modules/typescript/bin/tsc',
  '-p',
  'tsconfig.build.json',
  '--outDir',
  folder,
];

/** Makes them from nothing, types checked. */
export function writeTypes(folder) {
  execFileSync(process.execPath, words(folder), { cwd: root, stdio: ['ignore', 2, 2] });
  finish(folder);
}

/**
 * Has them made where a source that they describe has changed, after the build of a clone: an editor then knows what
 * `maelstrom/node` has. It takes longer than the build, so a process of its own goes on with it, and nothing waits. What it
 * has to say is in .build/types.log.
 */
export function startRefreshingTypes(folder) {
  if (isFresh(folder)) return;
  const log = openSync(join(root, '.build', 'types.log'), 'w');
  const options = { cwd: root, detached: true, stdio: ['ignore', log, log] };
  spawn(process.execPath, [fileURLToPath(import.meta.url), '--refresh', folder], options).unref();
  closeSync(log);
}

/** Types are not checked, for that takes twice as long. */
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

/** Removes what no entry leads to, and notes the sources of the rest. */
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

/** Comments show imports of files that exist nowhere. */
const withoutComments = (text) => text.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');

/** What a program sees of a Buffer, which has a name of its own only where Node's types are installed. */
const BUFFER = 'type Buffer = Uint8Array & { toString(encoding?: string): string };\n';

/** Declarations name the sources (`./op.ts`), as the sources do; what is beside them is `./op.d.ts`, found as `./op.js`. */
function forEveryProgram(text) {
  const usesBuffer = /\bBuffer\b/.test(withoutComments(text));
  return (usesBuffer ? BUFFER : '') + text.replaceAll(IMPORT, '$1$2$3.js$2');
}

if (process.argv[2] === '--refresh') refreshTypes(process.argv[3]);
