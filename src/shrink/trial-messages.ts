/** The messages between a trial worker process and its parent. */
import type { Carried } from '../harness/simulations/simulation-process.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Trial, TrialLimits } from './trials.ts';

/** `spec.bin` is the program as prepared by `bundleNode`. */
export type ToTrials = {
  readonly number: number;
  readonly spec: TestSpec;
  readonly limits?: TrialLimits | undefined;
};

export type FromTrials = Carried<Trial>;
