/**
 * What a test is: everything that decides a run, including its seed. Each setting is declared here with its type, and
 * below with its allowed values and its default, which is upstream's; those that workloads use are in
 * `workloads/workload-settings.ts`. Options (`cli/test-command/options/`) and the checks of `runTest` follow from them.
 */
import type { FaultScriptEntry } from '../nemesis/fault-script.ts';
import type { FaultStrengths } from '../nemesis/fault-strengths.ts';
import type { TargetSpec } from '../nemesis/targets.ts';
import type { LatencySpec } from '../network/rules/latency.ts';
import {
  COUNT,
  FLAG,
  FRACTION,
  listOf,
  number,
  object,
  oneOf,
  ANY,
  TEXT,
  type SettingsOf,
  type Shape,
} from '../protocol/settings/setting-shape.ts';
import { WORKLOAD_SETTINGS, type WorkloadSettings } from '../workloads/workload-settings.ts';
import type { Course } from './course.ts';
import { COURSE, FAULT_SCRIPT, LATENCY, STEADY, STRENGTHS } from './spec-shapes.ts';
import type { SteadyConditions } from './cluster/steady-conditions.ts';

export interface TestSpec extends WorkloadSettings {
  readonly workload: string;
  /** Absolute path of the program, and its arguments. */
  readonly bin: string;
  readonly args: readonly string[];
  /** Requests per second over all clients; 0 means none. */
  readonly rate: number;
  readonly timeLimitSeconds: number;
  readonly recoverySeconds: number;
  /** Seconds within which a healed majority must make progress after the requests; see liveness.ts. */
  readonly livenessSeconds?: number;
  /** Timeout of `init`; undefined for ten seconds, extended for a node that is busy starting. */
  readonly initTimeoutSeconds?: number;
  readonly latency: LatencySpec;
  readonly steady?: SteadyConditions;
  readonly nemesis: readonly string[];
  readonly nemesisIntervalSeconds: number;
  /** Which nodes faults hit, one of these each time; undefined for the choice of each kind of fault. */
  readonly nemesisTargets?: readonly TargetSpec[];
  /**
   * Whether faults of `nemesis` begin after one interval, and mostly move on to other targets without ending in between.
   * Default: false.
   */
  readonly nemesisMoves?: boolean;
  /**
   * The next operation of a fault of `nemesis` comes as soon as this many requests that began after the last one have
   * succeeded, and in any case after its interval.
   */
  readonly nemesisAfter?: number;
  /** Strengths of faults; `completeStrengths` fills in the rest. */
  readonly faultStrengths?: Partial<FaultStrengths>;
  /** Faults at given times, in place of `nemesis`. */
  readonly faultScript?: readonly FaultScriptEntry[];
  /** The given part of the run, in place of what generator, nemesis and randomness would decide. */
  readonly course?: Course;
  /** Fraction of requests that must succeed; undefined if not requested. */
  readonly availability?: number;
  /**
   * Absolute paths of files whose default export is an invariant over the states of all nodes; see invariant-watch.ts.
   */
  readonly invariants?: readonly string[];
  /** Files that define the workload of that name, faults of `nemesis`, the topology, and additional services. */
  readonly workloadFile?: OwnFile;
  readonly faultFiles?: readonly OwnFile[];
  readonly topologyFile?: OwnFile;
  readonly serviceFiles?: readonly OwnFile[];
  /** True to report protocol violations as warnings only. */
  readonly lenient: boolean;
  readonly logStderr: boolean;
  readonly logNetSend: boolean;
  readonly logNetRecv: boolean;
  /** Determines workload, nemesis and latencies; in the simulated world everything. */
  readonly seed: string;
  readonly world: 'real' | 'simulated';
}

/** A file of the user's that takes part in a run. */
export interface OwnFile {
  /** Its name in the run: the file's name without its extension. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Hash in hexadecimal of the file and its imports, to detect changes. Missing until it has been loaded. */
  readonly sha256?: string;
}

const OWN_FILE = object<OwnFile>({ name: TEXT, path: TEXT, sha256: TEXT });

const SECONDS = number({ min: 0, unit: 'seconds' });
const SOME_SECONDS = number({ min: 0, minExcluded: true, unit: 'seconds' });

export const SETTINGS = {
  ...WORKLOAD_SETTINGS,
  workload: { shape: TEXT },
  bin: { shape: TEXT },
  args: { shape: listOf(TEXT), default: [] },
  rate: { shape: number({ min: 0, unit: 'requests per second' }), default: 5 },
  timeLimitSeconds: { shape: SOME_SECONDS, default: 60 },
  recoverySeconds: { shape: SECONDS, default: 10 },
  livenessSeconds: { shape: SOME_SECONDS },
  initTimeoutSeconds: { shape: SOME_SECONDS },
  latency: { shape: LATENCY, default: { distribution: 'constant', meanMs: 0 } },
  steady: { shape: STEADY },
  nemesis: { shape: listOf(TEXT), default: [] },
  nemesisIntervalSeconds: { shape: SOME_SECONDS, default: 10 },
  nemesisTargets: { shape: listOf(ANY) },
  nemesisMoves: { shape: FLAG },
  nemesisAfter: { shape: COUNT },
  faultStrengths: { shape: STRENGTHS },
  faultScript: { shape: FAULT_SCRIPT },
  course: { shape: COURSE },
  availability: { shape: FRACTION },
  invariants: { shape: listOf(TEXT) },
  workloadFile: { shape: OWN_FILE },
  faultFiles: { shape: listOf(OWN_FILE) },
  topologyFile: { shape: OWN_FILE },
  serviceFiles: { shape: listOf(OWN_FILE) },
  lenient: { shape: FLAG, default: false },
  logStderr: { shape: FLAG, default: false },
  logNetSend: { shape: FLAG, default: false },
  logNetRecv: { shape: FLAG, default: false },
  seed: { shape: TEXT },
  world: { shape: oneOf(['real', 'simulated'] satisfies TestSpec['world'][]), default: 'real' },
} as const satisfies SettingsOf<TestSpec>;

/**
 * Returns the shape of a spec in a file, such as test.json; `elsewhere` are settings stored in another place of that
 * file.
 */
export const specShape = (
  elsewhere: readonly (keyof TestSpec)[] = [],
  needed: readonly (keyof TestSpec)[] = [],
): Shape => ({
  kind: 'object',
  fields: Object.fromEntries(
    Object.entries(SETTINGS).flatMap(([name, { shape }]) =>
      elsewhere.some((one) => one === name) ? [] : [[name, shape]],
    ),
  ),
  needed,
});
