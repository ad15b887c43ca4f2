/**
 * Makes many simulated runs in one process, for hunting, shrinking and exploring. It keeps between runs what is
 * expensive to make (compiled programs, the realms of nodes), and has no watchdog for nodes that never yield; even so,
 * the same spec and seed give the same bytes. With `careful` every run is made as by `simulateOnce`.
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
  /** Memory made by `newHeartbeat`, where another thread can see whether a node hangs. Not for careful runs. */
  readonly heartbeat?: SharedArrayBuffer;
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
  const { eventBudget = EVENT_BUDGET, heartbeat = newHeartbeat(), remembersLives = false } = options;
  const programs = new Programs({ reuseRealms: true, remembersLives });
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

/** What a simulator is doing. If it shows the same non-zero turn for long, a node does not yield. */
export interface Heartbeat {
  /** Counted from 1; 0 before the first. */
  readonly run: number;
  /** Node of the current or last turn: its index in `spec.nodes`, or -1 if it joined later. */
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
