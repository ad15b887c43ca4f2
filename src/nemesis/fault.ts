/**
 * A fault is one small object: what to draw, how it begins, and how that is undone. When it begins and ends is decided
 * by two drivers that know no fault by name: `drivers/random-nemesis.ts`, at random intervals, and
 * `drivers/scripted-nemesis.ts`, at given times.
 *
 * There is one file per fault in `faults`; `fault-registry.ts` lists them, and `fault-operations.ts` has their operation
 * names in histories.
 */
import type { Json } from '../protocol/json.ts';
import type { LatencySpec } from '../network/rules/latency.ts';
import type { LinkStreams } from '../network/rules/links.ts';
import type { Network } from '../network/network.ts';
import type { Causes } from '../world/cause.ts';
import type { Chance, Random } from '../world/random.ts';
import type { ClockSkew } from '../world/world.ts';
import type { FaultStrengths } from './fault-strengths.ts';
import type { MembershipControl, NodeControl } from './node-control.ts';
import type { StrengthWords } from './strength-words.ts';
import type { TargetSpec } from './targets.ts';

/** What faults can access. */
export interface FaultEnvironment {
  /** The initial nodes of the run. */
  readonly nodes: readonly string[];
  readonly network: Network;
  readonly random: Random;
  /** Knows the current turn, in a world that tracks causes. A fault's random values are then keyed by its operation. */
  readonly causes?: Causes | undefined;
  /** Mean time between two of a fault's operations. */
  readonly intervalSeconds: number;
  /** Returns the nodes that currently lead, leaving out some, for workloads with that notion. */
  readonly primaries?: ((except?: readonly string[]) => readonly string[]) | undefined;
  readonly control: NodeControl;
  /** Present when nodes can be added and removed. */
  readonly membership?: MembershipControl;
  /** Takes a line for the log of the run, for outcomes that are known only after an operation has been recorded. */
  readonly log?: (line: string) => void;
  /** The targets to draw from; by default the fault's own list. */
  readonly targets?: readonly TargetSpec[] | undefined;
  /** Whether drawn faults move on to other targets without ending in between. */
  readonly moves?: boolean | undefined;
  /** The number of requests after whose success a drawn fault goes on at once: see `drivers/after-successes.ts`. */
  readonly afterSuccesses?: number | undefined;
  readonly strengths: FaultStrengths;
  /** The network's latency, on which some strengths depend. */
  readonly latency: LatencySpec;
  /** The user's kinds, in addition to those of the registry. */
  readonly ownKinds?: readonly FaultKind[];
  /** Takes an exception of a function of the user's. */
  readonly onThrown?: (part: string, error: unknown) => void;
  /** Sets a node's clock wrong; possible only in the simulated world. */
  readonly skew?: ((node: string, skew: ClockSkew) => void) | undefined;
}

/** What a driver gives a fault to prepare it. */
export interface PreparedEnvironment extends Omit<FaultEnvironment, 'random' | 'causes'> {
  /** The fault's random values. They belong to the operation in progress, so read this property anew each time. */
  readonly random: Chance;
  /** For rules on links: kept for the whole run, so that a fault which begins again continues its streams. */
  readonly linkStreams: LinkStreams;
}

/** A fault that `--nemesis` can name. */
export type FaultKind = LastingKind | ChangeKind;

interface Described {
  readonly name: string;
  /** What it does, in Markdown, for the reference pages. */
  readonly about: string;
  /** The required form of its target in a fault script. */
  readonly scriptTarget: ScriptTarget;
}

/** A fault that lasts until it is undone. */
export interface LastingKind extends Described {
  readonly kind: 'lasting';
  /** Undefined if it has no strength. */
  readonly strength?: Strength;
  /**
   * Faults of one group that are requested together share one rhythm, and the next one is chosen at random. These are
   * kill and pause, as in upstream.
   */
  readonly group?: string;
  readonly prepare: (environment: PreparedEnvironment) => Fault;
}

/**
 * The strength of a fault, set by the option with its name for the run, and by an entry of a fault script for itself.
 */
export interface Strength {
  /** The placeholder of the option's value in the help: `p`. */
  readonly placeholder: string;
  /** The option's text in the help. */
  readonly about: string;
  readonly read: (words: StrengthWords, latency: LatencySpec) => Partial<FaultStrengths>;
}

export interface Fault {
  /** Draws the next target, which is the value of the start operation. */
  draw(random: Random): Json;
  /** Takes effect immediately. The target was drawn above, or has been checked against `scriptTarget`. */
  begin(target: Json, strengths: FaultStrengths): BegunFault;
  readonly drawnEnd: DrawnEnd;
}

export interface BegunFault {
  /** The value to record. */
  readonly value: Json;
  /** Describes the current fault, such as `partition n1 | n2 n3`; undefined if nothing is wrong. */
  words(): string | undefined;
  /** Takes effect immediately, and returns the value to record. */
  undo(): Json;
}

/** The effect of the operation that ends a drawn fault. */
export type DrawnEnd =
  /** Undoes the last fault, if there is one, and has this value. */
  | { readonly kind: 'undo'; readonly value: Json }
  /** Repairs all members, and calls back once with the value to record. */
  | { readonly kind: 'mend-all'; mend(done: (value: Json) => void): void };

/** A fault that is not undone: its entry in a fault script has no duration. */
export interface ChangeKind extends Described {
  readonly kind: 'change';
  readonly prepare: (environment: PreparedEnvironment) => Change;
}

export interface Change {
  readonly operations: readonly string[];
  /** Draws the next operation. */
  draw(random: Random): string;
  /** Carries out a drawn operation and calls back once with the value to record. */
  invoke(f: string, done: (value: Json) => void): void;
  /** Returns the operation for an entry of a fault script. `begin` returns immediately; the outcome is logged later. */
  script(target: Json): { readonly f: string; readonly begin: () => Json };
  /** Describes the changes so far; undefined if there are none. */
  words(): string | undefined;
}

export interface ScriptTarget {
  /** A description for "expected ...". */
  readonly expected: string;
  /** `target` is null if the entry has none; `nodes` are those of the test and those that other entries add. */
  accepts(target: Json, nodes: readonly string[]): boolean;
  /** Returns the name of the node that it adds, if it adds one. */
  brings?(target: Json): string | undefined;
}
