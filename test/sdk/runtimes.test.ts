/** The built SDK and `maelstrom/testing`, on Node, Bun and Deno. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSync } from 'esbuild';
import { runTest } from '../../src/index.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-runtimes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const COUNTER = `
import { LinKv } from 'maelstrom/node';
export function counter(node) {
  const kv = new LinKv(node);
  node.on('add', async ({ delta }) => { await kv.update('n', (before = 0) => before + delta); return {}; });
  node.on('read', async () => ({ value: await kv.readOr('n', 0) }));
}`;
const PROGRAM = `
import { Node } from 'maelstrom/node';
import { counter } from './counter.mjs';
const node = new Node();
counter(node);
node.onInit(() => {
  node.storage.write('name', node.id);
  console.log('kept', node.storage.read('name'));
});`;
const UNIT_TEST = `
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { RpcError } from 'maelstrom/node';
import { cluster } from 'maelstrom/testing';
import { counter } from './counter.mjs';
test('counts', async () => {
  const net = await cluster(counter);
  await Promise.all(net.nodeIds.map((name) => net.request(name, { type: 'add', delta: 2 })));
  assert.equal((await net.request('n3', { type: 'read' })).value, 6);
  await assert.rejects(net.request('n3', { type: 'unknown' }), RpcError);
});`;

beforeAll(() => {
  // Builds if needed, so that no test waits for it.
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(project, join(folder, 'node_modules/maelstrom'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  writeFileSync(join(folder, 'counter.mjs'), COUNTER);
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
  writeFileSync(join(folder, 'counter.test.mjs'), UNIT_TEST);
}, 120_000);

const built = (name: string): string => join(project, '.build/runtimes', name);
const DENO_FLAGS = ['-A', '--no-check', '--node-modules-dir=manual'];
const RUNTIMES = [
  { name: 'Node', path: process.execPath, run: [], test: ['--test'] },
  { name: 'Bun', path: built('bun'), run: ['run'], test: ['test'] },
  { name: 'Deno', path: built('deno'), run: ['run', ...DENO_FLAGS], test: ['test', ...DENO_FLAGS] },
];

describe.each(RUNTIMES)('on $name', ({ name, path, run, test }) => {
  const isMissing = !existsSync(path);
  const why = `${name} is not in .build/runtimes: see scripts/install-runtimes.sh.`;

  it(
    'a node of the SDK runs, keeps what it stores, and logs what it prints',
    { timeout: 60_000 },
    async ({ skip }) => {
      skip(isMissing, why);
      const bin = join(folder, name);
      writeFileSync(bin, `#!/bin/sh\nexec '${path}' ${run.join(' ')} '${folder}/program.mjs'\n`);
      chmodSync(bin, 0o755);
      const { results, folder: stored } = await runTest({
        workload: 'g-counter',
        bin,
        nodes: ['n1', 'n2'],
        rate: 20,
        timeLimitSeconds: 1,
        recoverySeconds: 0.2,
        store: join(folder, 'store'),
        report: false,
      });
      expect(results).toMatchObject({ 'valid?': true, protocol: { violations: [], warnings: [] } });
      expect(readFileSync(join(stored, 'node-logs/n1.log'), 'utf8')).toContain('kept n1');
    },
  );

  it('a cluster in memory passes its unit test', { timeout: 60_000 }, ({ skip }) => {
    skip(isMissing, why);
    const { status, stdout, stderr } = spawnSync(path, [...test, './counter.test.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).toBe(0);
    expect(stdout + stderr).toMatch(/\b1 pass(ed)?\b|\bpass 1\b/);
  });

  it.skipIf(name === 'Node')('runTest and the command are refused', { timeout: 60_000 }, ({ skip }) => {
    skip(isMissing, why);
    writeFileSync(
      join(folder, 'run.mjs'),
      `import { runTest } from 'maelstrom';\nawait runTest({ workload: 'echo', bin: 'x' });\n`,
    );
    for (const words of [[join(folder, 'run.mjs')], [join(project, 'dist/maelstrom.js'), 'test']]) {
      const { status, stderr } = spawnSync(path, [...run, ...words], { cwd: folder, encoding: 'utf8' });
      expect(stderr).toMatch(/This process is (bun|deno) \S+, and Maelstrom runs (tests )?on Node\.js only/i);
      expect(status).not.toBe(0);
    }
  });
});

it('the SDK is less than 15 KB, and imports nothing', () => {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [join(project, 'src/node/index.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
    metafile: true,
    outfile: 'node.js',
  });
  expect(outputFiles[0]?.contents.length).toBeLessThan(15_000);
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
});
