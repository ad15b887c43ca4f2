/** Carries out trials in this process, one at a time. */
import { simulateOnce, type SimulatedRun } from '../harness/simulate-once.ts';
import { MemoryJournal } from '../network/memory-journal.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';
import type { LookedAtTrial, Trial, TrialRunner } from './trials.ts';

/** `bin` is the program as `bundleNode` has prepared it. */
export function trialRunner(workload: Workload, bin: string): TrialRunner {
  const simulate = (spec: TestSpec, journal?: MemoryJournal): Promise<SimulatedRun> =>
    simulateOnce({ ...spec, bin }, workload, spec.seed, journal === undefined ? {} : { journal });
  return {
    width: 1,
    run: async (spec) => trialOf(await simulate(spec)),
    async look(spec): Promise<LookedAtTrial> {
      const journal = new MemoryJournal();
      const run = await simulate(spec, journal);
      return { ...trialOf(run), history: run.history, journal };
    },
  };
}

const trialOf = ({ signature, results }: SimulatedRun): Trial => ({
  signature,
  serverMessages: results.net?.servers['msg-count'] ?? 0,
});
