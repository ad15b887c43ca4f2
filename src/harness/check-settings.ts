/**
 * Refuses settings of `runTest` that do not exist or are of the wrong kind, at every level: a program in plain JavaScript has
 * no compiler that says so, and a misspelt time limit would run for a minute.
 */
import { nearest } from '../protocol/nearest.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import type { FaultScriptEntry } from '../nemesis/fault-script.ts';
import type { FaultStrengths, SkewSize, SkewSpan } from '../nemesis/fault-strengths.ts';
import type { LatencySpec, RegionalLatency } from '../network/latency.ts';
import type { SteadyConditions } from '../run/steady-conditions.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { TOPOLOGIES } from '../workloads/topology.ts';
import type { RunTestOptions } from './run-test.ts';

/** What a setting may be. */
type Shape =
  | { readonly kind: 'any' | 'text' | 'number' | 'flag' | 'function' }
  | { readonly kind: 'word'; readonly of: readonly string[] }
  | { readonly kind: 'list' | 'map'; readonly of: Shape }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Shape>> };

/** Every field of a type, so that one that is added there is missing here for the compiler. */
type FieldsOf<T> = Readonly<Record<keyof Required<T>, Shape>>;

const ANY: Shape = { kind: 'any' };
const TEXT: Shape = { kind: 'text' };
const NUMBER: Shape = { kind: 'number' };
const FLAG: Shape = { kind: 'flag' };
const FUNCTION: Shape = { kind: 'function' };
const listOf = (of: Shape): Shape => ({ kind: 'list', of });
const mapOf = (of: Shape): Shape => ({ kind: 'map', of });
const oneOf = (of: readonly string[]): Shape => ({ kind: 'word', of });
const object = (fields: Readonly<Record<string, Shape>>): Shape => ({ kind: 'object', fields });

const SPAN = object({ from: NUMBER, to: NUMBER, sign: NUMBER } satisfies FieldsOf<SkewSpan>);
const STRENGTHS = object({
  loss: NUMBER,
  duplicate: NUMBER,
  reorder: NUMBER,
  // One of several kinds, each with fields of its own.
  slow: ANY,
  flapPeriodMs: NUMBER,
  skew: object({ jumpMs: SPAN, drift: SPAN } satisfies FieldsOf<SkewSize>),
} satisfies FieldsOf<FaultStrengths>);

const SETTINGS = object({
  // A name, or a workload of the caller's own.
  workload: ANY,
  store: TEXT,
  report: FLAG,
  onLog: FUNCTION,
  onStart: FUNCTION,
  signal: ANY,
  bin: TEXT,
  args: listOf(TEXT),
  nodes: listOf(TEXT),
  concurrency: NUMBER,
  rate: NUMBER,
  timeLimitSeconds: NUMBER,
  recoverySeconds: NUMBER,
  latency: object({
    distribution: TEXT,
    meanMs: NUMBER,
    valuesMs: listOf(NUMBER),
    regions: object({
      regions: mapOf(listOf(TEXT)),
      latency: mapOf(NUMBER),
    } satisfies FieldsOf<RegionalLatency>),
  } satisfies FieldsOf<LatencySpec>),
  steady: object({ loss: NUMBER, duplicate: NUMBER } satisfies FieldsOf<SteadyConditions>),
  nemesis: listOf(TEXT),
  nemesisIntervalSeconds: NUMBER,
  nemesisTargets: listOf(ANY),
  faultStrengths: STRENGTHS,
  initTimeoutSeconds: NUMBER,
  faultScript: listOf(
    object({
      at: NUMBER,
      fault: TEXT,
      target: ANY,
      for: NUMBER,
      strengths: STRENGTHS,
    } satisfies FieldsOf<FaultScriptEntry>),
  ),
  topology: oneOf(TOPOLOGIES),
  availability: NUMBER,
  consistencyModels: listOf(TEXT),
  keyCount: NUMBER,
  repeatElements: NUMBER,
  maxTxnLength: NUMBER,
  maxWritesPerKey: NUMBER,
  wfrKeys: FLAG,
  sequentialKeys: FLAG,
  linearizableKeys: FLAG,
  lenient: FLAG,
  strict: FLAG,
  logStderr: FLAG,
  logNetSend: FLAG,
  logNetRecv: FLAG,
  seed: TEXT,
  world: oneOf(['real', 'simulated'] satisfies TestSpec['world'][]),
} satisfies FieldsOf<RunTestOptions>);

