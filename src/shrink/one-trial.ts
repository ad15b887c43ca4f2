/** What of a simulated run a trial tells, and a trial with all that is to be known of it, in this process. */
import { loadWorkload } from '../harness/own/load-own.ts';
import { simulateOnce, type SimulatedRun } from '../harness/simulations/simulate-once.ts';
import { MemoryJournal } from '../network/memory-journal.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { LookedAtTrial, Trial } from './trials.ts';

export const trialOf = ({ signature, results }: SimulatedRun): Trial => ({
  signature,
  serverMessages: results.net?.servers['msg-count'] ?? 0,
});

/** `spec.bin` is the program as `bundleNode` has prepared it. */
export async function lookAt(spec: TestSpec): Promise<LookedAtTrial> {
  const workload = await loadWorkload(spec);
  const journal = new MemoryJournal();
  const run = await simulateOnce(spec, workload, spec.seed, { journal });
  return { ...trialOf(run), history: run.history, journal, zeroNanos: run.zeroNanos };
}
