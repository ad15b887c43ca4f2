/** For tests: a minimal test, to be changed where more is needed. */
import { SPEC_DEFAULTS } from '../../src/harness/settings/spec-defaults.ts';
import type { TestSpec } from '../../src/run/test-spec.ts';

export const SAMPLE_SPEC: TestSpec = {
  ...SPEC_DEFAULTS,
  workload: 'echo',
  bin: '/bin/cat',
  nodes: ['n1', 'n2', 'n3'],
  concurrency: 2,
  timeLimitSeconds: 1,
  recoverySeconds: 0,
  seed: 'sample',
  world: 'simulated',
};
