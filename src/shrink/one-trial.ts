/** Carries out trials: a run in a simulator, or a single run with its history and journal in this process. */
import { loadWorkload } from '../harness/own/load-own.ts';
import { simulateOnce, type SimulatedRun } from '../harness/simulations/simulate-once.ts';
import { EVENT_BUDGET, EventBudgetError, type Simulator } from '../harness/simulations/simulator.ts';
import { eventBudgetOf } from '../hunt/plan/event-budget.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import { evidenceOf } from '../run/verdict/evidence-of.ts';
import { isInvariant } from '../run/invariants/invariant-watch.ts';
import { failureNanos } from '../run/verdict/failure-time.ts';
import { likeKind } from '../run/verdict/signature.ts';
import { UnfitTopology } from '../own/own-topology.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';
import { NO_VERDICT, type LookedAtTrial, type Trial, type TrialLimits } from './trials.ts';

export const trialOf = ({ signature, results, events }: SimulatedRun): Trial => ({
  signature,
  serverMessages: results.net?.servers['msg-count'] ?? 0,
  events,
});

/** The number of events that a run may still have after the awaited failure, to show what else went wrong at once. */
const AFTER_FAILURE = 200;

/**
 * Runs `spec` as hunts do. A run that exceeds the event budget, or whose nodes do not fit the user's topology, does not
 * count as the same failure.
 */
export async function trialIn(
  simulator: Simulator,
  spec: TestSpec,
  workload: Workload,
  limits?: TrialLimits,
): Promise<Trial> {
  const eventBudget =
    limits === undefined
      ? eventBudgetOf(spec, EVENT_BUDGET)
      : {
          ...eventBudgetOf(spec, Math.min(EVENT_BUDGET, limits.mostEvents ?? EVENT_BUDGET)),
          afterFailure: { events: AFTER_FAILURE, kind: isInvariant(limits.kind) ? undefined : limits.kind },
        };
  try {
    const run = await simulator.run(spec, workload, spec.seed, { eventBudget });
    return { ...trialOf(run), ...(limits === undefined ? {} : failedIn(run, workload, limits.kind)) };
  } catch (error) {
    if (error instanceof EventBudgetError || error instanceof UnfitTopology) return NO_VERDICT;
    throw error;
  }
}

function failedIn(run: SimulatedRun, workload: Workload, kind: string): Pick<Trial, 'failedNanos'> {
  const like = likeKind(run.signature, kind);
  if (like === undefined) return {};
  const { results, history, names } = run;
  const evidence = evidenceOf(workload, results, names);
  return { failedNanos: failureNanos(like, { results, evidence, history }) };
}

/** Runs `spec` in this process. `spec.bin` is the program as prepared by `bundleNode`. */
export async function lookAt(spec: TestSpec): Promise<LookedAtTrial> {
  const workload = await loadWorkload(spec);
  const journal = new MemoryJournal();
  const run = await simulateOnce(spec, workload, spec.seed, { journal });
  return { ...trialOf(run), history: run.history, journal, zeroNanos: run.zeroNanos };
}
