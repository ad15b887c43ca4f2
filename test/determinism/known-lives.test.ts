/** Runs in which known lives run no process (world/simulated/known-lives.ts) equal runs alone, for all examples. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { openSimulator } from '../../src/harness/simulations/simulator.ts';
import { simulateOnce, type SimulatedRun } from '../../src/harness/simulations/simulate-once.ts';
import { bundleNode } from '../../src/world/bundling/bundle.ts';
import { EXAMPLES, specOf } from './programs.ts';
import { workloadOf } from '../support/workload-of.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-lives-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ofRun = ({ history, results, messages }: SimulatedRun): unknown => ({ history, results, messages });

it.each(EXAMPLES)('$path does the same where its lives are known', async (program) => {
  const { bin } = await bundleNode(join(ROOT, program.path), 'simulated', folder);
  const spec = specOf(program, bin);
  const workload = workloadOf(spec);
  const alone = ofRun(await simulateOnce(spec, workload, '1'));
  const simulator = openSimulator({ remembersLives: true });
  for (const seed of ['1', '2', '1'])
    if (seed !== '1') await simulator.run(spec, workload, seed);
    else expect(ofRun(await simulator.run(spec, workload, seed))).toEqual(alone);
  simulator.close();
});
