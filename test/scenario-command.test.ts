/** `maelstrom scenario` as people use it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-scenario-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  // Builds if needed, so that no test waits for it.
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
}, 120_000);

function maelstrom(...words: readonly string[]): string {
  const { stdout, stderr } = spawnSync(join(project, 'maelstrom'), words, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return stdout + stderr;
}

it('the command that it shows for the latest run can be repeated, although each run becomes the latest', () => {
  const short = ['--simulate', '--time-limit', '1', '--no-report'];
  maelstrom('test', '-w', 'echo', '--bin', join(project, 'examples/echo.ts'), ...short);
  const again = /^Again: \S+ (.*)$/m.exec(maelstrom('scenario', 'store/latest'))?.[1]?.split(' ') ?? [];
  expect(again.slice(0, 2)).toEqual(['test', '--scenario']);
  for (let times = 0; times < 2; times++)
    expect(maelstrom(...again, '--no-report')).toContain('Everything looks good!');
});
