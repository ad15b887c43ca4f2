/**
 * What a fault is to a run: operations that begin and end it, when they come, and how they are carried out.
 *
 * One file a kind beside this one; `fault-registry.ts` lists them, `nemesis.ts` puts those that were asked for together.
 */
import type { Generator } from '../generator/generator.ts';
import type { Json } from '../protocol/json.ts';
import type { LatencySpec } from '../network/latency.ts';
import type { Network } from '../network/network.ts';
import type { Random } from '../world/random.ts';
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
  /** Mean time between two of a fault's operations. */
  readonly intervalSeconds: number;
  /** The nodes that lead at present, for workloads that have a notion of it. */
  readonly primaries?: () => readonly string[];
  readonly control: NodeControl;
  /** Where nodes may come and go. */
  readonly membership?: MembershipControl;
  /** Takes a line for the log of the run, for what is known only once an operation has been recorded. */
  readonly log?: (line: string) => void;
  /** Whom faults hit: each time one of these. Each kind of fault has a list of its own when not given. */
  readonly targets?: readonly TargetSpec[];
  /** How strong faults are. */
  readonly strengths: FaultStrengths;
  /** The network's, against which some faults are measured. */
  readonly latency: LatencySpec;
  /** Sets a node's clock wrong; only the simulated world can. */
  readonly skew?: (node: string, skew: ClockSkew) => void;
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
  /**
   * Faults of one group that are asked for together share one rhythm, and which comes next is drawn: `steps` are then
   * used in place of `generator`. Such are kill and pause, as upstream has it.
   */
  readonly group?: { readonly name: string; readonly steps: Generator };
  /** What ends the fault for good. */
  readonly finalGenerator: Generator;
  readonly band: FaultBand;
  /** Carries out one of its operations and calls back once with the value to record. */
  invoke(op: FaultOp, done: (value: Json) => void): void;
  /** Words for what is wrong at present, such as `partition n1 | n2 n3`. */
  activeFaults(): readonly string[];
  /**
   * Makes one entry of a fault script ready: with that target and as strong as that, independent of this package's own
   * operations and of other scripted ones. The target has been checked against `FaultKind.scriptTarget`.
   */
  script(target: Json, strengths: FaultStrengths): ScriptedFault | ScriptedChange;
}

/** An entry of a fault script that lasts a while. Both ends take effect at once and return the value to record. */
export interface ScriptedFault {
  readonly kind: 'fault';
  begin(): Json;
  end(): Json;
  /** Words for what is wrong while it lasts. */
  describe(): string;
}

/** An entry of a fault script that is not undone. It returns at once; what came of it later goes to the log. */
export interface ScriptedChange {
  readonly kind: 'change';
  /** The operation. */
  readonly f: string;
  begin(): Json;
}

/** A kind of fault that `--nemesis` can name. */
export interface FaultKind {
  readonly name: string;
  /** What it does, in Markdown, for the reference pages. */
  readonly about: string;
  /** What its target in a fault script must be. */
  readonly scriptTarget: ScriptTarget;
  /** Reads how strong an entry of a fault script makes it; without it, there is nothing to say. */
  readonly readStrength?: (words: StrengthWords, latency: LatencySpec) => Partial<FaultStrengths>;
  /** It is not undone: an entry of a fault script does not last. */
  readonly isForGood?: true;
  prepare(environment: FaultEnvironment): FaultPackage;
}

export interface ScriptTarget {
  /** In words, as in "expected ...". */
  readonly expected: string;
  /** `target` is null when the entry has none; `nodes` are those of the test and those that other entries bring. */
  accepts(target: Json, nodes: readonly string[]): boolean;
  /** The name of the node that it brings, if it brings one. */
  brings?(target: Json): string | undefined;
}
