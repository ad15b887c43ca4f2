/**
 * Makes the package: builds afresh, adds type declarations, and packs exactly what is to be published.
 *
 *     node scripts/pack.mjs [FOLDER]      the tarball goes to FOLDER (default: the current directory)
 *
 * Everything is put together in .build/package, so that a dist/ in use is left alone. (npm's `prepack` would not do:
 * this project is installed with scripts off, and then npm runs none.) Prints the tarball's path as its last line.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = resolve(process.argv[2] ?? '.');
const staging = join(root, '.build', 'package');
const types = join(staging, 'dist', 'types');
const run = (words) => execFileSync(process.execPath, words, { cwd: root, stdio: ['ignore', 2, 2] });

rmSync(staging, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });
mkdirSync(target, { recursive: true });
run(['scripts/build.mjs', join(staging, 'dist')]);
run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', types]);
pointAtJavaScript(types);

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

/** The manifest, without what only this project needs. */
function manifest() {
  const {
    scripts: _scripts,
    devDependencies: _devDependencies,
    ...rest
  } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `${JSON.stringify(rest, undefined, 2)}\n`;
}

/** Declarations name the sources (`./op.ts`), as the sources do; what is beside them is `./op.d.ts`, found as `./op.js`. */
function pointAtJavaScript(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replaceAll(/(\bfrom\s+|\bimport\(|\bimport\s+)(['"])(\.[^'"]*)\.ts\2/g, '$1$2$3.js$2'),
    );
  }
}
