import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NodeHandle } from '../../world.ts';
import { commandOf } from './orphans.ts';
import { beginOf } from './proc-files.ts';
import { RealWorld } from '../real-world.ts';
import { RunCgroup } from './run-cgroup.ts';

const root = mkdtempSync(join(tmpdir(), 'descendants-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const isAlive = (pid: number): boolean => beginOf(pid) !== undefined;

interface Started {
  readonly world: RealWorld;
  readonly node: NodeHandle;
  /** The daemon's process id, which it prints. */
  readonly pid: number;
  readonly hasEnded: () => boolean;
}

/** Starts a node that is a shell script, and waits for a process id in the file `pid`. */
async function start(script: string): Promise<Started> {
  const bin = join(root, 'node.sh');
  const pidFile = join(root, 'pid');
  rmSync(pidFile, { force: true });
  writeFileSync(bin, `#!/bin/sh\n${script.replaceAll('TELL', () => `echo $$ > ${pidFile}`)}\n`, {
    mode: 0o755,
  });
  const world = new RealWorld({ seed: 1 });
  let ended = false;
  const node = world.startNode(
    { name: 'n1', bin, args: [] },
    { line: () => {}, brokenLine: () => {}, stdoutClosed: () => {}, exit: () => (ended = true) },
  );
  const pid = await vi.waitFor(
    () => {
      const text = readFileSync(pidFile, 'utf8');
      if (!text.endsWith('\n')) throw new Error('not written yet');
      expect(text).toMatch(/^\d+\n$/);
      return Number(text);
    },
    { timeout: 10_000, interval: 5 },
  );
  return { world, node, pid, hasEnded: () => ended };
}

const SILENT = '< /dev/null > /dev/null 2>&1';
/** A daemon that has left the process group and cleared its environment; its parent is the node. */
const DAEMON = `env -i setsid /bin/sh -c 'TELL; exec sleep 1000' ${SILENT} &`;
/** The same, but without a parent: that has ended before the daemon prints its id. */
const orphan = (redirected: string): string =>
  `/bin/sh -c 'env -i setsid /bin/sh -c "sleep 0.1; echo \\$\\$ > ${join(root, 'pid')}; exec sleep 1000" ${redirected} & exit'`;
const BLOCKED = 'trap "" TERM; read line; exec sleep 1000';

describe.skipIf(process.platform !== 'linux')('where this process may not create control groups', () => {
  beforeEach(() => void vi.spyOn(RunCgroup, 'make').mockReturnValue(undefined));
  afterEach(() => void vi.restoreAllMocks());

  it.each(['kill', 'stop', 'close'] as const)('a hiding daemon is ended by %s', async (how) => {
    const { world, node, pid } = await start(`${DAEMON}\n${BLOCKED}`);
    expect(isAlive(pid)).toBe(true);
    if (how === 'kill') node.kill();
    if (how !== 'close') await node.stop();
    if (how === 'close') await world.close();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 2000);
    await world.close();
    expect(world.leftBehind()).toEqual([]);
  });

  it('a daemon that was seen is ended although its parent is gone', async () => {
    const { world, pid, hasEnded } = await start(`${DAEMON}\nread line`);
    // By then it has been seen.
    await new Promise((resolve) => setTimeout(resolve, 600));
    const parent = Number(/PPid:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    process.kill(parent, 'SIGKILL');
    await vi.waitFor(() => expect(hasEnded()).toBe(true), 2000);
    await world.close();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 2000);
  });

  it.each(['> /dev/null', '2> /dev/null'])(
    'a daemon whose parent exited at once is found by the pipe that it holds (%s)',
    async (redirected) => {
      const { world, pid } = await start(`${orphan(`< /dev/null ${redirected}`)}\n${BLOCKED}`);
      await world.close();
      await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 2000);
      expect(world.leftBehind()).toEqual([]);
    },
  );

  it('a daemon without any tie to a node is named, and not ended', async () => {
    const { world, pid } = await start(`${orphan(SILENT)}\n${BLOCKED}`);
    await world.close();
    expect(world.leftBehind()).toContainEqual({ pid, command: 'sleep 1000', isCertain: false });
    expect(commandOf(pid)).toBe('sleep 1000');
    process.kill(pid, 'SIGKILL');
  });

  it('processes started by another thread than the first are found', async () => {
    const script = `exec python3 -c '
import subprocess, threading, time
def run():
  subprocess.Popen(["env", "-i", "setsid", "/bin/sh", "-c", "TELL; exec sleep 1000"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
  time.sleep(1000)
threading.Thread(target=run).start()
'`;
    const { world, pid } = await start(script);
    expect(isAlive(pid)).toBe(true);
    await world.close();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 2000);
    expect(world.leftBehind()).toEqual([]);
  });
});
