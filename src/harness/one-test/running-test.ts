/** A test while it runs, wherever that is: in this process, or in another. */
import type { TestResults } from '../../run/analysis.ts';
import type { RunStatus } from '../../run/run-status.ts';
import type { TestSpec } from '../../run/test-spec.ts';

export interface StoredResults {
  readonly results: TestResults;
  /** The verdict in words. */
  readonly sentence: string;
  /** Absolute path of the run's folder. */
  readonly folder: string;
  /** Whether it was ended before its time, and what there was has been analysed. */
  readonly interrupted: boolean;
  /** Of a simulated run that came to its end: the same settings and the same seed give it again. */
  readonly digest?: string;
}

export interface RunningTest {
  readonly spec: TestSpec;
  /** Absolute path of the run's folder. */
  readonly folder: string;
  /** What could not be written, if anything; the results are then in doubt. */
  readonly storeProblems: readonly string[];
  status(): RunStatus;
  /** Runs the test to its end and writes the results. Called once. Undefined when it was aborted meanwhile. */
  run(): Promise<StoredResults | undefined>;
  /** Ends the requests now and goes on to analyse what was recorded; `by` is what ends it, such as a signal's name. */
  interrupt(by: string): void;
  /** Ends everything now; nothing is analysed, nothing stays alive. What was recorded is kept. */
  abort(): Promise<void>;
}
