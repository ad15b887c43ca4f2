/** What runs in each process that carries out trials: dist/trial-worker.js, started by trial-processes.ts. */
import { serveParent } from '../harness/simulations/simulation-worker.ts';
import { EventBudgetError, openSimulator } from '../harness/simulations/simulator.ts';
import { WorkloadMemory } from '../harness/simulations/workload-memory.ts';
import { UnfitTopology } from '../own/own-topology.ts';
import { trialOf } from './one-trial.ts';
import type { FromTrials, ToTrials } from './trial-messages.ts';
import { NO_VERDICT, type Trial } from './trials.ts';

const simulator = openSimulator();
const workloads = new WorkloadMemory();

serveParent(async ({ number, spec }: ToTrials) => {
  const workload = await workloads.of(spec);
  const answer = await simulator.run(spec, workload, spec.seed).then(trialOf, withoutVerdict);
  const carried: FromTrials = { kind: 'carried', number, answer };
  process.send?.(carried);
});

/** A run of too many events is none that fails alike, nor is one of nodes that the user's topology does not suit. */
function withoutVerdict(error: unknown): Trial {
  if (error instanceof EventBudgetError || error instanceof UnfitTopology) return NO_VERDICT;
  throw error;
}
