/** The harness is stopped for a while, as by a closed lid: no node is accused of what was not its silence. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-suspended-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NODE = `#!/usr/bin/env node
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line);
  const type = body.type === 'init' ? 'init_ok' : 'echo_ok';
  // An answer takes long enough for the stop to fall into the request.
  setTimeout(() => console.log(JSON.stringify({ src: dest, dest: src, body: { type, echo: body.echo, in_reply_to: body.msg_id } })), 500);
});
`;

it('a request that was answered while the harness was stopped is answered', { timeout: 60_000 }, async () => {
  const bin = join(folder, 'echo.cjs');
  writeFileSync(bin, NODE, { mode: 0o755 });
  const words = ['test', '-w', 'echo', '--bin', bin, '--time-limit', '3', '--rate', '10', '--no-report'];
  const child = spawn(process.execPath, [join(project, 'dist/maelstrom.js'), ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  let stopped = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (stopped || !output.includes('Phase: main')) return;
    stopped = true;
    // Longer than a request may take.
    setTimeout(() => child.kill('SIGSTOP'), 1200);
    setTimeout(() => child.kill('SIGCONT'), 8000);
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const results = JSON.parse(readFileSync(join(folder, 'store/latest/results.json'), 'utf8')) as unknown;
  expect(results).toMatchObject({ 'valid?': true, stats: { 'info-count': 0, 'fail-count': 0 } });
  expect(code).toBe(0);
});
