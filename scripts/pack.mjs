/**
 * Makes the package: builds from scratch, adds type declarations, and packs exactly what is to be published.
 *
 *     node scripts/pack.mjs [FOLDER]      the tarball goes to FOLDER (default: the current directory)
 *
 * Everything is assembled in .build/package, so that a dist/ in use is left alone; the manifest omits what only this
 * project needs. (A plain `npm pack` works as well; see prepack.mjs.) Prints the tarball's path as its last line.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTypes } from './write-types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = resolve(process.argv[2] ?? '.');
const staging = join(root, '.build', 'package');
const run = (words) => execFileSync(process.execPath, words, { cwd: root, stdio: ['ignore', 2, 2] });

rmSync(staging, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });
mkdirSync(target, { recursive: true });
run(['scripts/build.mjs', join(staging, 'dist')]);
writeTypes(join(staging, 'dist', 'types'));

for (const name of ['README.md', 'LICENSE', 'docs', 'examples']) {
  cpSync(join(root, name), join(staging, name), {
    recursive: true,
    filter: (path) => !/\.test\.ts$|__pycache__|node_modules/.test(path),
  });
}
writeFileSync(join(staging, 'package.json'), manifest());

const output = execFileSync('npm', ['pack', '--json', '--pack-destination', target], {
  cwd: staging,
  stdio: ['ignore', 'pipe', 2],
  encoding: 'utf8',
});
console.log(join(target, JSON.parse(output)[0].filename));

/** Returns the manifest without what only this project needs. */
function manifest() {
  const {
    scripts: _scripts,
    devDependencies: _devDependencies,
    ...rest
  } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `${JSON.stringify(rest, undefined, 2)}\n`;
}
