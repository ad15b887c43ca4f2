/**
 * What npm runs before `npm pack` and `npm publish` in this folder: dist/ is built from nothing, with type declarations,
 * whatever lay there before.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(join(root, 'dist'), { recursive: true, force: true });
// Installs as well, where that is needed. Standard output is npm's.
execFileSync('sh', ['scripts/prepare.sh'], { cwd: root, stdio: ['ignore', 2, 2] });
const { writeTypes } = await import('./write-types.mjs');
writeTypes(join(root, 'dist', 'types'));
