/**
 * Workloads: the requests that clients make, when, the meaning of the replies, and how the history is checked.
 *
 * There is one file per workload in this folder. A workload has no access to the world or the network, only to the
 * `ClientLink` through which a client talks to its node.
 */
import type { CheckResult, Checker, NodeOf, NoVerdict, Validity } from '../checkers/checker.ts';
import type { Evidence } from '../checkers/evidence.ts';
import type { Generator } from '../generator/generator.ts';
import type { NodeActivity } from '../network/node-activity.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { RpcDefinition } from '../protocol/rpc/rpc.ts';
import type { Random } from '../world/random.ts';
import type { Alphabet } from './alphabet.ts';
import type { OperationForm } from './operation-form.ts';
import type { Topology } from './topology.ts';
import type { WorkloadSettings } from './workload-settings.ts';

/** The arguments of a workload's `prepare`. */
export interface WorkloadOptions extends WorkloadSettings {
  /** Mean latency of the network in milliseconds, from which some timeouts are derived. */
  readonly latencyMs: number;
  readonly random: Random;
  /** The user's topology over these nodes, which replaces the one named by `topology`. */
  readonly neighbours?: Topology;
}

/** How a request ended, as seen by the client. */
export type Reply =
  | { readonly kind: 'reply'; readonly body: JsonObject }
  | { readonly kind: 'error'; readonly code: number; readonly text: string; readonly definite: boolean }
  | { readonly kind: 'timeout' };

/** Prefix of the error text for a reply with the wrong structure. */
export const BROKEN_ANSWER = 'the answer breaks the protocol: ';

/** A client's connection to the cluster. */
export interface ClientLink {
  /** The client's name in the network, such as `c4`. */
  readonly name: string;
  /** The node this client is bound to. */
  readonly node: string;
  readonly nodes: readonly string[];
  /**
   * Sends a request (msg_id is filled in) and calls back once, never synchronously. A reply that does not fit the
   * definition is recorded as a protocol violation and returned as an indefinite error.
   */
  rpc(
    definition: RpcDefinition,
    dest: string,
    fields: JsonObject,
    done: (reply: Reply) => void,
    timeoutMs?: number,
  ): void;
  /**
   * Records a protocol violation that only the workload can detect, such as a reply whose structure differs from its
   * request; an `uncommitted-offset` is only a warning.
   */
  violation(message: string, body: Json, kind?: 'wrong-structure' | 'uncommitted-offset'): void;
}

/** An operation given to a client. */
export interface Invocation {
  readonly f: string;
  readonly value: Json;
  readonly process: number;
  readonly final?: boolean;
}

export interface Completion {
  readonly type: 'ok' | 'fail' | 'info';
  readonly value: Json;
  readonly error?: Json;
}

export interface Client {
  /** Executes one operation and calls back exactly once. */
  invoke(op: Invocation, done: (completion: Completion) => void): void;
}

/** A workload prepared for one run. */
export interface PreparedWorkload<Result extends CheckResult = CheckResult> {
  /** Opens a client; one per process. */
  client(link: ClientLink): Client;
  /** Runs before the main phase, through a client's link; calls back with undefined, or with what went wrong. */
  setup?(link: ClientLink, done: (problem: string | undefined) => void): void;
  readonly generator: Generator;
  /** Runs after healing and recovery. */
  readonly finalGenerator?: Generator;
  /**
   * Returns what its checker's result proves when the run ended before the final reads: an element that had not spread
   * by then is not lost. By default the result stands unchanged.
   */
  verdictWithoutFinalReads?(result: Result | NoVerdict): Validity;
  /** True when interrupted final reads prove no more than none: they continue until they have seen everything. */
  readonly finalReadsBelongTogether?: boolean;
  /**
   * Returns which of these running members currently lead, for faults that target a primary; see `primary.ts` for an
   * implementation. Without it no fault can target a primary.
   */
  readonly primaries?: (activity: readonly NodeActivity[]) => readonly string[];
  /** Returns a new checker for each analysis. */
  checker(): Checker<Result>;
}

export interface Workload<Result extends CheckResult = CheckResult> {
  readonly name: string;
  /** Describes it in Markdown, for the reference pages. */
  readonly about: string;
  readonly rpcs: readonly RpcDefinition[];
  /** The operations that its clients support. A course with other operations is refused; if undefined, none is. */
  readonly operations?: readonly OperationForm[];
  /** The operations that `explore` tries, for a workload that it does not know by name. */
  readonly alphabet?: Alphabet;
  prepare(options: WorkloadOptions): PreparedWorkload<Result>;
  /**
   * Explains an invalid result of its checker, in a sentence or two: what is wrong and which operations show it.
   * Returns undefined when there is nothing to explain.
   */
  explain?(result: Result, nodeOf?: NodeOf): string | undefined;
  /** Summarises a result of its checker as one figure with few words: `29 of 96 elements lost`; undefined if none. */
  figure?(result: Result): string | undefined;
  /** Returns the evidence that a result of its checker is wrong, as data for reports, or undefined if none. */
  evidence?(result: Result, nodeOf?: NodeOf): Evidence | undefined;
  /** Returns what a valid result of its checker leaves open, or undefined if nothing. */
  remark?(result: Result): string | undefined;
}

/** Texts of the reference pages and `maelstrom help` about a workload, besides `about` and its RPCs. In Markdown. */
export interface WorkloadGuide {
  /** The requests that clients make, how often and when. */
  readonly requests: string;
  /** What makes a run invalid, and what does not. */
  readonly checked: string;
  /** The most relevant options of `maelstrom test`. */
  readonly options: readonly `--${string}`[];
}

/** A built-in workload. */
export type GuidedWorkload<Result extends CheckResult = CheckResult> = Workload<Result> & {
  readonly guide: WorkloadGuide;
};
