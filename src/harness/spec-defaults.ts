/** What a test is where nothing else is asked for: upstream's defaults. The options and the programmatic door both use them. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { TestSpec } from '../run/test-spec.ts';

export const SPEC_DEFAULTS = {
  nodes: ['n1', 'n2', 'n3', 'n4', 'n5'],
  args: [],
  rate: 5,
  timeLimitSeconds: 60,
  recoverySeconds: 10,
  latency: { distribution: 'constant', meanMs: 0 },
  nemesis: [],
  nemesisIntervalSeconds: 10,
  topology: 'grid',
  consistencyModels: ['strict-serializable'],
  maxTxnLength: 4,
  maxWritesPerKey: 16,
  lenient: false,
  strict: false,
  logStderr: false,
  logNetSend: false,
  logNetRecv: false,
  world: 'real',
} as const satisfies Partial<TestSpec>;

/** A test as a program asks for it: the workload, the program, and what is to differ from the defaults. */
export type TestSettings = Partial<TestSpec> & Pick<TestSpec, 'workload' | 'bin'>;

/** Fills in the defaults: one client a node, a random seed. `bin` is resolved against the current directory. */
export function completeSpec(settings: TestSettings): TestSpec {
  const nodes = settings.nodes ?? SPEC_DEFAULTS.nodes;
  return {
    ...SPEC_DEFAULTS,
    concurrency: nodes.length,
    seed: freshSeed(),
    // What is given as undefined is left out.
    ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    workload: settings.workload,
    bin: resolve(settings.bin),
  };
}

/** A seed for a run that was given none; short enough to be typed again. */
export function freshSeed(): string {
  return BigInt(`0x${randomBytes(6).toString('hex')}`).toString(36);
}
