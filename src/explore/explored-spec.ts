/** What is the same in all runs of an exploration. */
import { completeSpec, SPEC_DEFAULTS, type TestSettings } from '../harness/settings/spec-defaults.ts';
import type { TestSpec } from '../run/test-spec.ts';

/** Every message takes it, in the calm course. */
const LATENCY_MS = 10;
/** Simulated time costs nothing but the timers of nodes in it. */
const RECOVERY_SECONDS = 2;
/** As long as `maelstrom test` waits: what a right program has not delivered by then is missing there, too. */
const LONGER_RECOVERY_SECONDS = SPEC_DEFAULTS.recoverySeconds;

export const exploredSpec = (settings: TestSettings): TestSpec =>
  completeSpec({
    ...settings,
    world: 'simulated',
    seed: 'explore',
    latency: { distribution: 'constant', meanMs: LATENCY_MS },
    recoverySeconds: RECOVERY_SECONDS,
  });

/** The same run, in which nodes that seldom gossip have time enough: what fails only for the shorter time is no failure. */
export const withLongerRecovery = (spec: TestSpec): TestSpec => ({
  ...spec,
  recoverySeconds: LONGER_RECOVERY_SECONDS,
});
