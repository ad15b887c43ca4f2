/**
 * What `runTest` takes. Refuses settings that do not exist or are of the wrong kind, at every level: a program in plain JavaScript has
 * no compiler that says so, and a misspelt time limit would run for a minute.
 */
import { didYouMean, nearest } from '../protocol/nearest.ts';
import { shownText } from '../protocol/shown-text.ts';
import { UserError } from '../protocol/user-error.ts';
import { isInRange, rangeText } from '../protocol/number-range.ts';
import { ANY, FLAG, FUNCTION, object, TEXT, type Shape } from '../protocol/setting-shape.ts';
import type { RunStatus } from '../run/run-status.ts';
import { SETTINGS, type TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';
import type { TestSettings } from './spec-defaults.ts';

export interface RunTestOptions extends Omit<TestSettings, 'workload'> {
  /**
   * One of `WORKLOADS` by name, or one of your own. In the simulated world the nodes of one of your own share this process, so that a
   * single turn of a node that fills the memory ends it; those of a known one run in a process that may be lost.
   */
  readonly workload: string | Workload;
  /** The folder in which runs are kept; `store` in the current directory when not given. */
  readonly store?: string;
  /** Whether plots, diagrams and report.html are written into the run's folder; default true. */
  readonly report?: boolean;
  /** Called with every line of the log. */
  readonly onLog?: (line: string) => void;
  /** Given a way to look at the run while it goes. */
  readonly onStart?: (running: {
    status(): RunStatus;
    readonly spec: TestSpec;
    readonly folder: string;
  }) => void;
  /** Ends the run now; `runTest` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

const OPTIONS = object<RunTestOptions>({
  ...shapesOf(SETTINGS),
  // A name, or a workload of the caller's own.
  workload: ANY,
  store: TEXT,
  report: FLAG,
  onLog: FUNCTION,
  onStart: FUNCTION,
  signal: ANY,
});

function shapesOf<Name extends string>(
  settings: Readonly<Record<Name, { readonly shape: Shape }>>,
): Readonly<Record<Name, Shape>> {
  const shapes: Record<string, Shape> = {};
  for (const name in settings) shapes[name] = settings[name].shape;
  return shapes as Record<Name, Shape>; // the names of the settings
}

/** Throws a UserError that names the setting, what it is, and what was expected. */
export function checkSettings(settings: unknown): void {
  check(settings, OPTIONS, 'the settings');
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
      expect(typeof value === 'number' && !Number.isNaN(value), value, where, 'a number');
      // Which it is: see the line before.
      return expect(isInRange(value as number, shape.range), value, where, rangeText(shape.range));
    case 'flag':
      return expect(typeof value === 'boolean', value, where, 'true or false');
    case 'function':
      return expect(typeof value === 'function', value, where, 'a function');
    case 'word': {
      const expected = `one of ${shape.of.join(', ')}`;
      return expect(shape.of.includes(String(value)), value, where, expected, didYouMean(value, shape.of));
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

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  // JSON has no infinity.
  return shownText(typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value)), 100);
}
