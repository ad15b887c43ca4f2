/** Completes the settings of a test with their defaults, for `runTest` and the demonstration. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { completeLatency, type LatencySpec } from '../../network/rules/latency.ts';
import { SETTINGS, type TestSpec } from '../../run/test-spec.ts';

type Settings = typeof SETTINGS;

type Defaults = {
  readonly [
    Name in keyof Settings as Settings[Name] extends { default: unknown } ? Name : never
  ]: Settings[Name] extends { default: infer Value } ? Value : never;
};

export const SPEC_DEFAULTS = Object.fromEntries(
  Object.entries(SETTINGS).flatMap(([name, setting]) =>
    'default' in setting ? [[name, setting.default]] : [],
  ),
) as Defaults; // by the same rule

/** A test as a program requests it: the workload, the program, and the settings that differ from the defaults. */
export type TestSettings = Partial<Omit<TestSpec, 'latency'>> &
  Pick<TestSpec, 'workload' | 'bin'> & { readonly latency?: Partial<LatencySpec> };

/**
 * Fills in the defaults, among them one client per node and a random seed. `bin` is resolved against the current
 * directory.
 */
export function completeSpec(settings: TestSettings): TestSpec {
  const nodes = settings.nodes ?? SPEC_DEFAULTS.nodes;
  return {
    ...SPEC_DEFAULTS,
    concurrency: nodes.length,
    seed: freshSeed(),
    // Settings that are undefined are omitted.
    ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    latency: completeLatency(settings.latency ?? {}),
    workload: settings.workload,
    bin: resolve(settings.bin),
  };
}

/** Returns a random seed, short enough to be typed again. */
export function freshSeed(): string {
  return BigInt(`0x${randomBytes(6).toString('hex')}`).toString(36);
}
