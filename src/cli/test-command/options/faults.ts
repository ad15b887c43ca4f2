/**
 * Options for faults and their strengths. The strength is set by the option of the fault's name, if `--nemesis` or a
 * fault script names that fault. Loss or duplication that neither names is in effect for the whole run.
 */
import { faultsForScript, readFaultWords } from '../../../harness/own/own-file-words.ts';
import { FAULT_KINDS, strengthOf } from '../../../nemesis/fault-registry.ts';
import { readFaultScript, type FaultScriptEntry } from '../../../nemesis/fault-script.ts';
import { skewNeedsSimulation } from '../../../nemesis/faults/skew-fault.ts';
import type { StrengthWords } from '../../../nemesis/strength-words.ts';
import { TARGET_WORDS, type TargetSpec } from '../../../nemesis/targets.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { SETTINGS, type TestSpec } from '../../../run/test-spec.ts';
import { readGivenFile } from '../../words/given-file.ts';
import { flag, readSettings, withValue, type Given, type OptionTable } from '../../words/option.ts';
import { parseNumber } from '../../words/parse-number.ts';
import { readNames } from '../../words/read-names.ts';
import { number } from './setting-option.ts';

const FAULT_NAMES = FAULT_KINDS.map(({ name }) => name);

export const FAULTS = {
  nemesis: withValue(
    '--nemesis <faults>',
    `faults to inject, comma-separated: ${FAULT_NAMES.join(', ')}, or files with your own faults`,
    {
      values: FAULT_NAMES,
      orFile: true,
      default: '',
      shownDefault: 'none',
      read: (names, _, option): Pick<TestSpec, 'nemesis' | 'faultFiles'> =>
        readFaultWords(readNames(names, FAULT_NAMES, { option, kind: 'fault', orFile: true }), option),
    },
  ),
  nemesisInterval: number(
    '--nemesis-interval <seconds>',
    'mean time between faults',
    'nemesisIntervalSeconds',
  ),
  nemesisTargets: withValue(
    '--nemesis-targets <nodes>',
    'nodes that faults hit: names, or one, minority-third, minority, majority, all, or primary (the busiest node) ' +
      '(default: drawn for each fault)',
    {
      values: TARGET_WORDS,
      read: (names, { nodes }: { readonly nodes: readonly string[] }) => ({
        nemesisTargets: readTargets(names, nodes),
      }),
    },
  ),
  nemesisMoves: flag(
    '--nemesis-moves',
    'faults begin after one interval, and mostly move on to their next target without ending in between (kill, pause and membership do not)',
    (nemesisMoves) => (nemesisMoves ? { nemesisMoves } : {}),
  ),
  nemesisAfter: number(
    '--nemesis-after <n>',
    'the next fault comes as soon as this many requests that began after the last one have succeeded, and at the latest after its interval',
    'nemesisAfter',
  ),
  faultScript: withValue(
    '--fault-script <file>',
    'faults at fixed times instead: a JSON list of {at, fault, target, for, strength}; --nemesis then only loads your own fault files',
    { isPath: true },
  ),
};

/** Its keys are the names of faults, which only the registry knows, so they are read by name below. */
export const STRENGTHS: object = Object.fromEntries(
  FAULT_KINDS.flatMap((kind) => {
    const strength = strengthOf(kind);
    if (strength === undefined) return [];
    return [[kind.name, withValue(`--${kind.name} <${strength.placeholder}>`, strength.about)]];
  }),
) satisfies OptionTable;

export const RECOVERY = {
  liveness: withValue(
    '--liveness [seconds]',
    'at the end, heal only a majority, leave the others broken, and require progress within this time',
    {
      preset: '10',
      read: (word, _, option) => ({
        livenessSeconds: parseNumber(option, word, SETTINGS.livenessSeconds.shape.range),
      }),
    },
  ),
  recoveryTime: number(
    '--recovery-time <seconds>',
    'fault-free period before the final reads',
    'recoverySeconds',
  ),
};

/** The faults that can be in effect without being named. */
const STEADY_FAULTS: readonly string[] = ['loss', 'duplicate'];

type Facts = Pick<TestSpec, 'nodes' | 'timeLimitSeconds' | 'latency' | 'world'>;

export function readFaults(
  options: Given<typeof FAULTS & typeof RECOVERY>,
  facts: Facts,
): Pick<TestSpec, 'nemesis' | 'nemesisIntervalSeconds' | 'recoverySeconds'> & Partial<TestSpec> {
  const { faultScript: path } = options;
  const given = readSettings({ ...FAULTS, ...RECOVERY }, options, facts);
  const settings = path === undefined ? given : { ...given, ...faultsForScript(given, AS_OPTIONS) };
  const faultScript = path === undefined ? undefined : readScript(path, settings, facts);
  const named = [...settings.nemesis, ...(faultScript ?? []).map(({ fault }) => fault)];
  if (facts.world === 'real' && named.includes('skew')) throw skewNeedsSimulation();
  return {
    ...settings,
    ...(faultScript === undefined ? {} : { faultScript }),
    ...readStrengths(options, named, facts),
  };
}

/** Reads the strengths; `named` are the faults that will occur. */
function readStrengths(
  options: object,
  named: readonly string[],
  { latency }: Facts,
): Pick<TestSpec, 'steady' | 'faultStrengths'> {
  const given = options as Readonly<Record<string, string | undefined>>; // by the table STRENGTHS
  const steady = {};
  const faultStrengths = {};
  for (const kind of FAULT_KINDS) {
    const { name } = kind;
    const strength = strengthOf(kind);
    const word = given[name];
    if (strength === undefined || word === undefined) continue;
    const isNamed = named.includes(name);
    // Without the fault, its strength would mean nothing.
    if (!isNamed && !STEADY_FAULTS.includes(name)) {
      throw new UserError(
        `--${name} ${word} sets the strength of the fault ${name}, but that fault is not enabled.`,
        `Add --nemesis ${[...named, name].join(',')}.`,
      );
    }
    Object.assign(isNamed ? faultStrengths : steady, strength.read(strengthWords(name, word), latency));
  }
  return {
    ...(isEmpty(steady) ? {} : { steady }),
    ...(isEmpty(faultStrengths) ? {} : { faultStrengths }),
  };
}

/** Returns the words of an option with the form in which to show them. */
const strengthWords = (name: string, word: string): StrengthWords => ({
  text: word,
  subject: `--${name}`,
  write: (other) => `--${name} ${other}`,
});

const isEmpty = (object: object): boolean => Object.keys(object).length === 0;

/** Reads targets: each word is one target; the named nodes are one target together. */
function readTargets(names: string, nodes: readonly string[]): readonly TargetSpec[] {
  const given = readNames(names, [...TARGET_WORDS, ...nodes], {
    option: '--nemesis-targets',
    kind: 'target',
  });
  if (given.length === 0) throw new UserError('--nemesis-targets does not name a node.');
  const named = given.filter((word) => nodes.includes(word));
  const words = TARGET_WORDS.filter((word) => given.includes(word) && !nodes.includes(word));
  return named.length === 0 ? words : [...words, named];
}

const AS_OPTIONS = { script: '--fault-script', nemesis: '--nemesis' };

const readScript = (
  path: string,
  { faultFiles = [] }: Pick<TestSpec, 'faultFiles'>,
  facts: Facts,
): readonly FaultScriptEntry[] =>
  readFaultScript(readGivenFile('--fault-script', path), {
    source: path,
    own: faultFiles.map(({ name }) => name),
    ...facts,
  });
