/** What is the same in all runs of an exploration. */
import { completeSpec, type TestSettings } from '../harness/settings/spec-defaults.ts';
import type { TestSpec } from '../run/test-spec.ts';

/** Every message takes it, in the calm course. */
const LATENCY_MS = 10;
/** Simulated time costs nothing but the timers of nodes in it. */
const RECOVERY_SECONDS = 2;

export const exploredSpec = (settings: TestSettings): TestSpec =>
  completeSpec({
    ...settings,
    world: 'simulated',
    seed: 'explore',
    latency: { distribution: 'constant', meanMs: LATENCY_MS },
    recoverySeconds: RECOVERY_SECONDS,
  });
