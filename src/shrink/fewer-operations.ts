/**
 * Leaves out operations that a small failure does not need, and nothing else: what exploring has found keeps its
 * deviations and its nodes, but each of its clients observes the outcome, and mostly one observation matters.
 */
import type { Signature } from '../run/verdict/signature.ts';
import type { Coursed } from './course-edits.ts';
import { fewerFinalOps, fewerFinalThreads, fewerOps } from './passes/fewer-things.ts';
import { Trials, type TrialRunner } from './trials.ts';

export interface FewerOperationsOptions {
  readonly runner: TrialRunner;
  /** How the run failed. */
  readonly signature: Signature;
  readonly signal?: AbortSignal;
}

/** Maximum number of runs. */
const MOST_RUNS = 200;

/** Returns the run itself if it does not fail with this signature. */
export async function withFewerOperations(
  spec: Coursed,
  { runner, signature, signal }: FewerOperationsOptions,
): Promise<Coursed> {
  const trials = new Trials({
    runner,
    original: signature,
    hasFinalOps: spec.course.finalOps.length > 0,
    most: MOST_RUNS,
    signal,
  });
  if (!(await trials.fails(spec))) return spec;
  let best = spec;
  for (const pass of [fewerFinalOps, fewerFinalThreads, fewerOps]) best = await pass.reduce(best, trials);
  return best;
}
