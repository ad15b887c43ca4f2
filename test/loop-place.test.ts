/** Endless loops in the user's files, in the processes that run them: the function with the loop is named. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SHORTER_YIELD_LIMIT } from '../src/harness/simulations/yield-limit.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom loop place-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  // Builds if needed, so that no test waits for it.
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
}, 120_000);

it.each([
  ['real', []],
  ['simulated', ['--simulate']],
] as const)('a loop is named by its function and line, whatever that calls, in the %s world', (_, world) => {
  writeFileSync(
    join(folder, 'picky.ts'),
    `import { defineWorkload, onOps } from 'maelstrom';
       const isTaken = (key: number): boolean => Math.sqrt(key) >= 0;
       function pickKey(key: number): number {
         while (isTaken(key)) {
           key++;
         }
         return key;
       }
       export default defineWorkload({
         operations: { echo: { request: (echo: number) => ({ echo }) } },
         next: () => ({ f: 'echo', value: pickKey(0) }),
         checker: onOps(() => []),
       });`,
  );
  const bin = join(project, 'examples/echo.ts');
  const words = ['test', '-w', './picky.ts', '--bin', bin, '--time-limit', '1', '--no-report', ...world];
  const { stdout, stderr } = spawnSync(join(project, 'maelstrom'), words, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', [SHORTER_YIELD_LIMIT]: '3000' },
    encoding: 'utf8',
  });
  expect(stdout + stderr).toMatch(/and was ended: it was in pickKey \(picky\.ts:4:\d+\)\./);
});
