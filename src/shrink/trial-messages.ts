/** What a process that carries out trials and its parent say to each other. */
import type { Carried } from '../harness/simulations/simulation-process.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Trial } from './trials.ts';

/** `spec.bin` is the program as `bundleNode` has prepared it. */
export type ToTrials = { readonly number: number; readonly spec: TestSpec };

export type FromTrials = Carried<Trial>;
