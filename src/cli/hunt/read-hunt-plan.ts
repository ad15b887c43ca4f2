/** Turns the options of `maelstrom hunt` into a plan, via the options of a test that has everything that may occur. */
import { resolve } from 'node:path';
import { oneOf } from '../../harness/settings/one-of.ts';
import { isFileWord } from '../../harness/own/own-file-words.ts';
import { freshSeed } from '../../harness/settings/spec-defaults.ts';
import type { GivenWords } from '../../hunt/hunt-folder.ts';
import { VARIED, type HuntPlan, type VariedSetting } from '../../hunt/plan/hunt-plan.ts';
import { USUAL_FAULTS } from '../../hunt/plan/usual-faults.ts';
import { FAULT_KINDS } from '../../nemesis/fault-registry.ts';
import { UserError } from '../../protocol/user-error.ts';
import { noNeighbours, workloadOptionsOf } from '../../run/workload-options.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Workload } from '../../workloads/workload.ts';
import { Random } from '../../world/random.ts';
import { readTestSpec } from '../test-command/read-test-spec.ts';
import { TEST_COMMAND, type TestWords } from '../test-command/test-command.ts';
import { defaultWords, type OptionTable } from '../words/option.ts';
import { parseNumber } from '../words/parse-number.ts';
import { readNames } from '../words/read-names.ts';
import { KEPT_NAMES, type HuntWords } from './hunt-command.ts';

export interface ReadPlan {
  readonly plan: HuntPlan;
  /** What the shown commands need and a spec does not hold. */
  readonly given: GivenWords;
}

/** Indexed by setting: the options that set it. */
const OPTIONS_OF: Readonly<Record<VariedSetting, readonly (keyof HuntWords['options'])[]>> = {
  nodes: ['nodeCount', 'node', 'nodes', 'nodesFile'],
  concurrency: ['concurrency'],
  rate: ['rate'],
  timeLimitSeconds: ['timeLimit'],
  latency: ['latency'],
  distribution: ['latencyDist'],
  topology: ['topology'],
  keyCount: ['keyCount'],
  nemesisIntervalSeconds: ['nemesisInterval'],
  nemesisTargets: ['nemesisTargets'],
};

/** Names of settings in `--keep`. */
const KEPT: Readonly<Record<(typeof KEPT_NAMES)[number], VariedSetting>> = {
  nodes: 'nodes',
  concurrency: 'concurrency',
  rate: 'rate',
  'time-limit': 'timeLimitSeconds',
  latency: 'latency',
  'nemesis-interval': 'nemesisIntervalSeconds',
};

/** Time for real nodes to get ready; for simulated ones a first run measures it. */
const REAL_READY_SECONDS = 1;

/** Throws a UserError for invalid options. */
export function readHuntPlan({ options, args }: HuntWords): ReadPlan {
  const faults = readFaultNames(options.nemesis, options.real);
  const base = readTestSpec(asTest({ options, args }, faults), {
    resolveBin: (path) => resolve(path),
    freshSeed,
  });
  const asked = VARIED.filter((setting) => OPTIONS_OF[setting].some((name) => options[name] !== undefined));
  const leastNodes = parseNumber('--min-nodes', options.minNodes, { min: 1, integer: true, unit: 'nodes' });
  if (leastNodes > base.nodes.length) {
    throw new UserError(
      `--min-nodes ${leastNodes} exceeds the number of nodes, ${base.nodes.length}.`,
      'Increase it with --node-count.',
    );
  }
  const { bin = '', latencyFile, linkLatency, invariant: invariants } = options;
  const { skew } = options as object as { readonly skew?: string }; // one of STRENGTHS
  return {
    plan: {
      base,
      asked,
      kept: readKept(options.keep, base),
      leastNodes,
      readySeconds: options.real ? REAL_READY_SECONDS : 0,
      // Set once the workload, which may be in a file, has been loaded.
      hasPrimary: false,
    },
    given: { bin, latencyFile, linkLatency, skew, invariants },
  };
}

/** Returns the options of a test that is like the largest run. */
function asTest(
  { options, args }: Pick<HuntWords, 'options' | 'args'>,
  faults: readonly string[],
): Pick<TestWords, 'options' | 'args'> {
  const table: OptionTable = Object.assign({}, ...Object.values(TEST_COMMAND.groups));
  const given = Object.entries(options).filter(([name, word]) => word !== undefined && name in table);
  const words = {
    ...defaultWords(table),
    ...Object.fromEntries(given),
    nemesis: faults.join(','),
    simulate: !options.real,
  };
  return { options: words as unknown as TestWords['options'], args }; // from the same table
}

function readFaultNames(text: string, isReal: boolean): readonly string[] {
  const all = FAULT_KINDS.map(({ name }) => name);
  // Clock skew exists only in the simulation.
  const possible = isReal ? all.filter((name) => name !== 'skew') : all;
  const words = readNames(text, ['usual', 'all', ...all], {
    option: '--nemesis',
    kind: 'fault',
    orFile: true,
  });
  const named = new Set(
    words.flatMap((word) => (word === 'usual' ? USUAL_FAULTS : word === 'all' ? possible : [word])),
  );
  return [...all.filter((name) => named.has(name)), ...words.filter(isFileWord)];
}

function readKept(text: string | undefined, base: TestSpec): readonly VariedSetting[] {
  const names = text === undefined ? [] : text.split(',').map((name) => name.trim());
  const kept = names.map((name) => KEPT[oneOf(name, KEPT_NAMES, { option: '--keep', kind: 'setting' })]);
  // Regions, targets and topologies name nodes, which must then exist in every run.
  const namesNodes =
    base.latency.regions !== undefined ||
    base.nemesisTargets?.some(Array.isArray) === true ||
    base.topologyFile?.path.endsWith('.json') === true;
  return namesNodes && !kept.includes('nodes') ? [...kept, 'nodes'] : kept;
}

/** True when faults can target a primary, because the workload can tell which node is one. */
export function hasPrimary(base: TestSpec, workload: Workload): boolean {
  const parts = base.topologyFile === undefined ? {} : { topology: noNeighbours };
  const options = workloadOptionsOf(base, Random.fromSeed(base.seed).child('hunt plan'), parts);
  return workload.prepare(options).primaries !== undefined;
}
