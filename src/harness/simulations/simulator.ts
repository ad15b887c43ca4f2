/**
 * Many simulated runs in one process: what hunting, shrinking and exploring call. It keeps from run to run what is dear to make
 * (compiled programs, the realms of nodes), and does not watch over nodes that never yield; the same spec and the same seed give
 * the same bytes all the same. With `careful` every run is what `simulateOnce` makes of it.
 */
import type { TestSpec } from '../../run/test-spec.ts';
import type { RunParts } from '../../run/run-parts.ts';
import type { Workload } from '../../workloads/workload.ts';
import { Programs } from '../../world/simulated/programs.ts';
import { TurnRecord } from '../../world/simulated/turn-record.ts';
import type { SimulationLimits } from '../one-test/open-world.ts';
import { loadParts } from '../own/load-own.ts';
import { simulateIn, simulateOnce, type SimulatedRun, type SimulateOptions } from './simulate-once.ts';

export { EventBudgetError } from '../../world/simulated/event-budget.ts';

/** A run of more events than this is no use to a search: a minute of 25 nodes that talk all the time has two million. */
export const EVENT_BUDGET = 5_000_000;

export interface SimulatorOptions {
  /** A world of its own for each run, in which a node that does not yield is ended. Default: false. */
  readonly careful?: boolean;
  /** A run of more events throws an EventBudgetError: it has no verdict. Default: 5 million. Not for careful runs. */
  readonly eventBudget?: number;
  /** Where another thread can see whether a node stands still: memory made by `newHeartbeat`. Not for careful runs. */
  readonly heartbeat?: SharedArrayBuffer;
}

export interface Simulator {
  /** As `simulateOnce`. `spec.bin` should be what `bundleNode` has made; runs may be of several programs. */
  readonly run: (
    spec: TestSpec,
    workload: Workload,
    seed: string,
    options?: SimulateOptions,
  ) => Promise<SimulatedRun>;
  /** Lets go of what it has kept. It can be used again. */
  readonly close: () => void;
}

export function openSimulator(options: SimulatorOptions = {}): Simulator {
  if (options.careful === true) return { run: simulateOnce, close: () => {} };
  const { eventBudget = EVENT_BUDGET, heartbeat = newHeartbeat() } = options;
  const programs = new Programs({ reuseRealms: true });
  const cells = new Float64Array(heartbeat);
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
      const limits: SimulationLimits = {
        programs,
        eventBudget,
        watchdog: false,
        turns: new TurnRecord({ running: cells.subarray(TURN) }),
        onTurn: (node) => (cells[NODE] = spec.nodes.indexOf(node)),
      };
      programs.refresh(spec.bin);
      cells[RUN] = (cells[RUN] ?? 0) + 1;
      const { parts = await partsOf(spec) } = simulateOptions;
      return simulateIn(limits, spec, workload, seed, { ...simulateOptions, parts });
    },
    close() {
      programs.clear();
      loaded.clear();
    },
  };
}

const RUN = 0;
const NODE = 1;
const TURN = 2;

/** What a simulator is doing. One that shows the same turn, which is not 0, for long has a node that does not yield. */
export interface Heartbeat {
  /** Counted from 1; 0 before the first. */
  readonly run: number;
  /** Of the turn in progress, or the last one: its place in `spec.nodes`, -1 for one that joined later. */
  readonly node: number;
  /** Counted from 1 over all nodes of the run; 0 between turns. */
  readonly turn: number;
}

export const newHeartbeat = (): SharedArrayBuffer =>
  new SharedArrayBuffer(3 * Float64Array.BYTES_PER_ELEMENT);

export function readHeartbeat(heartbeat: SharedArrayBuffer): Heartbeat {
  const cells = new Float64Array(heartbeat);
  return { run: cells[RUN] ?? 0, node: cells[NODE] ?? 0, turn: cells[TURN] ?? 0 };
}
