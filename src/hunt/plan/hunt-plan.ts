/** The plan of a hunt: what all runs share, and what varies between them. plan-run.ts makes tests from it. */
import type { TestSpec } from '../../run/test-spec.ts';

/** The settings that vary between runs unless the user sets them. */
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

/** Plain data, since it is sent to other processes and stored with the hunt. */
export interface HuntPlan {
  /** The largest run, with the settings that all runs share. Its faults are the allowed ones. */
  readonly base: TestSpec;
  /**
   * The settings that the user gave. Sizes (nodes, concurrency, rate, seconds, mean latency, interval) are then upper
   * bounds for what is drawn; all others stay as they are.
   */
  readonly asked: readonly VariedSetting[];
  /** The settings that stay as they are in every run, sizes included. */
  readonly kept: readonly VariedSetting[];
  readonly leastNodes: number;
  /**
   * Time until the first request succeeds, as measured by a first run; it may include an election, for instance. Every
   * run is longer by this.
   */
  readonly readySeconds: number;
  /**
   * Time from when the primary was cut off until a request to another node succeeded, as measured by the first run;
   * undefined if it could not be measured, or none succeeded.
   */
  readonly failoverSeconds?: number;
  /** Whether faults can be aimed at a primary in this workload. */
  readonly hasPrimary: boolean;
}
