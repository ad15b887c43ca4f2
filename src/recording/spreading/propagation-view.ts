/**
 * How elements of a broadcast or a grow-only set spread over the nodes, as propagation.ts computes it: plain data, sent
 * over HTTP as JSON. Types only. Times are nanoseconds since the run began; delays are measured from the invocation of
 * the element's operation.
 */

export interface PropagationView {
  readonly nodes: readonly string[];
  /** Number of elements counted below: those that were added, not refused, and reached a node. */
  readonly elements: number;
  /** Number of elements whose operation did not succeed and that no message brought to a node. */
  readonly neverSent: number;
  /** Number of `elements` that have reached every node. */
  readonly reachedAll: number;
  /** Delays until an element had reached half of the nodes, over the elements. */
  readonly toHalf: Delays;
  readonly toAll: Delays;
  /** The delay with which an element reached its k-th node, for k from 1 on. */
  readonly curve: readonly CurvePoint[];
  readonly byNode: readonly NodeDelays[];
  /** The slowest elements, starting with those that never reached some node. */
  readonly slowest: readonly SlowElement[];
  /** For each part of the run the element that took longest, or all if there are few. In order of time. */
  readonly lines: readonly ElementLine[];
  readonly traffic: ServerTraffic;
  readonly limits: PropagationLimits;
  /**
   * `stable-latencies` of results.json, in ms, indexed by quantile: from the acknowledgement until no read missed the
   * element.
   */
  readonly stableLatenciesMs?: Readonly<Record<string, number>>;
}

/** Nearest-rank quantiles; null if the element at that rank never arrived. */
export interface Delays {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface CurvePoint {
  readonly nodes: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export interface NodeDelays {
  readonly node: string;
  readonly p50: number | null;
  /** Over the elements that reached it; null if none did. */
  readonly max: number | null;
  /** Number of elements that never reached it. */
  readonly missing: number;
}

export interface ElementLine {
  /** The number of its operation. */
  readonly index: number;
  readonly invoked: number;
  readonly half: number | null;
  readonly all: number | null;
}

export interface SlowElement extends ElementLine {
  /** As JSON, shortened. */
  readonly element: string;
  /** Nodes that it never reached; only some of them if there are many. */
  readonly missing: readonly string[];
  readonly missingCount: number;
  /** From the first node to the last that it reached. */
  readonly path: readonly PathStep[];
}

/** How it came to a node. */
export interface PathStep {
  readonly from: string;
  readonly to: string;
  /** The message that brought it; for a read, the reply that shows it. */
  readonly message: number;
  readonly at: number;
  /** True if no message is known to have brought it, but a read showed it. */
  readonly byRead: boolean;
}

/** Counts in equal parts of the run. */
export interface ServerTraffic {
  readonly from: number;
  readonly to: number;
  /** Number of messages sent between nodes and services. */
  readonly messages: readonly number[];
  /** Number of client operations invoked. */
  readonly operations: readonly number[];
}

export interface PropagationLimits {
  /** Set if only messages sent until then were read, because there are too many bodies. */
  readonly untilNanos?: number;
  /** Number of operations whose element is too long, or was cut off. */
  readonly unreadElements: number;
  /** Number of messages whose bodies are too long, or were cut off, so that it is unknown what they carried. */
  readonly unreadBodies: number;
  /** Fields whose values sometimes equal an element but usually do not, and which are therefore ignored. */
  readonly ignoredFields: readonly string[];
}
