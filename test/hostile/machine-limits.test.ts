/** What the machine does not allow is told as such: exit code 254, what is needed, what is allowed, what to do. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a test of that many nodes after a line of shell; gives the exit code and what was said. */
function run(before: string, nodes: number): readonly [code: number | null, said: string] {
  const command = `${before}; exec "$0" "$1" test -w echo --bin "$2" --node-count ${nodes} --time-limit 1 --no-report`;
  const words = [process.execPath, join(project, 'dist/maelstrom.js'), join(project, 'examples/echo.ts')];
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command, ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  return [status, `${stdout}${stderr}`];
}

it.each([
  [30, 64],
  [75, 256],
  [60, 256],
])('%i nodes with %i open files', (nodes, files) => {
  const [code, said] = run(`ulimit -n ${files}`, nodes);
  expect(said).toMatch(new RegExp(`${nodes} nodes need about \\d+ open files .* may have ${files}\\.`));
  expect(said).toMatch(/ulimit -n 4096[\s\S]*--node-count \d+/);
  expect(code).toBe(254);
});

it('a folder for temporary files that is not there', () => {
  const [code, said] = run(`export TMPDIR=${join(folder, 'nowhere')}`, 1);
  expect(said).toMatch(
    /folder for temporary ones, \S*nowhere \(from TMPDIR\), does not exist\.\nMake room there/,
  );
  expect(code).toBe(254);
});
