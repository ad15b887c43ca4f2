/** What a process that carries out trials and its parent say to each other. */
import type { TestSpec } from '../run/test-spec.ts';
import type { Trial } from './trials.ts';

/** `spec.bin` is the program as `bundleNode` has prepared it. */
export type ToTrials = { readonly number: number; readonly spec: TestSpec };

export type FromTrials =
  /** Now and then: it does not stand still. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'tried'; readonly number: number; readonly trial: Trial }
  /** A mistake of ours. */
  | { readonly kind: 'failed'; readonly message: string };

export const ALIVE_EVERY_MS = 250;
