/** Type declarations for the package: what tsc says of the entry files, naming JavaScript files as packages do. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export function writeTypes(folder) {
  const words = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', folder];
  execFileSync(process.execPath, words, { cwd: root, stdio: ['ignore', 2, 2] });
  pointAtJavaScript(folder);
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
