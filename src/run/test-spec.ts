/** What a test is, once the command line (or a program) has said so: everything that decides a run, with its seed. */

/** How long messages between servers take. */
export interface LatencySpec {
  readonly distribution: 'constant' | 'uniform' | 'exponential';
  /** Mean, in milliseconds. */
  readonly meanMs: number;
}

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
  readonly latency: LatencySpec;
  readonly nemesis: readonly string[];
  readonly nemesisIntervalSeconds: number;
  readonly topology: string;
  /** Fraction of requests that must succeed; undefined when not asked for. */
  readonly availability?: number;
  readonly consistencyModels: readonly string[];
  readonly keyCount?: number;
  readonly maxTxnLength: number;
  readonly maxWritesPerKey: number;
  /** Protocol violations are warnings only. */
  readonly lenient: boolean;
  /** An element listed twice in a read of a set makes the run invalid. */
  readonly strict?: boolean;
  readonly logStderr: boolean;
  readonly logNetSend: boolean;
  readonly logNetRecv: boolean;
  /** Decides workload, nemesis and latencies; in the simulated world everything. */
  readonly seed: string;
  readonly world: 'real' | 'simulated';
}
