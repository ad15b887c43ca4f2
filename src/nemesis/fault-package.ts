/**
 * What a fault is to a run: operations that begin and end it, when they come, and how they are carried out.
 *
 * One file a kind beside this one; `fault-registry.ts` lists them, `nemesis.ts` puts those that were asked for together.
 */
import type { Generator } from '../generator/generator.ts';
import type { Json } from '../protocol/json.ts';
import type { Network } from '../network/network.ts';
import type { Random } from '../world/random.ts';

/** What faults may reach. */
export interface FaultEnvironment {
  readonly nodes: readonly string[];
  readonly network: Network;
  readonly random: Random;
  /** Mean time between two of a fault's operations. */
  readonly intervalSeconds: number;
  /** The nodes that lead at present, where the workload can tell. */
  readonly primaries?: () => readonly string[];
}

/** The stretch of time that plots shade: from an operation of `start` to the next of `stop`. */
export interface FaultBand {
  readonly name: string;
  readonly start: readonly string[];
  readonly stop: readonly string[];
}

/** An operation of the nemesis. */
export interface FaultOp {
  readonly f: string;
  readonly value: Json;
}

export interface FaultPackage {
  readonly name: string;
  /** The operations during the main phase, at their times. */
  readonly generator: Generator;
  /** What ends the fault for good. */
  readonly finalGenerator: Generator;
  readonly band: FaultBand;
  /** Carries out one of its operations and calls back once with the value to record. */
  invoke(op: FaultOp, done: (value: Json) => void): void;
  /** Words for what is wrong at present, such as `partition n1 | n2 n3`. */
  activeFaults(): readonly string[];
}

/** A kind of fault that `--nemesis` can name. */
export interface FaultKind {
  readonly name: string;
  /** What it does, in Markdown, for the reference pages. */
  readonly about: string;
  prepare(environment: FaultEnvironment): FaultPackage;
}
