/** The plan of a hunt: what is the same in all its runs, and what varies from one to the next. plan-run.ts makes tests of it. */
import type { TestSpec } from '../run/test-spec.ts';

/** The settings that vary from run to run where they are not asked for. */
export const VARIED = [
  'nodes',
  'concurrency',
  'rate',
  'timeLimitSeconds',
  'latency',
  'distribution',
  'topology',
  'keyCount',
  'nemesisIntervalSeconds',
  'nemesisTargets',
] as const;
export type VariedSetting = (typeof VARIED)[number];

/** Plain data: it is sent to other processes, and kept with the hunt. */
export interface HuntPlan {
  /** The largest run, and what is the same in all runs. Its faults are those that are allowed. */
  readonly base: TestSpec;
  /**
   * Which of its settings were asked for. Sizes (nodes, concurrency, rate, seconds, mean latency, interval) are then the most that is
   * drawn, all others stay as they are.
   */
  readonly asked: readonly VariedSetting[];
  /** Which of its settings stay as they are in every run, sizes included. */
  readonly kept: readonly VariedSetting[];
  readonly leastNodes: number;
  /** How long the program takes until the first request succeeds, as a first run has shown: an election, say. Every run lasts so much longer. */
  readonly readySeconds: number;
  /** Whether faults can be aimed at a primary in this workload. */
  readonly hasPrimary: boolean;
}
