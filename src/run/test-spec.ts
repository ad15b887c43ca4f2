/** What a test is, once the command line (or a program) has said so: everything that decides a run, with its seed. */

import type { FaultScriptEntry } from '../nemesis/fault-script.ts';
import type { FaultStrengths } from '../nemesis/fault-strengths.ts';
import type { TargetSpec } from '../nemesis/targets.ts';
import type { LatencySpec } from '../network/latency.ts';
import type { SteadyConditions } from './steady-conditions.ts';

export interface TestSpec {
  readonly workload: string;
  /** Absolute path of the program, and its arguments. */
  readonly bin: string;
  readonly args: readonly string[];
  readonly nodes: readonly string[];
  /** How many client threads. */
  readonly concurrency: number;
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
  readonly topology: string;
  /** Fraction of requests that must succeed; undefined when not asked for. */
  readonly availability?: number;
  readonly consistencyModels: readonly string[];
  readonly keyCount?: number;
  readonly maxTxnLength: number;
  readonly maxWritesPerKey: number;
  /** How txn-rw-register infers the order of a key's versions; wfrKeys unless it is false, the others only when true. */
  readonly wfrKeys?: boolean;
  readonly sequentialKeys?: boolean;
  readonly linearizableKeys?: boolean;
  /** How probable it is that g-set and broadcast add an element once more; undefined when not asked for. */
  readonly repeatElements?: number;
  /** Protocol violations are warnings only. */
  readonly lenient: boolean;
  /** Protocol warnings are violations, and an element listed twice in a read of a set makes the run invalid. */
  readonly strict?: boolean;
  readonly logStderr: boolean;
  readonly logNetSend: boolean;
  readonly logNetRecv: boolean;
  /** Decides workload, nemesis and latencies; in the simulated world everything. */
  readonly seed: string;
  readonly world: 'real' | 'simulated';
}
