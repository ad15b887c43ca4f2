/**
 * The command-line words that run a given test: `readTestSpec` reads the same test from them. Sizes are always
 * included, everything else only if it differs from its default.
 */
import { shortPath } from '../../harness/settings/short-path.ts';
import type { GivenWords } from '../../hunt/hunt-folder.ts';
import { isNumber } from './options/nodes.ts';
import { slownessText } from '../../nemesis/fault-strengths.ts';
import { SETTINGS, type OwnFile, type TestSpec } from '../../run/test-spec.ts';

/** Returns the words without the seed. `bin` is the program as it would be typed. */
export function specWords(
  spec: TestSpec,
  bin: string,
  given: Omit<GivenWords, 'bin'> = {},
): readonly string[] {
  return [
    'test',
    ...(spec.world === 'simulated' ? ['--simulate'] : []),
    ...option('workload', fileOr(spec.workloadFile, spec.workload)),
    ...option('bin', bin),
    ...option(isNumber(spec.nodes.join(',')) ? 'node' : 'nodes', spec.nodes.join(',')),
    ...option('concurrency', spec.concurrency),
    ...option('rate', spec.rate),
    ...option('time-limit', spec.timeLimitSeconds),
    ...unlessDefault('init-timeout', spec.initTimeoutSeconds, undefined),
    ...latencyWords(spec, given),
    ...unlessDefault('topology', fileOr(spec.topologyFile, spec.topology), SETTINGS.topology.default),
    ...(spec.serviceFiles ?? []).flatMap((file) => option('service', fileOr(file, file.name))),
    ...faultWords(spec, given),
    ...unlessDefault('liveness', spec.livenessSeconds, undefined),
    ...unlessDefault('recovery-time', spec.recoverySeconds, SETTINGS.recoverySeconds.default),
    ...judgingWords(spec),
    ...(given.invariants ?? spec.invariants ?? []).flatMap((file) => option('invariant', file)),
    ...(spec.args.length === 0 ? [] : ['--', ...spec.args]),
  ];
}

type Word = string | number;

const option = (name: string, value: Word): readonly string[] => [`--${name}`, String(value)];

const unlessDefault = (
  name: string,
  value: Word | undefined,
  byDefault: Word | undefined,
): readonly string[] => (value === undefined || value === byDefault ? [] : option(name, value));

const flag = (name: string, isOn: boolean | undefined): readonly string[] =>
  isOn === true ? [`--${name}`] : [];

/** Returns a built-in name, or a file as it would be typed here, with a slash so that it is recognised as a file. */
function fileOr(file: OwnFile | undefined, name: string): string {
  if (file === undefined) return name;
  const path = shortPath(file.path);
  return path.includes('/') ? path : `./${path}`;
}

const faultNames = ({ nemesis, faultFiles = [] }: TestSpec): readonly string[] =>
  nemesis.map((name) =>
    fileOr(
      faultFiles.find((file) => file.name === name),
      name,
    ),
  );

function latencyWords({ latency }: TestSpec, given: Omit<GivenWords, 'bin'>): readonly string[] {
  const { distribution, meanMs } = latency;
  return [
    ...(distribution === 'measured'
      ? unlessDefault('latency-file', given.latencyFile, undefined)
      : [
          ...unlessDefault('latency', meanMs, SETTINGS.latency.default.meanMs),
          ...unlessDefault('latency-dist', distribution, SETTINGS.latency.default.distribution),
        ]),
    ...unlessDefault('link-latency', given.linkLatency, undefined),
  ];
}

function faultWords(spec: TestSpec, given: Omit<GivenWords, 'bin'>): readonly string[] {
  const { nemesis, steady = {}, faultStrengths = {}, nemesisTargets } = spec;
  const { loss = steady.loss, duplicate = steady.duplicate, reorder, slow, flapPeriodMs } = faultStrengths;
  return [
    ...unlessDefault('nemesis', faultNames(spec).join(','), ''),
    ...(nemesis.length === 0 ? [] : option('nemesis-interval', spec.nemesisIntervalSeconds)),
    ...(nemesisTargets === undefined ? [] : option('nemesis-targets', nemesisTargets.flat().join(','))),
    ...flag('nemesis-moves', spec.nemesisMoves),
    ...unlessDefault('nemesis-after', spec.nemesisAfter, undefined),
    ...unlessDefault('loss', loss, undefined),
    ...unlessDefault('duplicate', duplicate, undefined),
    ...unlessDefault('reorder', reorder, undefined),
    ...(slow === undefined ? [] : option('slow', slownessText(slow))),
    ...(flapPeriodMs === undefined ? [] : option('flap', `${flapPeriodMs}ms`)),
    ...(nemesis.includes('skew') ? unlessDefault('skew', given.skew, undefined) : []),
  ];
}

function judgingWords(spec: TestSpec): readonly string[] {
  return [
    ...unlessDefault('availability', spec.availability, undefined),
    ...unlessDefault(
      'consistency-models',
      spec.consistencyModels.join(','),
      SETTINGS.consistencyModels.default.join(','),
    ),
    ...flag('lenient', spec.lenient),
    ...flag('strict', spec.strict),
    ...flag('final-reads', spec.finalReads),
    ...flag('distinct-writes', spec.distinctWrites),
    ...unlessDefault('repeat-elements', spec.repeatElements, undefined),
    ...unlessDefault('key-count', spec.keyCount, undefined),
    ...unlessDefault('max-txn-length', spec.maxTxnLength, SETTINGS.maxTxnLength.default),
    ...unlessDefault('max-writes-per-key', spec.maxWritesPerKey, SETTINGS.maxWritesPerKey.default),
    ...(spec.wfrKeys === false ? ['--no-wfr-keys'] : []),
    ...(spec.decide === false ? ['--no-decide'] : []),
    ...flag('sequential-keys', spec.sequentialKeys),
    ...flag('linearizable-keys', spec.linearizableKeys),
  ];
}
