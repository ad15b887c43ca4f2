/** The plan of a hunt in a program for echo, for tests that never run the program. */
import { completeSpec } from '../../src/harness/settings/spec-defaults.ts';
import type { HuntPlan } from '../../src/hunt/plan/hunt-plan.ts';

export const ECHO_HUNT: HuntPlan = {
  base: completeSpec({ workload: 'echo', bin: '/x.ts', world: 'simulated' }),
  asked: [],
  kept: [],
  leastNodes: 1,
  readySeconds: 0,
  hasPrimary: false,
};
