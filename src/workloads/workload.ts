/**
 * What a workload is: the requests clients make, when, what the answers mean, and how the history is judged.
 *
 * One file a workload beside this one. A workload knows neither the world nor the network, only the `ClientLink`
 * through which a client talks to its node.
 */
import type { CheckResult, Checker, NodeOf, NoVerdict, Validity } from '../checkers/checker.ts';
import type { Evidence } from '../checkers/evidence.ts';
import type { Generator } from '../generator/generator.ts';
import type { NodeActivity } from '../network/node-activity.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import type { RpcDefinition } from '../protocol/rpc.ts';
import type { Random } from '../world/random.ts';
import type { Alphabet } from './alphabet.ts';
import type { OperationForm } from './operation-form.ts';
import type { Topology } from './topology.ts';
import type { WorkloadSettings } from './workload-settings.ts';

/** What a workload is prepared with. */
export interface WorkloadOptions extends WorkloadSettings {
  /** Mean latency of the network in ms, from which some timeouts follow. */
  readonly latencyMs: number;
  readonly random: Random;
  /** The user's topology over these nodes, in place of the one that `topology` names. */
  readonly neighbours?: Topology;
}

/** How a request ended, as a client sees it. */
export type Reply =
  | { readonly kind: 'reply'; readonly body: JsonObject }
  | { readonly kind: 'error'; readonly code: number; readonly text: string; readonly definite: boolean }
  | { readonly kind: 'timeout' };

/** A client's way to the cluster. */
export interface ClientLink {
  /** The client's name in the network, such as `c4`. */
  readonly name: string;
  /** The node this client is bound to. */
  readonly node: string;
  readonly nodes: readonly string[];
  /**
   * Sends a request (msg_id is filled in) and calls back once, never synchronously. A reply that does not fit the
   * definition is recorded as a protocol violation and comes back as an indefinite error.
   */
  rpc(
    definition: RpcDefinition,
    dest: string,
    fields: JsonObject,
    done: (reply: Reply) => void,
    timeoutMs?: number,
  ): void;
  /**
   * Records a protocol violation that only the workload can see, such as a reply whose structure differs from its request;
   * an `uncommitted-offset` is only a warning.
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
  /** Does one operation and calls back exactly once. */
  invoke(op: Invocation, done: (completion: Completion) => void): void;
}

/** A workload made ready for one run. */
export interface PreparedWorkload<Result extends CheckResult = CheckResult> {
  /** Opens a client; one per process. */
  client(link: ClientLink): Client;
  /** Before the main phase, through a client's link; calls back with undefined, or with what went wrong. */
  setup?(link: ClientLink, done: (problem: string | undefined) => void): void;
  readonly generator: Generator;
  /** After healing and recovery. */
  readonly finalGenerator?: Generator;
  /**
   * What its checker's result proves when the run was ended before the final reads: what had not spread by then is not lost.
   * Without it the result stands as it is.
   */
  verdictWithoutFinalReads?(result: Result | NoVerdict): Validity;
  /** Final reads that were broken off prove no more than none: they go on until they have seen everything. */
  readonly finalReadsBelongTogether?: boolean;
  /**
   * Which of these nodes, the members that run, lead at present, for faults that are to hit a primary; `primary.ts` has an
   * answer. Without it no fault can be aimed at one.
   */
  readonly primaries?: (activity: readonly NodeActivity[]) => readonly string[];
  /** Made anew for each analysis. */
  checker(): Checker<Result>;
}

/** `Result` is its checker's. */
export interface Workload<Result extends CheckResult = CheckResult> {
  readonly name: string;
  /** What it is, in Markdown, for the reference pages. */
  readonly about: string;
  readonly rpcs: readonly RpcDefinition[];
  /** What its clients can be asked to do. A course with other operations is refused; without this nothing is. */
  readonly operations?: readonly OperationForm[];
  /** What exploring tries of it, where that is not known by its name. */
  readonly alphabet?: Alphabet;
  prepare(options: WorkloadOptions): PreparedWorkload<Result>;
  /**
   * What a result of its checker that is not valid means, in a sentence or two: what is wrong and which operations show
   * it. Undefined when there is nothing to say.
   */
  explain?(result: Result, nodeOf?: NodeOf): string | undefined;
  /** A result of its checker as one figure with few words: `29 of 96 elements lost`. Undefined when there is none. */
  figure?(result: Result): string | undefined;
  /** What shows that a result of its checker is wrong, as data for reports; undefined when there is nothing to show. */
  evidence?(result: Result, nodeOf?: NodeOf): Evidence | undefined;
  /** What a valid result of its checker leaves open. Undefined when there is nothing to say. */
  remark?(result: Result): string | undefined;
}

/** What the reference pages and `maelstrom help` say of a workload, beside `about` and its RPCs. In Markdown. */
export interface WorkloadGuide {
  /** Which requests clients make, how often and when. */
  readonly requests: string;
  /** What makes a run invalid, and what does not. */
  readonly checked: string;
  /** The options of `maelstrom test` that matter most to it. */
  readonly options: readonly `--${string}`[];
}

/** One of our own. */
export type GuidedWorkload<Result extends CheckResult = CheckResult> = Workload<Result> & {
  readonly guide: WorkloadGuide;
};
