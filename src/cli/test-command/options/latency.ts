/** Options for the network between nodes: latencies and neighbours. */
import { oneOf } from '../../../harness/settings/one-of.ts';
import { readTopologyWord } from '../../../harness/own/own-file-words.ts';
import { LATENCY_SHAPES, type LatencySpec, type RegionalLatency } from '../../../network/rules/latency.ts';
import { didYouMean } from '../../../protocol/nearest.ts';
import { shownText } from '../../../protocol/shown-text.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { SETTINGS, type TestSpec } from '../../../run/test-spec.ts';
import { SERVICE_NAMES } from '../../../services/start-services.ts';
import { TOPOLOGIES } from '../../../workloads/topology.ts';
import { readGivenFile } from '../../words/given-file.ts';
import { withValue, type Given } from '../../words/option.ts';
import { parseNumber } from '../../words/parse-number.ts';

const { latency: LATENCY_SETTING, topology: TOPOLOGY_SETTING } = SETTINGS;

export const LATENCY = {
  // The first four are read together, by readLatency.
  latency: withValue('--latency <ms>', 'mean latency between nodes', {
    default: String(LATENCY_SETTING.default.meanMs),
  }),
  latencyDist: withValue('--latency-dist <name>', `distribution of latencies: ${LATENCY_SHAPES.join(', ')}`, {
    values: LATENCY_SHAPES,
    default: LATENCY_SETTING.default.distribution,
  }),
  latencyFile: withValue(
    '--latency-file <file>',
    'file with latencies in ms to draw from: one per line, or a JSON array',
    {
      isPath: true,
    },
  ),
  linkLatency: withValue('--link-latency <file>', 'JSON file with mean latencies between regions', {
    isPath: true,
  }),
  topology: withValue(
    '--topology <name>',
    `topology that the broadcast workload suggests: ${TOPOLOGIES.join(', ')}; or a .json or .ts file`,
    {
      default: TOPOLOGY_SETTING.default,
      values: TOPOLOGIES,
      orFile: true,
      read: (name, _, option): Pick<TestSpec, 'topology' | 'topologyFile'> =>
        readTopologyWord(name, option) ?? {
          topology: oneOf(name, TOPOLOGIES, { option, kind: 'topology' }),
        },
    },
  ),
};

const LONGEST_MS = 3_600_000;
const MOST_VALUES = 100_000;
const REGIONS_EXAMPLE =
  'For example: {"regions": {"eu": ["n1", "n2"], "us": ["n3"]}, "latency": {"eu->us": 80}}';

export function readLatency(options: Given<typeof LATENCY>, nodes: readonly string[]): LatencySpec {
  const { latencyFile, linkLatency } = options;
  const meanMs = parseNumber('--latency', options.latency, { min: 0, unit: 'milliseconds' });
  const distribution = LATENCY_SHAPES.find((name) => name === options.latencyDist);
  if (distribution === undefined) {
    oneOf(options.latencyDist, LATENCY_SHAPES, { option: '--latency-dist', kind: 'distribution' });
    throw new Error('unreachable: the name was not found before');
  }
  const regions = linkLatency === undefined ? {} : { regions: readRegions(linkLatency, nodes) };
  if (latencyFile === undefined) return { distribution, meanMs, ...regions };
  const other = meanMs > 0 ? '--latency' : distribution === 'constant' ? undefined : '--latency-dist';
  if (other !== undefined) {
    throw new UserError(
      `--latency-file and ${other} cannot be combined: the file determines both mean and distribution.`,
      'Leave out one of them.',
    );
  }
  const valuesMs = readMeasured(latencyFile);
  const sum = valuesMs.reduce((total, value) => total + value, 0);
  return { distribution: 'measured', meanMs: sum / valuesMs.length, valuesMs, ...regions };
}

