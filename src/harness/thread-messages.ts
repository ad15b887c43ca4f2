/** What the thread of a simulated test is given, and what it and its caller say to each other. */
import type { RunStatus } from '../run/run-status.ts';
import type { TestSpec } from '../run/test-spec.ts';

export interface TestOrder {
  readonly spec: TestSpec;
  /** One of `WORKLOADS`. */
  readonly workload: string;
  readonly store: string;
  readonly command?: string;
  /** Absolute path of the run's folder, which holds an attempt that is void. */
  readonly folder: string;
  readonly startedAt: Date;
  /** For temporary files; the caller removes it. */
  readonly tempFolder: string;
  /** What nodes may use up between turns. */
  readonly memoryLimitBytes: number;
  /** Shared: the turn that goes on (TurnRecord). */
  readonly running: Float64Array;
  readonly fatalTurns: readonly number[];
  /** What interrupts the run where the last of those turns would begin; undefined when it goes on. */
  readonly by?: string;
}

export type ToThread = { readonly kind: 'interrupt'; readonly by: string } | { readonly kind: 'abort' };

export type FromThread =
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'status'; readonly status: RunStatus }
  | {
      readonly kind: 'finished';
      /** As JSON: numbers keep every digit, which a message between threads would not keep. */
      readonly results: string;
      readonly sentence: string;
      readonly interrupted: boolean;
      readonly storeProblems: readonly string[];
    }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly error: ThrownInThread };

/** An error, which loses its class on the way. */
export interface ThrownInThread {
  readonly message: string;
  readonly stack?: string;
  /** Whether it is a UserError. */
  readonly isUsers: boolean;
  readonly hint?: string;
}
