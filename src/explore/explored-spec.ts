/** The spec that all runs of an exploration share. */
import { completeSpec, SPEC_DEFAULTS, type TestSettings } from '../harness/settings/spec-defaults.ts';
import type { TestSpec } from '../run/test-spec.ts';

/** Latency of every message in the calm course: much shorter than the periods of heartbeats and gossip. */
export const LATENCY_MS = 2;
/** The same as in `maelstrom test`, so that data missing after it would be missing there, too. */
const LONGER_RECOVERY_SECONDS = SPEC_DEFAULTS.recoverySeconds;

export const exploredSpec = (settings: TestSettings): TestSpec =>
  completeSpec({
    ...settings,
    world: 'simulated',
    seed: 'explore',
    latency: { distribution: 'constant', meanMs: LATENCY_MS },
  });

/**
 * Returns the same run with enough time for nodes that gossip rarely: a run that fails only with the shorter recovery
 * does not count as a failure.
 */
export const withLongerRecovery = (spec: TestSpec): TestSpec => ({
  ...spec,
  recoverySeconds: LONGER_RECOVERY_SECONDS,
});
