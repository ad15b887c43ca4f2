/** Turns the options of `maelstrom test` into a TestSpec, refusing what makes no sense before anything runs. */
import {
  readFaultScript,
  type FaultScriptContext,
  type FaultScriptEntry,
} from '../../nemesis/fault-script.ts';
import { skewNeedsSimulation } from '../../nemesis/skew-fault.ts';
import { TARGET_WORDS, type TargetSpec } from '../../nemesis/targets.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { UserError } from '../../protocol/user-error.ts';
import { readGivenFile } from '../words/given-file.ts';
import { refuseTilde } from '../words/home-path.ts';
import { parseNumber } from '../words/parse-number.ts';
import { asFlag, refuseUnfitting } from '../../harness/fitting-settings.ts';
import { readFaultConditions } from './read-faults.ts';
import { readLatency } from './read-latency.ts';
import { readNodes } from './read-nodes.ts';
import { nearest, oneOf } from '../../harness/one-of.ts';
import type { TestOptions, TestWords } from './test-options.ts';

/** The names there are; asked for only when a test is about to run, for they stand in heavy modules. */
export interface KnownNames {
  readonly workloads: readonly string[];
  readonly nemeses: readonly string[];
  readonly topologies: readonly string[];
  readonly consistencyModels: readonly string[];
}

export interface SpecContext {
  readonly names: KnownNames;
  /** Absolute path of a --bin. */
  resolveBin(path: string): string;
  /** A seed for a run that was given none. */
  freshSeed(): string;
}

export function readTestSpec(words: TestWords, context: SpecContext): TestSpec {
  const { options, args } = words;
  refuseLostValues(options);
  refuseTildes(options);
  const { names } = context;
  const workload = oneOf(options.workload, names.workloads, { option: '--workload', kind: 'workload' });
  const { repeatElements, wfrKeys, sequentialKeys, linearizableKeys, lenient, strict } = options;
  const fitted = { repeatElements, wfrKeys, sequentialKeys, linearizableKeys, lenient, strict };
  refuseUnfitting(fitted, workload, asFlag);
  const world = options.simulate ? 'simulated' : 'real';
  const nodes = readNodes(options);
  const seconds = { min: 0, unit: 'seconds' };
  const positive = { min: 1, integer: true };
  const timeLimitSeconds = parseNumber('--time-limit', options.timeLimit, { ...seconds, minExcluded: true });
  const latency = readLatency(options, nodes);
  const nemesis = readList(options.nemesis, names.nemeses, { option: '--nemesis', kind: 'fault' });
  const faultScript =
    options.faultScript === undefined
      ? undefined
      : readScript(options.faultScript, options, { nodes, timeLimitSeconds, latency });
  const faults = [...nemesis, ...(faultScript ?? []).map(({ fault }) => fault)];
  if (world === 'real' && faults.includes('skew')) throw skewNeedsSimulation();
  return {
    workload,
    nodes,
    args,
    concurrency: readConcurrency(options.concurrency, nodes.length),
    rate: parseNumber('--rate', options.rate, { min: 0, unit: 'requests per second' }),
    timeLimitSeconds,
    recoverySeconds: parseNumber('--recovery-time', options.recoveryTime, seconds),
    ...(options.initTimeout === undefined
      ? {}
      : {
          initTimeoutSeconds: parseNumber('--init-timeout', options.initTimeout, {
            ...seconds,
            minExcluded: true,
          }),
        }),
    latency,
    ...readFaultConditions(options, faults, latency),
    nemesis,
    nemesisIntervalSeconds: parseNumber('--nemesis-interval', options.nemesisInterval, {
      ...seconds,
      minExcluded: true,
    }),
    ...(options.nemesisTargets === undefined
      ? {}
      : { nemesisTargets: readTargets(options.nemesisTargets, nodes) }),
    ...(faultScript === undefined ? {} : { faultScript }),
    topology: oneOf(options.topology, names.topologies, { option: '--topology', kind: 'topology' }),
    ...(options.availability === undefined ? {} : { availability: readAvailability(options.availability) }),
    consistencyModels: readList(options.consistencyModels, names.consistencyModels, {
      option: '--consistency-models',
      kind: 'consistency model',
    }),
    ...(options.keyCount === undefined
      ? {}
      : { keyCount: parseNumber('--key-count', options.keyCount, positive) }),
    ...(options.repeatElements === undefined
      ? {}
      : { repeatElements: parseNumber('--repeat-elements', options.repeatElements, { min: 0, max: 1 }) }),
    maxTxnLength: parseNumber('--max-txn-length', options.maxTxnLength, positive),
    maxWritesPerKey: parseNumber('--max-writes-per-key', options.maxWritesPerKey, positive),
    ...readVersionSources(options),
    lenient: options.lenient,
    strict: options.strict,
    logStderr: options.logStderr,
    logNetSend: options.logNetSend,
    logNetRecv: options.logNetRecv,
    seed: readSeed(options.seed) ?? context.freshSeed(),
    world,
    // Last, so that a mistake in an option is told before one in the program.
    bin: context.resolveBin(readBin(options.bin, args)),
  };
}