/** Throws a UserError that names the setting, what it is, and what was expected. */
export function checkSettings(settings: unknown): void {
  check(settings, SETTINGS, 'the settings');
  // Both are objects: see above.
  const { bin, workload } = settings as Readonly<Record<string, unknown>>;
  if (workload === undefined || bin === undefined) {
    const missing = workload === undefined ? 'workload' : 'bin';
    throw new UserError(
      `runTest: the setting ${missing} is missing.`,
      "For a start: runTest({ workload: 'echo', bin: 'echo.ts', timeLimitSeconds: 5 })",
    );
  }
}

function check(value: unknown, shape: Shape, where: string): void {
  // What is given as undefined is left out.
  if (value === undefined && where !== 'the settings') return;
  switch (shape.kind) {
    case 'any':
      return;
    case 'text':
      return expect(typeof value === 'string', value, where, 'a string');
    case 'number':
      return expect(typeof value === 'number' && !Number.isNaN(value), value, where, 'a number');
    case 'flag':
      return expect(typeof value === 'boolean', value, where, 'true or false');
    case 'function':
      return expect(typeof value === 'function', value, where, 'a function');
    case 'word': {
      const near = typeof value === 'string' ? nearest(value, shape.of) : undefined;
      const suggestion = near === undefined ? '' : ` Did you mean ${near}?`;
      return expect(
        shape.of.includes(String(value)),
        value,
        where,
        `one of ${shape.of.join(', ')}`,
        suggestion,
      );
    }
    case 'list': {
      expect(Array.isArray(value), value, where, 'an array');
      for (const [at, item] of (value as readonly unknown[]).entries())
        check(item, shape.of, `${where}[${at}]`);
      return;
    }
    case 'map':
      for (const [name, item] of entries(value, where)) check(item, shape.of, within(where, name));
      return;
    case 'object':
      for (const [name, item] of entries(value, where)) {
        const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
        if (field === undefined) throw unknown(name, where, Object.keys(shape.fields));
        check(item, field, within(where, name));
      }
  }
}

function entries(value: unknown, where: string): readonly (readonly [string, unknown])[] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  expect(isObject, value, where, 'an object');
  return Object.entries(value as object); // which it is: see the line before
}

const within = (where: string, name: string): string =>
  where === 'the settings' ? name : `${where}.${name}`;

function expect(isRight: boolean, value: unknown, where: string, expected: string, suggestion = ''): void {
  if (isRight) return;
  throw new UserError(`runTest: ${where} must be ${expected}, but is ${shown(value)}.${suggestion}`);
}

/** What options of the command line are in a program, where the names are far from each other. */
const AS_SETTING: Readonly<Record<string, string>> = {
  node: 'nodes',
  nodecount: "nodes, a list of names such as ['n1', 'n2', 'n3']",
  nodesfile: 'nodes, a list of names',
  recoverytime: 'recoverySeconds',
  latencydist: 'latency.distribution',
  latencyfile: 'latency.valuesMs',
  linklatency: 'latency.regions',
  loss: 'steady.loss',
  duplicate: 'steady.duplicate',
  simulate: "world: 'simulated'",
  open: 'onStart',
  noreport: 'report: false',
};

function unknown(name: string, where: string, known: readonly string[]): UserError {
  // timeLimit is near to timeLimitSeconds, though it takes seven edits.
  const plain = name.replaceAll(/[-_]/g, '').toLowerCase();
  const near =
    known.find((one) => plain !== '' && one.toLowerCase().startsWith(plain)) ??
    (where === 'the settings' && Object.hasOwn(AS_SETTING, plain) ? AS_SETTING[plain] : undefined) ??
    nearest(name, known);
  const suggestion = near === undefined ? '' : ` Did you mean ${near}?`;
  return new UserError(
    `runTest: there is no setting ${shownText(JSON.stringify(name))}${where === 'the settings' ? '' : ` in ${where}`}.${suggestion}`,
    `There are: ${known.join(', ')}.`,
  );
}

const shown = (value: unknown): string =>
  shownText(typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value)), 100);
