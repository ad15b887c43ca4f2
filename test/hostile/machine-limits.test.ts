/** Limits of the machine are reported as such: exit code 254, what is needed, what is allowed, and what to do. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a test with that many nodes after a line of shell code; returns the exit code and the output. */
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
  [30, 96],
  [75, 256],
  [60, 256],
])('%i nodes with %i open files', (nodes, files) => {
  const [code, said] = run(`ulimit -n ${files}`, nodes);
  expect(said).toMatch(new RegExp(`${nodes} nodes need about \\d+ open files .* may have ${files}\\.`));
  expect(said).toMatch(/ulimit -n 4096[\s\S]*--node-count \d+/);
  expect(code).toBe(254);
});

it.each([32, 48, 64])('%i open files, too few to load the command', (files) => {
  const [code, said] = run(`ulimit -n ${files}`, 30);
  expect(said).toMatch(
    /limit of open files of this process is too low: EMFILE.*\n.*ulimit -n 4096|30 nodes need about/,
  );
  expect(code).toBe(254);
});

it('a missing folder for temporary files', () => {
  const [code, said] = run(`export TMPDIR=${join(folder, 'nowhere')}`, 1);
  expect(said).toMatch(
    /folder for temporary ones, \S*nowhere \(from TMPDIR\), does not exist\.\nMake it, or name another folder/,
  );
  expect(code).toBe(254);
});

// Process limits do not apply to root, so another user must run out of them.
const isRoot = process.getuid?.() === 0;
const canBecomeOther =
  isRoot && ['setpriv', 'prlimit'].every((tool) => spawnSync(tool, ['--version']).status === 0);

// Where esbuild takes the last threads, later versions of Node abort by themselves before anything can be said.
const endsByItself = !process.versions.node.startsWith('20.');

it.skipIf(!canBecomeOther).for([
  [
    'a compiled program',
    'examples/echo.ts',
    /The program cannot be compiled: esbuild[^\n]*\n[^\n]*ulimit -u/,
  ],
  [
    'any other',
    'sleep.sh',
    /n\d cannot be started: this user[^\n]*may have no more processes\.\n[^\n]*ulimit -u/,
  ],
] as const)('too few processes for %s', ([what, bin, expected], { skip }) => {
  skip(endsByItself && what === 'a compiled program', 'this Node aborts by itself');
  // Node itself takes about 11 threads. A separate user, so that no other process counts.
  const user = 'setpriv --reuid 64123 --regid 64123 --clear-groups prlimit --nproc=13:13';
  const command = `exec ${user} "$0" "$1" test -w echo --bin "$2" --node-count 12 --time-limit 1 --no-report --store "$3"`;
  const store = join(folder, 'of-another');
  mkdirSync(store, { recursive: true, mode: 0o777 });
  for (const path of [folder, store]) chmodSync(path, 0o777);
  writeFileSync(join(folder, 'sleep.sh'), '#!/bin/sh\nexec sleep 100\n', { mode: 0o755 });
  const program = join(bin === 'sleep.sh' ? folder : project, bin);
  const words = [process.execPath, join(project, 'dist/maelstrom.js'), program, store];
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: folder, HOME: folder },
  });
  expect(`${stdout}${stderr}`).toMatch(expected);
  expect(status).toBe(254);
});
