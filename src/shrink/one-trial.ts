/** Turns a simulated run into a trial, and carries out a trial with its history and journal in this process. */
import { loadWorkload } from '../harness/own/load-own.ts';
import { simulateOnce, type SimulatedRun } from '../harness/simulations/simulate-once.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { LookedAtTrial, Trial } from './trials.ts';

export const trialOf = ({ signature, results }: SimulatedRun): Trial => ({
  signature,
  serverMessages: results.net?.servers['msg-count'] ?? 0,
});

/** Runs `spec` in this process. `spec.bin` is the program as prepared by `bundleNode`. */
export async function lookAt(spec: TestSpec): Promise<LookedAtTrial> {
  const workload = await loadWorkload(spec);
  const journal = new MemoryJournal();
  const run = await simulateOnce(spec, workload, spec.seed, { journal });
  return { ...trialOf(run), history: run.history, journal, zeroNanos: run.zeroNanos };
}
