/** Run by npm before `npm pack` and `npm publish` in this folder: builds dist/ from scratch, with type declarations. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(join(root, 'dist'), { recursive: true, force: true });
// Also installs dependencies if needed. Standard output belongs to npm.
execFileSync('sh', ['scripts/prepare.sh'], { cwd: root, stdio: ['ignore', 2, 2] });
const { writeTypes } = await import('./write-types.mjs');
writeTypes(join(root, 'dist', 'types'));
