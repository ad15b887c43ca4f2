/**
 * A fault is one small object: what to draw, how it begins, and how that is undone. When it does so is decided by two
 * drivers that know no fault by name: `random-nemesis.ts`, at random intervals, and `scripted-nemesis.ts`, at given times.
 *
 * One file a fault beside this one; `fault-registry.ts` lists them, `fault-operations.ts` says how histories call them.
 */
import type { Json } from '../protocol/json.ts';
import type { LatencySpec } from '../network/latency.ts';
import type { LinkStreams } from '../network/links.ts';
import type { Network } from '../network/network.ts';
import type { Causes } from '../world/cause.ts';
import type { Chance, Random } from '../world/random.ts';
import type { ClockSkew } from '../world/world.ts';
import type { FaultStrengths } from './fault-strengths.ts';
import type { MembershipControl, NodeControl } from './node-control.ts';
import type { StrengthWords } from './strength-words.ts';
import type { TargetSpec } from './targets.ts';

/** What faults may reach. */
export interface FaultEnvironment {
  /** The nodes that the run begins with. */
  readonly nodes: readonly string[];
  readonly network: Network;
  readonly random: Random;
  /** Whose turn it is, where the world knows it: what a fault draws is then its operation's. */
  readonly causes?: Causes | undefined;
  /** Mean time between two of a fault's operations. */
  readonly intervalSeconds: number;
  /** The nodes that lead at present, for workloads that have a notion of it. */
  readonly primaries?: () => readonly string[];
  readonly control: NodeControl;
  /** Where nodes may come and go. */
  readonly membership?: MembershipControl;
  /** Takes a line for the log of the run, for what is known only once an operation has been recorded. */
  readonly log?: (line: string) => void;
  /** The targets to draw from; undefined for the fault's own list. */
  readonly targets?: readonly TargetSpec[] | undefined;
  /** How strong faults are. */
  readonly strengths: FaultStrengths;
  /** The network's, against which some faults are measured. */
  readonly latency: LatencySpec;
  /** Kinds beside those of the registry: the user's. */
  readonly ownKinds?: readonly FaultKind[];
  /** Takes what a function of the user's has thrown. */
  readonly onThrown?: (part: string, error: unknown) => void;
  /** Sets a node's clock wrong; only the simulated world can. */
  readonly skew?: (node: string, skew: ClockSkew) => void;
}

/** What a driver prepares a fault with. */
export interface PreparedEnvironment extends Omit<FaultEnvironment, 'random' | 'causes'> {
  /** The fault's own: that of the operation that is carried out, so look at it anew each time. */
  readonly random: Chance;
  /** For rules on links: kept for the whole run, so that a fault which begins again goes on where it was. */
  readonly linkStreams: LinkStreams;
}

/** A fault that `--nemesis` can name. */
export type FaultKind = LastingKind | ChangeKind;

interface Described {
  readonly name: string;
  /** What it does, in Markdown, for the reference pages. */
  readonly about: string;
  /** What its target in a fault script must be. */
  readonly scriptTarget: ScriptTarget;
}

/** It lasts until it is undone. */
export interface LastingKind extends Described {
  readonly kind: 'lasting';
  /** Absent when it has none. */
  readonly strength?: Strength;
  /**
   * Faults of one group that are asked for together share one rhythm, and which comes next is drawn. Such are kill and
   * pause, as upstream has it.
   */
  readonly group?: string;
  readonly prepare: (environment: PreparedEnvironment) => Fault;
}

/** How strong a fault is: the option of its name says so for the run, an entry of a fault script for itself. */
export interface Strength {
  /** The value of the option as the help shows it: `p`. */
  readonly placeholder: string;
  /** The option in the help. */
  readonly about: string;
  readonly read: (words: StrengthWords, latency: LatencySpec) => Partial<FaultStrengths>;
}

export interface Fault {
  /** Draws the target of the next one: the value of its start operation. */
  draw(random: Random): Json;
  /** Takes effect at once. The target was drawn above, or has been checked against `scriptTarget`. */
  begin(target: Json, strengths: FaultStrengths): BegunFault;
  readonly drawnEnd: DrawnEnd;
}

export interface BegunFault {
  /** The value to record. */
  readonly value: Json;
  /** What is wrong at present, such as `partition n1 | n2 n3`; undefined when nothing is. */
  words(): string | undefined;
  /** Takes effect at once, and returns the value to record. */
  undo(): Json;
}

/** What the operation that ends a drawn fault does. */
export type DrawnEnd =
  /** It undoes the last one, if there is one, and has this value. */
  | { readonly kind: 'undo'; readonly value: Json }
  /** It mends all members, and calls back once with the value to record. */
  | { readonly kind: 'mend-all'; mend(done: (value: Json) => void): void };

/** It is not undone: an entry of a fault script does not last. */
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
  /** An entry of a fault script. `begin` returns at once; the outcome is logged later. */
  script(target: Json): { readonly f: string; readonly begin: () => Json };
  /** What has changed so far; undefined when nothing has. */
  words(): string | undefined;
}

export interface ScriptTarget {
  /** In words, as in "expected ...". */
  readonly expected: string;
  /** `target` is null when the entry has none; `nodes` are those of the test and those that other entries bring. */
  accepts(target: Json, nodes: readonly string[]): boolean;
  /** The name of the node that it brings, if it brings one. */
  brings?(target: Json): string | undefined;
}
