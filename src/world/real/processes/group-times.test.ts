import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { groupBusyNanos, waitOf, waitedNanos } from './group-times.ts';

test('the time that a thread waited for a processor is the second number of its schedstat', () => {
  expect(waitOf('405448 4861982 3\n')).toBe(4_861_982);
  expect(waitOf('')).toBe(0);
});

test.runIf(process.platform === 'linux')('a group that waits for a processor is busy', async () => {
  const loop = (): number =>
    spawn('sh', ['-c', 'while :; do :; done'], { detached: true, stdio: 'ignore' }).pid ?? 0;
  const loops = Array.from({ length: 2 * availableParallelism() }, loop);
  const [one = 0] = loops;
  try {
    await expect
      .poll(() => waitedNanos(one), { timeout: 20_000, interval: 300 })
      .toBeGreaterThan(100_000_000);
    expect(groupBusyNanos(one)).toBeGreaterThan(0.2 * 100_000_000);
    expect(groupBusyNanos(-1)).toBeUndefined();
  } finally {
    for (const pid of loops) process.kill(-pid, 'SIGKILL');
  }
});
