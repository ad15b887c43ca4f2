/**
 * Many simulated runs in one process: what hunting, shrinking and exploring call. It may keep from run to run what is dear to
 * make, and watches less closely over nodes than a single run does; the same spec and the same seed give the same bytes all the
 * same. With `careful` every run is what `simulateOnce` makes of it.
 */
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';
import { simulateOnce, type SimulatedRun, type SimulateOptions } from './simulate-once.ts';

export interface SimulatorOptions {
  /** A world of its own for each run, in which a node that does not yield is ended. Default: false. */
  readonly careful?: boolean;
}

export interface Simulator {
  /** As `simulateOnce`. `spec.bin` should be what `bundleNode` has made; runs may be of several programs. */
  run(spec: TestSpec, workload: Workload, seed: string, options?: SimulateOptions): Promise<SimulatedRun>;
  /** Lets go of what it has kept. It can be used again. */
  close(): void;
}

export function openSimulator(_options: SimulatorOptions = {}): Simulator {
  return { run: simulateOnce, close: () => {} };
}
