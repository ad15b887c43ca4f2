/** The harness is stopped for a while, as by a closed lid: no node is blamed for silence that was not its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-suspended-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Returns a node that runs `before` on every message, and then replies. */
const node = (before: string): string => `#!/usr/bin/env node
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line);
  const answer = body.type === 'init' ? { type: 'init_ok' } : { type: 'echo_ok', echo: body.echo };
  const reply = () => console.log(JSON.stringify({ src: dest, dest: src, body: { ...answer, in_reply_to: body.msg_id } }));
  ${before}
});
`;

interface Outcome {
  readonly code: unknown;
  readonly output: string;
  readonly results: unknown;
}

/** Runs a test; `onOutput` is called with the process and all its output so far, whenever it prints. */
async function run(
  {
    name,
    program,
    words,
  }: { readonly name: string; readonly program: string; readonly words: readonly string[] },
  onOutput: (child: ChildProcess, output: string) => void,
): Promise<Outcome> {
  const bin = join(folder, `${name}.cjs`);
  const store = join(folder, name);
  writeFileSync(bin, program, { mode: 0o755 });
  const all = ['test', '-w', 'echo', '--bin', bin, '--store', store, '--no-report', ...words];
  const child = spawn(process.execPath, [join(project, 'dist/maelstrom.js'), ...all], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput(child, output);
    });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const results = JSON.parse(readFileSync(join(store, 'latest/results.json'), 'utf8')) as unknown;
  return { code, output, results };
}

it.concurrent(
  'a request that was answered while the harness was stopped counts as answered',
  { timeout: 60_000 },
  async () => {
    let stopped = false;
    const { code, results } = await run(
      {
        name: 'request',
        // Replies take long enough that the stop happens during a request.
        program: node('setTimeout(reply, 500);'),
        words: ['--time-limit', '3', '--rate', '10'],
      },
      (child, output) => {
        if (stopped || !output.includes('Phase: main')) return;
        stopped = true;
        // Longer than the timeout of a request.
        setTimeout(() => child.kill('SIGSTOP'), 1200);
        setTimeout(() => child.kill('SIGCONT'), 8000);
      },
    );
    expect(results).toMatchObject({ 'valid?': true, stats: { 'info-count': 0, 'fail-count': 0 } });
    expect(code).toBe(0);
  },
);

it.concurrent(
  'a node that answered `init` while the harness was stopped has answered it in time',
  { timeout: 60_000 },
  async () => {
    const asked = join(folder, 'asked');
    // Each node records that it was asked, and replies once the harness is stopped, when the file `stopped` exists.
    const program = node(`if (body.type !== 'init') return reply();
  require('fs').appendFileSync(${JSON.stringify(asked)}, '.');
  const wait = setInterval(() => {
    if (!require('fs').existsSync(${JSON.stringify(join(folder, 'stopped'))})) return;
    clearInterval(wait);
    setTimeout(reply, 200);
  }, 5);`);
    let isWatched = false;
    const { code, results, output } = await run(
      {
        name: 'init',
        program,
        words: ['--time-limit', '1', '--rate', '10', '--node-count', '3', '--init-timeout', '3'],
      },
      (child, said) => {
        if (isWatched || !said.includes('Phase: starting')) return;
        isWatched = true;
        const wait = setInterval(() => {
          if (!existsSync(asked) || readFileSync(asked).length < 3) return;
          clearInterval(wait);
          child.kill('SIGSTOP');
          writeFileSync(join(folder, 'stopped'), '');
          // Longer than the timeout of init.
          setTimeout(() => child.kill('SIGCONT'), 4500);
        }, 5);
      },
    );
    expect(output).not.toContain('did not answer');
    expect(results).toMatchObject({ 'valid?': true, nodes: { problems: [] }, stats: { 'info-count': 0 } });
    expect(code).toBe(0);
  },
);
