import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { WORKLOADS } from '../../workloads/index.ts';
import { DEMO_CASES } from './demo-plan.ts';
import { packageFile } from '../../harness/package-folder.ts';

it('every program of the demo exists', () => {
  for (const { program } of DEMO_CASES)
    expect(existsSync(packageFile(`examples/${program}`)), program).toBe(true);
});

it('every workload is shown as a real cluster and simulated', () => {
  for (const world of ['real', 'simulated'] as const) {
    const shown = new Set(
      DEMO_CASES.filter((entry) => entry.world === world).map(({ workload }) => workload),
    );
    expect([...shown].sort()).toEqual([...WORKLOADS.keys()].sort());
  }
});

it('no example runs twice in one world', () => {
  const keys = DEMO_CASES.map(({ program, world }) => `${program} ${world}`);
  expect(new Set(keys).size).toBe(keys.length);
});
