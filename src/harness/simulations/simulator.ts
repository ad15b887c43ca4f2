/**
 * Makes many simulated runs in one process, for hunting, shrinking and exploring. It keeps between runs what is
 * expensive to make (compiled programs, the realms of nodes), and has no watchdog for nodes that never yield; even so,
 * the same spec and seed give the same bytes. With `careful` every run is made as by `simulateOnce`.
 */
import type { TestSpec } from '../../run/test-spec.ts';
import type { RunParts } from '../../run/run-parts.ts';
import type { Workload } from '../../workloads/workload.ts';
import { Programs } from '../../world/simulated/program/programs.ts';
import { loadParts } from '../own/load-own.ts';
import { simulateIn, simulateOnce, type SimulatedRun, type SimulateOptions } from './simulate-once.ts';

export { EventBudgetError } from '../../world/simulated/event-budget.ts';
export { UnrepeatableLife } from '../../world/simulated/known-lives.ts';

/**
 * Event budget of a run, beyond which it is of no use to a search: a minute of 25 nodes that send continuously has two
 * million events.
 */
export const EVENT_BUDGET = 5_000_000;

export interface SimulatorOptions {
  /** A separate world for each run, in which a node that never yields is ended. False by default. */
  readonly careful?: boolean;
  /**
   * Maximum number of events of a run; beyond it `run` throws an EventBudgetError, without a verdict. 5 million by
   * default. Not for careful runs.
   */
  readonly eventBudget?: number;
  /** Whether lives that are known from earlier runs run no process: for runs that differ little. False by default. */
  readonly remembersLives?: boolean;
}

export interface Simulator {
  /** Like `simulateOnce`. `spec.bin` should be a bundle by `bundleNode`; runs may be of several programs. */
  readonly run: (
    spec: TestSpec,
    workload: Workload,
    seed: string,
    options?: SimulateOptions,
  ) => Promise<SimulatedRun>;
  /** Releases what it has kept. It can be used again. */
  readonly close: () => void;
}

export function openSimulator(options: SimulatorOptions = {}): Simulator {
  if (options.careful === true) return { run: simulateOnce, close: () => {} };
  const { eventBudget = EVENT_BUDGET, remembersLives = false } = options;
  const programs = new Programs({ reuseRealms: true, remembersLives });
  const loaded = new Map<string, Promise<RunParts>>();
  const partsOf = (spec: TestSpec): Promise<RunParts> => {
    const { invariants, faultFiles, topologyFile, serviceFiles } = spec;
    const key = JSON.stringify([invariants, faultFiles, topologyFile, serviceFiles]);
    const parts = loaded.get(key) ?? loadParts({ ...spec, world: 'simulated' });
    loaded.set(key, parts);
    return parts;
  };
  return {
    run: async (spec, workload, seed, simulateOptions = {}) => {
      programs.refresh(spec.bin);
      const { parts = await partsOf(spec) } = simulateOptions;
      return simulateIn({ programs, eventBudget, watchdog: false }, spec, workload, seed, {
        ...simulateOptions,
        parts,
      });
    },
    close() {
      programs.clear();
      loaded.clear();
    },
  };
}
