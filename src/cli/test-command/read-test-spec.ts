/** Turns the options of `maelstrom test` into a TestSpec, and refuses invalid ones before anything runs. */
import { refuseUnfitting } from '../../harness/settings/fitting-settings.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { readSettings } from '../words/option.ts';
import { readFaults } from './options/faults.ts';
import { JUDGING, KEYS, readInvariants, readServices, SETS, TRANSACTIONS } from './options/judging.ts';
import { LATENCY, readLatency } from './options/latency.ts';
import { LOAD } from './options/load.ts';
import { NODES, readBin, readNodes } from './options/nodes.ts';
import { OUTPUT, refuseCheckInRealWorld, REPRODUCING } from './options/output.ts';
import type { TestWords } from './test-command.ts';

export interface SpecContext {
  /** Returns the absolute path of --bin or another file. */
  resolveBin(path: string): string;
  /** Returns a seed for a run without one. */
  freshSeed(): string;
}

export function readTestSpec(
  { options, args }: Pick<TestWords, 'options' | 'args'>,
  context: SpecContext,
): TestSpec {
  const { workload, workloadFile } = readSettings(NODES, options, {});
  refuseUnfitting(options, workloadFile === undefined ? workload : undefined, asFlag);
  const nodes = readNodes(options);
  const load = readSettings(LOAD, options, { nodes });
  const latency = readLatency(options, nodes);
  refuseCheckInRealWorld(options);
  const { seed = context.freshSeed(), world } = readSettings(REPRODUCING, options, {});
  return {
    workload,
    ...(workloadFile === undefined ? {} : { workloadFile }),
    nodes,
    args,
    ...load,
    latency,
    ...readSettings(LATENCY, options, {}),
    ...readFaults(options, { ...load, nodes, latency, world }),
    ...readInvariants(options, (path) => context.resolveBin(path)),
    ...readServices(options),
    ...readSettings({ ...JUDGING, ...KEYS, ...SETS, ...TRANSACTIONS }, options, {}),
    ...readSettings(OUTPUT, options, {}),
    seed,
    world,
    // Last, so that a mistake in an option is reported before one in the program.
    bin: context.resolveBin(readBin(options, args)),
  };
}

/** Returns the option of a setting: `--no-wfr-keys` for wfrKeys when it is false. */
function asFlag(setting: string, value: unknown): string {
  return `--${value === false ? 'no-' : ''}${setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
