/** Parts of a run besides its spec, its workload and its world: functions of the user's, from files or from the caller. */
import type { FaultKind } from '../nemesis/fault.ts';
import type { ServiceMachine } from '../services/service.ts';
import type { Topology } from '../workloads/topology.ts';
import type { Random } from '../world/random.ts';
import type { NamedInvariant } from './invariants/invariant-watch.ts';

export interface RunParts {
  readonly invariants?: readonly NamedInvariant[];
  /** Kinds of faults in addition to those of the registry. */
  readonly faults?: readonly FaultKind[];
  readonly services?: readonly RunService[];
  /** Makes the topology. Throws a UserError if it does not fit these nodes. */
  readonly topology?: (nodes: readonly string[]) => Topology;
  /** Maximum real time in milliseconds of one call of a function of the user's workload. */
  readonly ownLimitMs?: number;
  /** Describes an error that a function of the user's threw, with its place in the file. */
  readonly describeThrown?: (error: unknown) => string;
  /** True when a file of the user's threw the error. */
  readonly isOwnError?: (error: unknown) => boolean;
}

/** A service in addition to those of Maelstrom. */
export interface RunService {
  readonly name: string;
  /** Starts a new instance for one run. */
  readonly start: (surroundings: {
    readonly random: Random;
    readonly onThrown: (part: string, error: unknown) => void;
  }) => ServiceMachine;
}
