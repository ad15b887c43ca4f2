/**
 * The options of `runTest`. Unknown settings and settings of the wrong type are refused at every level: plain
 * JavaScript has no compiler to report them, and a misspelt time limit would run for a minute.
 */
import { checkShape } from '../../protocol/settings/check-shape.ts';
import { UserError } from '../../protocol/user-error.ts';
import {
  ANY,
  FLAG,
  FUNCTION,
  listOf,
  object,
  oneOf,
  TEXT,
  type Shape,
} from '../../protocol/settings/setting-shape.ts';
import type { RunStatus } from '../../run/run-status.ts';
import type { Invariant } from '../../run/invariants/invariant-watch.ts';
import { SETTINGS, type TestSpec } from '../../run/test-spec.ts';
import { TOPOLOGIES } from '../../workloads/topology.ts';
import type { Workload } from '../../workloads/workload.ts';
import { isFileWord } from '../own/own-file-words.ts';
import type { TestSettings } from './spec-defaults.ts';

/** Under `exactOptionalPropertyTypes` an optional property does not accept undefined; settings do, as if omitted. */
type OrUndefined<Settings> = {
  readonly [Name in keyof Settings]: object extends Pick<Settings, Name>
    ? Settings[Name] | undefined
    : Settings[Name];
};

export interface RunTestOptions extends Omit<
  OrUndefined<TestSettings>,
  'workload' | 'invariants' | 'workloadFile' | 'faultFiles' | 'topologyFile' | 'serviceFiles'
> {
  /**
   * A built-in workload by name, or one of your own: the path of its file, or the workload object. With a workload
   * object, simulated nodes share this process, so that a single turn of a node that exhausts the memory ends it;
   * otherwise they run in a separate process, which may be lost.
   */
  readonly workload: string | Workload;
  /**
   * Invariants over the states that nodes show (`node.inspect`), in the simulated world: functions, or files with such
   * a function as their default export. With a function, nodes share this process, as with a workload object.
   */
  readonly invariants?: readonly (string | Invariant<never>)[] | undefined;
  /** Faults by name, and files of your own faults. */
  readonly nemesis?: readonly string[] | undefined;
  /** A topology by name, or a file with your own. */
  readonly topology?: string | undefined;
  /** Files with your own services. */
  readonly services?: readonly string[] | undefined;
  /** The folder in which runs are stored; by default `store` in the current directory. */
  readonly store?: string | undefined;
  /** Whether plots, diagrams and report.html are written into the run's folder; true by default. */
  readonly report?: boolean | undefined;
  /** Called with every line of the log. */
  readonly onLog?: ((line: string) => void) | undefined;
  /** Called at the start with access to the status of the run. */
  readonly onStart?:
    | ((running: { status(): RunStatus; readonly spec: TestSpec; readonly folder: string }) => void)
    | undefined;
  /** Aborts the run; `runTest` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const { workloadFile: _w, faultFiles: _f, topologyFile: _t, serviceFiles: _s, ...OWN_NAMES } = SETTINGS;

const OPTIONS = object<RunTestOptions>({
  ...shapesOf(OWN_NAMES),
  // A name, or a workload object of the caller.
  workload: ANY,
  // Paths or functions.
  invariants: listOf(ANY),
  services: listOf(TEXT),
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
  return shapes as Record<Name, Shape>; // the keys are the names of the settings
}

/** Throws a UserError that names the setting, its value, and what was expected. */
export function checkSettings(settings: unknown): void {
  refuseMade(settings);
  checkShape(settings, OPTIONS, { source: 'runTest', field: 'setting', otherNames: AS_SETTING });
  // Both are objects: see above.
  const { bin, workload, topology, latency } = settings as RunTestOptions;
  if (typeof topology === 'string' && !isFileWord(topology))
    checkShape({ topology }, NAMED_TOPOLOGY, { source: 'runTest', field: 'setting' });
  if (latency?.distribution === 'measured' && (latency.valuesMs ?? []).length === 0)
    throw new UserError(
      'runTest: latency.valuesMs lists no values, but latency.distribution is "measured".',
      "For example: latency: { valuesMs: [20, 22, 35, 180] }; or another distribution, such as 'exponential'.",
    );
  if (workload === undefined || bin === undefined) {
    const missing = workload === undefined ? 'workload' : 'bin';
    throw new UserError(
      `runTest: the setting ${missing} is missing.`,
      "For a start: runTest({ workload: 'echo', bin: 'echo.ts', timeLimitSeconds: 5 })",
    );
  }
}

/** Refuses objects for settings that must be files; only a workload may be given as an object. */
function refuseMade(settings: unknown): void {
  const { nemesis, services, topology } = Object(settings) as Readonly<Record<string, unknown>>;
  for (const [name, given, file] of [
    ['nemesis', nemesis, './my-fault.ts'],
    ['services', services, './my-service.ts'],
    ['topology', [topology], './star.json'],
  ] as const) {
    const at = Array.isArray(given) ? given.findIndex((one) => Object(one) === one) : -1;
    if (at < 0) continue;
    const place = name === 'topology' ? name : `${name}[${at}]`;
    throw new UserError(
      `runTest: ${place} is an object; expected a name, or the path of a file.`,
      `Put it into a file as its default export, and give the path of that file: ${name}: ${name === 'topology' ? `'${file}'` : `['${file}']`}`,
    );
  }
}

const NAMED_TOPOLOGY = object<{ topology: string }>({ topology: oneOf(TOPOLOGIES) });

/** Command line options whose names differ a lot from those of the settings. */
const AS_SETTING: Readonly<Record<string, string>> = {
  node: 'nodes',
  nodecount: "nodes, a list of names such as ['n1', 'n2', 'n3']",
  nodesfile: 'nodes, a list of names',
  recoverytime: 'recoverySeconds',
  service: 'services, a list of files',
  latencydist: 'latency.distribution',
  latencyfile: 'latency.valuesMs',
  linklatency: 'latency.regions',
  loss: 'steady.loss',
  duplicate: 'steady.duplicate',
  simulate: "world: 'simulated'",
  open: 'onStart',
  noreport: 'report: false',
};
