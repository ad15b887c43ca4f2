/** Entry point of the trial worker processes (dist/trial-worker.js), which trial-processes.ts starts. */
import { serveParent } from '../harness/simulations/simulation-worker.ts';
import { openSimulator } from '../harness/simulations/simulator.ts';
import { WorkloadMemory } from '../harness/simulations/workload-memory.ts';
import { trialIn } from './one-trial.ts';
import type { FromTrials, ToTrials } from './trial-messages.ts';

const simulator = openSimulator();
const workloads = new WorkloadMemory();

serveParent(async ({ number, spec, limits }: ToTrials) => {
  const answer = await trialIn(simulator, spec, await workloads.of(spec), limits);
  const carried: FromTrials = { kind: 'carried', number, answer };
  process.send?.(carried);
});
