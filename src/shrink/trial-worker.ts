/** Entry point of the trial worker processes (dist/trial-worker.js), which trial-processes.ts starts. */
import { serveParent } from '../harness/simulations/simulation-worker.ts';
import { EVENT_BUDGET, EventBudgetError, openSimulator } from '../harness/simulations/simulator.ts';
import { WorkloadMemory } from '../harness/simulations/workload-memory.ts';
import { eventBudgetOf } from '../hunt/plan/event-budget.ts';
import { UnfitTopology } from '../own/own-topology.ts';
import { trialOf } from './one-trial.ts';
import type { FromTrials, ToTrials } from './trial-messages.ts';
import { NO_VERDICT, type Trial } from './trials.ts';

const simulator = openSimulator();
const workloads = new WorkloadMemory();

serveParent(async ({ number, spec }: ToTrials) => {
  const workload = await workloads.of(spec);
  const eventBudget = eventBudgetOf(spec, EVENT_BUDGET);
  const answer = await simulator
    .run(spec, workload, spec.seed, { eventBudget })
    .then(trialOf, withoutVerdict);
  const carried: FromTrials = { kind: 'carried', number, answer };
  process.send?.(carried);
});

/**
 * A run that exceeds the event budget, or whose nodes do not fit the user's topology, does not count as the same
 * failure.
 */
function withoutVerdict(error: unknown): Trial {
  if (error instanceof EventBudgetError || error instanceof UnfitTopology) return NO_VERDICT;
  throw error;
}
