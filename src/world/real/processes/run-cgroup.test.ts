import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { NodeHandle } from '../../world.ts';
import { RealWorld } from '../real-world.ts';
import { RunCgroup } from './run-cgroup.ts';

const root = mkdtempSync(join(tmpdir(), 'run-cgroup-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const probe = RunCgroup.make(`probe-${process.pid}`);
probe?.close();

function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** Returns the ids of processes that run the script which restarts itself. */
const runningScripts = (): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(`${root}/again.sh`);
    } catch {
      return false;
    }
  });

// A node whose daemons have left its process group, cleared their environment, and forked twice; one of them restarts
// itself continuously. Each prints its id.
const NODE = `#!/bin/sh
trap '' TERM HUP INT
env -i setsid /bin/sh -c '/bin/sh -c "echo \\$\\$ >&2; exec sleep 1000" & exit' < /dev/null > /dev/null
cat > ${root}/again.sh <<END
sleep 0.02; env -i setsid /bin/sh ${root}/again.sh &
END
env -i setsid /bin/sh -c 'echo $$ >&2; exec /bin/sh ${root}/again.sh' < /dev/null > /dev/null
exec sleep 1000
`;

describe.skipIf(probe === undefined)('where this process may create control groups', () => {
  it.each(['kill', 'stop'] as const)('hiding daemons are gone after %s', async (how) => {
    const bin = join(root, 'node.sh');
    writeFileSync(bin, NODE, { mode: 0o755 });
    const world = new RealWorld({ seed: 1 });
    const pids: number[] = [];
    const node = await new Promise<NodeHandle>((resolve) => {
      const started: NodeHandle = world.startNode(
        { name: 'n1', bin, args: [] },
        {
          line: () => {},
          brokenLine: () => {},
          stdoutClosed: () => {},
          exit: () => {},
          stderr: (line) => {
            pids.push(Number(line));
            if (pids.length === 2) resolve(started);
          },
        },
      );
    });
    if (how === 'kill') node.kill();
    await node.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    await world.close();
    expect(runningScripts()).toEqual([]);
  });
});

it('is undefined where the system has no such groups', () => {
  expect(RunCgroup.make('no/such/folder')).toBeUndefined();
});