/** Only what differs from the default. */
function readVersionSources({
  wfrKeys = true,
  sequentialKeys,
  linearizableKeys,
}: TestOptions): Pick<TestSpec, 'wfrKeys' | 'sequentialKeys' | 'linearizableKeys'> {
  return {
    ...(wfrKeys ? {} : { wfrKeys }),
    ...(sequentialKeys === true ? { sequentialKeys } : {}),
    ...(linearizableKeys === true ? { linearizableKeys } : {}),
  };
}

function readBin(bin: string | undefined, args: readonly string[]): string {
  if (bin !== undefined && bin !== '') return bin;
  const hint =
    args[0] === undefined
      ? 'For a start: maelstrom test -w echo --bin ./my-echo'
      : `Did you mean --bin ${args[0]}?`;
  throw new UserError('No program was given: --bin is missing.', hint);
}

/** `--nemesis --rate 5`: the value was forgotten, and the next option taken for it. */
function refuseLostValues(options: TestOptions): void {
  for (const [key, value] of Object.entries(options)) {
    if (key === 'bin' || key === 'seed' || typeof value !== 'string' || !/^--[a-z]/.test(value)) continue;
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UserError(`--${name} needs a value, but is followed by ${value}.`);
  }
}

/** Of every option that takes one. */
function refuseTildes(options: TestOptions): void {
  const { bin = '', store, nodesFile = '', latencyFile = '', linkLatency = '', faultScript = '' } = options;
  const paths = { bin, store, 'nodes-file': nodesFile, 'latency-file': latencyFile };
  for (const [name, path] of Object.entries({
    ...paths,
    'link-latency': linkLatency,
    'fault-script': faultScript,
  }))
    refuseTilde(`--${name}`, path);
}

function readConcurrency(text: string, nodeCount: number): number {
  const perNode = /^(.+)n$/i.exec(text.trim())?.[1];
  const range = { min: 1, max: 100_000, integer: true, unit: 'clients' };
  if (perNode !== undefined) return parseNumber('--concurrency Nn', perNode, range) * nodeCount;
  return parseNumber('--concurrency', text, range);
}

function readList(
  text: string,
  names: readonly string[],
  what: { readonly option: string; readonly kind: string },
): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  const given = words.filter((word) => word !== '' && word !== 'none');
  for (const word of given) oneOf(word, names, what);
  return [...new Set(given)];
}

/** Each word is a choice of its own; the nodes that are named are one together. */
function readTargets(text: string, nodes: readonly string[]): readonly TargetSpec[] {
  const given = readList(text, [...TARGET_WORDS, ...nodes], { option: '--nemesis-targets', kind: 'target' });
  if (given.length === 0) throw new UserError('--nemesis-targets names nobody.');
  const named = given.filter((word) => nodes.includes(word));
  const words = TARGET_WORDS.filter((word) => given.includes(word) && !nodes.includes(word));
  return named.length === 0 ? words : [...words, named];
}

function readScript(
  path: string,
  { nemesis }: TestOptions,
  facts: Omit<FaultScriptContext, 'source'>,
): readonly FaultScriptEntry[] {
  if (nemesis !== '' && nemesis !== 'none') {
    throw new UserError(
      '--fault-script and --nemesis cannot go together: a script tells the whole story.',
      'Leave out one of them.',
    );
  }
  return readFaultScript(readGivenFile('--fault-script', path), { source: path, ...facts });
}

function readAvailability(text: string): number {
  if (text === 'total') return 1;
  if (/^[a-z]/i.test(text)) {
    const near = nearest(text, ['total']) === undefined ? '' : ' Did you mean total?';
    throw new UserError(
      `--availability must be total, or a fraction from 0 to 1, but is ${JSON.stringify(text)}.${near}`,
    );
  }
  return parseNumber('--availability', text, { min: 0, max: 1 });
}

function readSeed(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text.trim() === '') throw new UserError('--seed must not be empty.');
  // It is printed, and typed in again.
  if (!/^[\x21-\x7e]{1,200}$/.test(text))
    throw new UserError('--seed takes up to 200 printable characters, without blanks.');
  return text;
}
