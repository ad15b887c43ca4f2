/**
 * The examples keep what they promise: in the simulated world the good ones pass under partitions and slow links, and the
 * broken ones are caught without any fault, whatever the seed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { completeSpec } from '../src/cli/test/spec-defaults.ts';
import type { TestResults } from '../src/run/analysis.ts';
import { TestRun } from '../src/run/test-run.ts';
import type { TestSpec } from '../src/run/test-spec.ts';
import { WORKLOADS } from '../src/workloads/index.ts';
import { bundleNode } from '../src/world/bundle.ts';
import { SimulatedWorld } from '../src/world/simulated/simulated-world.ts';

const NOWHERE = {
  history: { append: () => {} },
  journal: {
    sent: () => {},
    received: () => {},
    dropped: () => {},
    duplicated: () => {},
    flush: () => {},
    close: () => {},
  },
  log: () => {},
  nodeLogFile: () => undefined,
};

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs an example, given by its path below this folder, in virtual time. */
async function run(
  program: string,
  settings: Partial<TestSpec> & { workload: string },
): Promise<TestResults> {
  const workload = WORKLOADS.get(settings.workload);
  if (workload === undefined) throw new Error(`there is no workload ${settings.workload}`);
  const { bin } = await bundleNode(fileURLToPath(new URL(program, import.meta.url)), 'simulated', folder);
  const spec = completeSpec({ ...settings, bin, world: 'simulated' });
  const world = new SimulatedWorld({ seed: spec.seed });
  try {
    const test = new TestRun(spec, workload, world, NOWHERE);
    return await world.run(() => test.run());
  } finally {
    await world.close();
  }
}

const SEEDS = ['1', '2', '3'];

describe.each([
  ['echo', 'echo.ts'],
  ['unique-ids', 'unique-ids.ts'],
  ['unique-ids', 'javascript/unique-ids.js'],
  ['broadcast', 'broadcast.ts'],
  ['g-set', 'g-set.ts'],
  ['g-counter', 'g-counter.ts'],
  ['g-counter', 'g-counter-seq-kv.ts'],
  ['pn-counter', 'pn-counter.ts'],
])('%s: %s', (workload, program) => {
  it.each(SEEDS)('passes under partitions and slow links, seed %s', async (seed) => {
    const results = await run(program, {
      workload,
      seed,
      timeLimitSeconds: 20,
      rate: 20,
      nemesis: ['partition'],
      nemesisIntervalSeconds: 3,
      latency: { distribution: 'exponential', meanMs: 50 },
    });
    expect(results).toMatchObject({ 'valid?': true, protocol: { violations: [], warnings: [] } });
  });
});

describe.each(['echo', 'unique-ids', 'broadcast', 'g-set', 'g-counter', 'pn-counter'])(
  '%s: broken/%s.ts',
  (workload) => {
    it.each(SEEDS)('is caught in ten seconds without a fault, seed %s', async (seed) => {
      const results = await run(`broken/${workload}.ts`, { workload, seed, timeLimitSeconds: 10, rate: 10 });
      // It is its mistake that is found, not a breach of the protocol.
      expect(results).toMatchObject({
        workload: { 'valid?': false },
        stats: { 'valid?': true },
        protocol: { violations: [] },
      });
    });
  },
);
