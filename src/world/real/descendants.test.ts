import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { RealWorld } from './real-world.ts';
import { RunCgroup } from './run-cgroup.ts';

const root = mkdtempSync(join(tmpdir(), 'descendants-test-'));
afterAll(() => rmSync(root, { recursive: true }));

function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

// A daemon that has left the process group and cleared its environment; its parent ends as soon as it is told to go on.
const NODE = `#!/bin/sh
env -i setsid /bin/sh -c 'echo $$ >&2; exec sleep 1000' < /dev/null > /dev/null &
read line
`;

describe.skipIf(process.platform !== 'linux')('where this process may make no control groups', () => {
  it.each(['alive', 'gone'] as const)(
    'a daemon that hides is ended with the world, its parent %s',
    async (parent) => {
      const make = vi.spyOn(RunCgroup, 'make').mockReturnValue(undefined);
      const bin = join(root, 'node.sh');
      writeFileSync(bin, NODE, { mode: 0o755 });
      const world = new RealWorld({ seed: 1 });
      let hasEnded = false;
      const pid = await new Promise<number>((resolve) => {
        world.startNode(
          { name: 'n1', bin, args: [] },
          {
            line: () => {},
            brokenLine: () => {},
            stdoutClosed: () => {},
            exit: () => (hasEnded = true),
            stderr: (line) => resolve(Number(line)),
          },
        );
      });
      expect(make).toHaveBeenCalled();
      if (parent === 'gone') {
        // It has been seen by then.
        await new Promise((resolve) => setTimeout(resolve, 600));
        const parentPid = Number(/PPid:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
        process.kill(parentPid, 'SIGKILL');
        await vi.waitFor(() => expect(hasEnded).toBe(true), 2000);
      }
      expect(isAlive(pid)).toBe(true);
      await world.close();
      await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 2000);
      make.mockRestore();
    },
  );
});
