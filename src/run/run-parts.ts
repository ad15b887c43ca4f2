/** What a run is made of beside its spec, its workload and its world: functions of the user's, from files or from the caller. */
import type { FaultKind } from '../nemesis/fault.ts';
import type { ServiceMachine } from '../services/service.ts';
import type { Topology } from '../workloads/topology.ts';
import type { Random } from '../world/random.ts';
import type { NamedInvariant } from './invariant-watch.ts';

export interface RunParts {
  readonly invariants?: readonly NamedInvariant[];
  /** Kinds beside those of the registry. */
  readonly faults?: readonly FaultKind[];
  readonly services?: readonly RunService[];
  /** Throws a UserError where it is none of these nodes. */
  readonly topology?: (nodes: readonly string[]) => Topology;
  /** How long, in real time, a call of a function of the user's workload may take. */
  readonly ownLimitMs?: number;
  /** What a function of the user's has thrown, in words, with the place in its file. */
  readonly describeThrown?: (error: unknown) => string;
  /** Whether a file of the user's has thrown it. */
  readonly isOwnError?: (error: unknown) => boolean;
}

/** A service beside those that come with Maelstrom. */
export interface RunService {
  readonly name: string;
  /** A fresh one, for one run. */
  readonly start: (surroundings: {
    readonly random: Random;
    readonly onThrown: (part: string, error: unknown) => void;
  }) => ServiceMachine;
}
