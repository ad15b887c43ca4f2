/**
 * What `runTest` takes. Refuses settings that do not exist or are of the wrong kind, at every level: a program in plain JavaScript has
 * no compiler that says so, and a misspelt time limit would run for a minute.
 */
import { checkShape } from '../../protocol/check-shape.ts';
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
} from '../../protocol/setting-shape.ts';
import type { RunStatus } from '../../run/run-status.ts';
import type { Invariant } from '../../run/invariant-watch.ts';
import { SETTINGS, type TestSpec } from '../../run/test-spec.ts';
import { TOPOLOGIES } from '../../workloads/topology.ts';
import type { Workload } from '../../workloads/workload.ts';
import { isFileWord } from '../own/own-files.ts';
import type { TestSettings } from './spec-defaults.ts';

export interface RunTestOptions extends Omit<
  TestSettings,
  'workload' | 'invariants' | 'workloadFile' | 'faultFiles' | 'topologyFile' | 'serviceFiles'
> {
  /**
   * One of `WORKLOADS` by name, or one of your own: the path of its file, or the workload itself. In the simulated world the nodes
   * of one that is given itself share this process, so that a single turn of a node that fills the memory ends it; those of
   * all others run in a process that may be lost.
   */
  readonly workload: string | Workload;
  /**
   * What must hold over the states that nodes show (`node.inspect`), in the simulated world: files, whose default export is such a
   * function, or functions. With a function the nodes share this process, as for a workload of your own.
   */
  readonly invariants?: readonly (string | Invariant<never>)[];
  /** Faults by name, and files of faults of your own. */
  readonly nemesis?: readonly string[];
  /** A topology by name, or a file with one of your own. */
  readonly topology?: string;
  /** Files with services of your own. */
  readonly services?: readonly string[];
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

const { workloadFile: _w, faultFiles: _f, topologyFile: _t, serviceFiles: _s, ...OWN_NAMES } = SETTINGS;

const OPTIONS = object<RunTestOptions>({
  ...shapesOf(OWN_NAMES),
  // A name, or a workload of the caller's own.
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
  return shapes as Record<Name, Shape>; // the names of the settings
}

/** Throws a UserError that names the setting, what it is, and what was expected. */
export function checkSettings(settings: unknown): void {
  refuseMade(settings);
  checkShape(settings, OPTIONS, { source: 'runTest', field: 'setting', otherNames: AS_SETTING });
  // Both are objects: see above.
  const { bin, workload, topology } = settings as Readonly<Record<string, unknown>>;
  if (typeof topology === 'string' && !isFileWord(topology))
    checkShape({ topology }, NAMED_TOPOLOGY, { source: 'runTest', field: 'setting' });
  if (workload === undefined || bin === undefined) {
    const missing = workload === undefined ? 'workload' : 'bin';
    throw new UserError(
      `runTest: the setting ${missing} is missing.`,
      "For a start: runTest({ workload: 'echo', bin: 'echo.ts', timeLimitSeconds: 5 })",
    );
  }
}

/** Of what a file may hold, only a workload may be given itself. */
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
      `Put it into a file as its default export, and give its path: ${name}: ${name === 'topology' ? `'${file}'` : `['${file}']`}`,
    );
  }
}

const NAMED_TOPOLOGY = object<{ topology: string }>({ topology: oneOf(TOPOLOGIES) });

/** What options of the command line are in a program, where the names are far from each other. */
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
