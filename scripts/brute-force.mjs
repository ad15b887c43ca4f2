/**
 * Compares the checkers with brute force on small random histories: `npm run brute-force -- --model kafka --count
 * 100000 --seed 7`. Bundles test/brute-force/command.ts and runs it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-brute-force-'));
const bundle = join(folder, 'command.mjs');
try {
  buildSync({
    entryPoints: [fileURLToPath(new URL('../test/brute-force/command.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  const run = spawnSync(process.execPath, [bundle, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