/** Reads a JSON array of numbers, or one number per line; blank lines are skipped. */
function readMeasured(path: string): readonly number[] {
  const option = '--latency-file';
  const content = readGivenFile(option, path);
  const isJson = content.trimStart().startsWith('[');
  const items: readonly unknown[] = isJson
    ? (parseFile(option, path, content) as readonly unknown[]) // it starts with a bracket
    : content
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
  if (items.length === 0)
    throw new UserError(`${option}: ${path} contains no values.`, 'Write one per line, in ms.');
  if (items.length > MOST_VALUES) {
    throw new UserError(`${option}: ${path} contains ${items.length} values; the maximum is ${MOST_VALUES}.`);
  }
  return items.map((item, at) => {
    const value = typeof item === 'string' && !isJson ? Number(item) : item;
    if (typeof value === 'number' && value >= 0 && value <= LONGEST_MS) return value;
    const where = isJson ? `element ${at + 1}` : `value ${at + 1}`;
    throw new UserError(
      `${option}: ${where} of ${path} is ${shown(item)}; expected a number of milliseconds, without a unit.`,
    );
  });
}

function readRegions(path: string, nodes: readonly string[]): RegionalLatency {
  const option = '--link-latency';
  const file = asObject(parseFile(option, path, readGivenFile(option, path)));
  const regions = asObject(file?.['regions']);
  const latency = asObject(file?.['latency']);
  if (regions === undefined || latency === undefined) {
    throw new UserError(`${option}: ${path} must be an object with regions and latency.`, REGIONS_EXAMPLE);
  }
  const homes = new Map<string, string>();
  for (const [region, names] of Object.entries(regions)) readRegion(path, region, names, nodes, homes);
  const homeless = nodes.filter((node) => !homes.has(node));
  if (homeless.length > 0) {
    throw new UserError(`${option}: ${path} assigns no region to ${homeless.join(', ')}.`, REGIONS_EXAMPLE);
  }
  const names = Object.keys(regions);
  for (const [way, meanMs] of Object.entries(latency)) readWay(path, way, meanMs, names);
  for (const [at, from] of names.entries()) {
    for (const to of names.slice(at + 1)) {
      if (`${from}->${to}` in latency || `${to}->${from}` in latency) continue;
      throw new UserError(
        `${option}: ${path} has no latency from ${from} to ${to}.`,
        `Add "${from}->${to}": 100 to its latency.`,
      );
    }
  }
  // All entries of both have been checked.
  return { regions, latency } as RegionalLatency;
}

function readRegion(
  path: string,
  region: string,
  names: unknown,
  nodes: readonly string[],
  homes: Map<string, string>,
): void {
  if (!Array.isArray(names)) {
    throw new UserError(
      `--link-latency: the region ${shown(region)} of ${path} is ${shown(names)}; expected a list of nodes.`,
      REGIONS_EXAMPLE,
    );
  }
  for (const name of names as readonly unknown[]) {
    const known = [...nodes, ...SERVICE_NAMES];
    if (typeof name !== 'string' || !known.includes(name)) {
      throw new UserError(
        `--link-latency: in the region ${shown(region)} of ${path} is ${shown(name)}, which is not a node of this test.`,
        `Known nodes: ${known.join(', ')}.`,
      );
    }
    if (homes.has(name)) {
      throw new UserError(
        `--link-latency: ${path} assigns ${name} to two regions, ${homes.get(name)} and ${region}.`,
      );
    }
    homes.set(name, region);
  }
}

function readWay(path: string, way: string, meanMs: unknown, regions: readonly string[]): void {
  const [from = '', to = '', ...more] = way.split('->');
  const stranger = [from, to].find((name) => !regions.includes(name));
  if (stranger !== undefined || more.length > 0) {
    throw new UserError(
      `--link-latency: ${shown(way)} of ${path} is not a pair of regions.` + didYouMean(stranger, regions),
      `Known regions: ${regions.join(', ')}; a pair is written "${regions[0] ?? 'eu'}->${regions[1] ?? 'us'}".`,
    );
  }
  if (typeof meanMs === 'number' && meanMs >= 0 && meanMs <= LONGEST_MS) return;
  throw new UserError(
    `--link-latency: ${way} of ${path} is ${shown(meanMs)}; expected a number of milliseconds.`,
  );
}

function parseFile(option: string, path: string, content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch (error) {
    throw new UserError(`${option}: ${path} is not JSON: ${(error as Error).message}`);
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // Its entries are checked one by one later.
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

const shown = (value: unknown): string => shownText(JSON.stringify(value) ?? 'nothing', 60);
