/** A test in progress, in this process or in another. */
import type { TestResults } from '../../run/verdict/analysis.ts';
import type { RunStatus } from '../../run/run-status.ts';
import type { TestSpec } from '../../run/test-spec.ts';

export interface StoredResults {
  readonly results: TestResults;
  /** The verdict in words. */
  readonly sentence: string;
  /** Absolute path of the run's folder. */
  readonly folder: string;
  /** True if the run was interrupted; what had been recorded was analysed. */
  readonly interrupted: boolean;
  /** Set for a simulated run that completed: the same settings and seed give the same digest. */
  readonly digest?: string;
}

export interface RunningTest {
  readonly spec: TestSpec;
  /** Absolute path of the run's folder. */
  readonly folder: string;
  /** Files that could not be written, if any; the results are then in doubt. */
  readonly storeProblems: readonly string[];
  status(): RunStatus;
  /**
   * Runs the test to its end and writes the results. Called exactly once. Resolves to undefined if it was aborted
   * meanwhile.
   */
  run(): Promise<StoredResults | undefined>;
  /** Ends the requests now and analyses what was recorded; `by` is what ends it, such as a signal's name. */
  interrupt(by: string): void;
  /** Ends everything now, without analysis and without leaving processes. What was recorded is kept. */
  abort(): Promise<void>;
}

/** Aborts the test once the signal is aborted. Returns a function that stops listening. */
export function abortBy(test: RunningTest, signal: AbortSignal | undefined): () => void {
  const abort = (): void => void test.abort();
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort);
  return () => signal?.removeEventListener('abort', abort);
}
