/** Ends a harness early, in a separate process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'exit-guard-test-'));
const harness = join(root, 'harness.mjs');
afterAll(() => rmSync(root, { recursive: true }));

beforeAll(() => {
  const world = fileURLToPath(new URL('../real-world.ts', import.meta.url));
  const node = join(root, 'node.sh');
  // A grandchild that has left the group, where the system has setsid; both print their ids.
  const text = `#!/bin/sh
    trap '' TERM HUP INT
    if command -v setsid > /dev/null; then leave=setsid; fi
    $leave sh -c 'echo $$ >&2; exec sleep 1000' &
    echo $$ >&2
    wait`;
  writeFileSync(node, text, { mode: 0o755 });
  const source = `
    import { RealWorld } from ${JSON.stringify(world)};
    const ending = process.argv[2];
    const lines = [];
    new RealWorld({ seed: 1 }).startNode({ name: 'n1', bin: ${JSON.stringify(node)}, args: [] }, {
      line() {}, brokenLine() {}, stdoutClosed() {}, exit() {},
      stderr(line) {
        lines.push(line);
        if (lines.length < 2) return;
        process.stdout.write(lines.join(' ') + '\\n', () => {
          if (ending === 'throw') throw new Error('our bug');
          if (ending === 'exit') process.exit(7);
        });
      },
    });
    if (ending === 'own handler') process.on('SIGTERM', () => process.exit(9));
    setTimeout(() => {}, 60_000);
  `;
  buildSync({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    outfile: harness,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
});

/** Whether a process runs; a zombie does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !(existsSync(stat) && /\) Z /.test(readFileSync(stat, 'latin1')));
}

/** Returns the processes that still run after a while: a SIGKILL takes effect with some delay. */
async function survivors(pids: readonly number[]): Promise<readonly number[]> {
  for (let tries = 0; tries < 100 && pids.some(isAlive); tries++) {
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  return pids.filter(isAlive);
}

/** Returns the ids that the node printed, once the harness has ended, and how it ended. */
async function end(
  ending: string,
  act: (child: ChildProcess) => void = () => {},
): Promise<{ pids: number[]; how: unknown }> {
  const child = spawn(process.execPath, [harness, ending], { stdio: ['ignore', 'pipe', 'ignore'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    if (printed.endsWith('\n')) act(child);
  });
  const how = await new Promise((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
  return { pids: printed.trim().split(' ').map(Number), how };
}

test.for([
  { ending: 'throw', how: 1 },
  { ending: 'exit', how: 7 },
])('no process is left when the harness ends by $ending', async ({ ending, how: expected }) => {
  const { pids, how } = await end(ending);
  expect(how).toBe(expected);
  expect(pids).toHaveLength(2);
  expect(await survivors(pids)).toEqual([]);
});

// SIGKILL leaves the harness no time; then the watchdog acts.
test.for(['SIGHUP', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGKILL'] as const)(
  'no process is left when the harness gets %s',
  async (signal) => {
    const { pids, how } = await end('wait', (child) => child.kill(signal));
    expect(how).toBe(signal);
    expect(await survivors(pids)).toEqual([]);
  },
);

test('a handler of a signal decides when to exit, and no process is left then either', async () => {
  const { pids, how } = await end('own handler', (child) => child.kill('SIGTERM'));
  expect(how).toBe(9);
  expect(await survivors(pids)).toEqual([]);
});
