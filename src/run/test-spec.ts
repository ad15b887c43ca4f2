/**
 * What a test is, once the command line (or a program) has said so: everything that decides a run, with its seed. Each setting
 * stands here with its type, and below with what it may be and its default, upstream's. Options of the command line
 * (`cli/test-command/options/`) and the check of `runTest` follow from both.
 */
import type { FaultScriptEntry } from '../nemesis/fault-script.ts';
import type { FaultStrengths } from '../nemesis/fault-strengths.ts';
import type { TargetSpec } from '../nemesis/targets.ts';
import type { LatencySpec } from '../network/latency.ts';
import { TOPOLOGIES } from '../workloads/topology.ts';
import type { WorkloadSettings } from '../workloads/workload.ts';
import {
  ANY,
  COUNT,
  FAULT_SCRIPT,
  FLAG,
  FRACTION,
  LATENCY,
  listOf,
  number,
  oneOf,
  SECONDS,
  SOME_SECONDS,
  STEADY,
  STRENGTHS,
  TEXT,
  type Shape,
} from './setting-shape.ts';
import type { SteadyConditions } from './steady-conditions.ts';

export interface TestSpec extends WorkloadSettings {
  readonly workload: string;
  /** Absolute path of the program, and its arguments. */
  readonly bin: string;
  readonly args: readonly string[];
  /** Requests per second over all clients; 0 means none. */
  readonly rate: number;
  readonly timeLimitSeconds: number;
  readonly recoverySeconds: number;
  /** How long a node may take to answer `init`; undefined for ten seconds, and more for one that is busy starting. */
  readonly initTimeoutSeconds?: number;
  readonly latency: LatencySpec;
  readonly steady?: SteadyConditions;
  readonly nemesis: readonly string[];
  readonly nemesisIntervalSeconds: number;
  /** Which nodes faults hit, each time one of these; undefined for the choice of each kind of fault. */
  readonly nemesisTargets?: readonly TargetSpec[];
  /** How strong faults are; what is left out is as `completeStrengths` has it. */
  readonly faultStrengths?: Partial<FaultStrengths>;
  /** Faults at given times, in place of `nemesis`. */
  readonly faultScript?: readonly FaultScriptEntry[];
  /** Fraction of requests that must succeed; undefined when not asked for. */
  readonly availability?: number;
  /** Protocol violations are warnings only. */
  readonly lenient: boolean;
  readonly logStderr: boolean;
  readonly logNetSend: boolean;
  readonly logNetRecv: boolean;
  /** Decides workload, nemesis and latencies; in the simulated world everything. */
  readonly seed: string;
  readonly world: 'real' | 'simulated';
}

/** What is to be known of a setting beside its type. */
export interface Setting<Value = unknown> {
  readonly shape: Shape;
  readonly default?: Value;
  /** The workloads to which it means something; to all when left out. */
  readonly onlyFor?: { readonly workloads: readonly string[]; readonly hint: string };
}

const SETS = {
  workloads: ['broadcast', 'g-set'],
  hint: 'It says how many adds repeat an element, in -w g-set and -w broadcast.',
} as const;
const REGISTERS = {
  workloads: ['txn-rw-register'],
  hint: 'It says from what the order of the versions of registers is inferred, in -w txn-rw-register.',
} as const;

export const SETTINGS = {
  workload: { shape: TEXT },
  bin: { shape: TEXT },
  args: { shape: listOf(TEXT), default: [] },
  nodes: { shape: listOf(TEXT), default: ['n1', 'n2', 'n3', 'n4', 'n5'] },
  concurrency: { shape: number({ min: 1, max: 100_000, integer: true, unit: 'clients' }) },
  rate: { shape: number({ min: 0, unit: 'requests per second' }), default: 5 },
  timeLimitSeconds: { shape: SOME_SECONDS, default: 60 },
  recoverySeconds: { shape: SECONDS, default: 10 },
  initTimeoutSeconds: { shape: SOME_SECONDS },
  latency: { shape: LATENCY, default: { distribution: 'constant', meanMs: 0 } },
  steady: { shape: STEADY },
  nemesis: { shape: listOf(TEXT), default: [] },
  nemesisIntervalSeconds: { shape: SOME_SECONDS, default: 10 },
  nemesisTargets: { shape: listOf(ANY) },
  faultStrengths: { shape: STRENGTHS },
  faultScript: { shape: FAULT_SCRIPT },
  topology: { shape: oneOf(TOPOLOGIES), default: 'grid' },
  availability: { shape: FRACTION },
  consistencyModels: { shape: listOf(TEXT), default: ['strict-serializable'] },
  keyCount: { shape: COUNT },
  repeatElements: { shape: FRACTION, onlyFor: SETS },
  maxTxnLength: { shape: COUNT, default: 4 },
  maxWritesPerKey: { shape: COUNT, default: 16 },
  wfrKeys: { shape: FLAG, onlyFor: REGISTERS },
  sequentialKeys: { shape: FLAG, onlyFor: REGISTERS },
  linearizableKeys: { shape: FLAG, onlyFor: REGISTERS },
  lenient: { shape: FLAG, default: false },
  strict: { shape: FLAG, default: false },
  logStderr: { shape: FLAG, default: false },
  logNetSend: { shape: FLAG, default: false },
  logNetRecv: { shape: FLAG, default: false },
  seed: { shape: TEXT },
  world: { shape: oneOf(['real', 'simulated'] satisfies TestSpec['world'][]), default: 'real' },
} as const satisfies { readonly [Name in keyof Required<TestSpec>]: Setting<TestSpec[Name]> };
