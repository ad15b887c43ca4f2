/**
 * Runs a benchmark: `node bench/run.mjs NAME [ARGS...]` bundles bench/NAME.ts and runs it in a process of its own.
 * NODE_FLAGS are passed to Node, for example NODE_FLAGS=--cpu-prof.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const folder = dirname(fileURLToPath(import.meta.url));
const [name, ...args] = process.argv.slice(2);
const source = join(folder, `${name}.ts`);
if (name === undefined || !existsSync(source)) {
  const names = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  console.error(
    `Usage: node bench/run.mjs NAME [ARGS...]; NAME is one of ${names.map((file) => file.slice(0, -3)).join(', ')}.`,
  );
  process.exit(2);
}
const bundle = join(folder, '.build', `${name}.mjs`);
buildSync({
  entryPoints: [source],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  external: ['esbuild', 'playwright-core'],
});
const flags = (process.env.NODE_FLAGS ?? '').split(' ').filter((flag) => flag !== '');
const run = spawnSync(process.execPath, [...flags, bundle, ...args], { stdio: 'inherit', cwd: folder });
process.exit(run.status ?? 1);
