/** For tests: a minimal test, to be changed where more is needed. */
import type { TestSpec } from '../../src/run/test-spec.ts';

export const SAMPLE_SPEC: TestSpec = {
  workload: 'echo',
  bin: '/bin/cat',
  args: [],
  nodes: ['n1', 'n2', 'n3'],
  concurrency: 2,
  rate: 5,
  timeLimitSeconds: 1,
  recoverySeconds: 0,
  latency: { distribution: 'constant', meanMs: 0 },
  nemesis: [],
  nemesisIntervalSeconds: 10,
  topology: 'grid',
  consistencyModels: [],
  maxTxnLength: 4,
  maxWritesPerKey: 16,
  lenient: false,
  logStderr: false,
  logNetSend: false,
  logNetRecv: false,
  seed: 'sample',
  world: 'simulated',
};
