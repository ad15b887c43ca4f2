/**
 * How elements of a broadcast or a grow-only set spread over the nodes, as propagation.ts finds it out: plain data, which
 * crosses HTTP as JSON. Types only. Times are nanoseconds since the run began; delays, since the element's operation was invoked.
 */

export interface PropagationView {
  readonly nodes: readonly string[];
  /** Elements that are counted below: those that were added, were not refused, and reached a node. */
  readonly elements: number;
  /** Elements whose operation did not succeed and that no message brought to a node. */
  readonly neverSent: number;
  /** How many of `elements` have reached every node. */
  readonly reachedAll: number;
  /** Until an element had reached half of the nodes, over the elements. */
  readonly toHalf: Delays;
  readonly toAll: Delays;
  /** The delay with which an element reached its k-th node, by k from 1 on. */
  readonly curve: readonly CurvePoint[];
  readonly byNode: readonly NodeDelays[];
  /** The slowest first; those that never reached a node before all others. */
  readonly slowest: readonly SlowElement[];
  /** Of each part of the run the element that took longest; or all, when they are few. In order of time. */
  readonly lines: readonly ElementLine[];
  readonly traffic: ServerTraffic;
  readonly limits: PropagationLimits;
  /** `stable-latencies` of results.json, in ms by quantile: from the acknowledgement until no read missed an element. */
  readonly stableLatenciesMs?: Readonly<Record<string, number>>;
}

/** Nearest ranks. Null where that rank is of an element that never got there. */
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
  /** Of the elements that did reach it; null where none did. */
  readonly max: number | null;
  /** Elements that never reached it. */
  readonly missing: number;
}

export interface ElementLine {
  /** What its operation is named by. */
  readonly index: number;
  readonly invoked: number;
  readonly half: number | null;
  readonly all: number | null;
}

export interface SlowElement extends ElementLine {
  /** As JSON, shortened. */
  readonly element: string;
  /** Nodes that it never reached; some of them, when they are many. */
  readonly missing: readonly string[];
  readonly missingCount: number;
  /** From the first node to the last that it reached. */
  readonly path: readonly PathStep[];
}

/** How it came to a node. */
export interface PathStep {
  readonly from: string;
  readonly to: string;
  /** The message that brought it; of a read, the answer that shows it. */
  readonly message: number;
  readonly at: number;
  /** No message is known to have brought it: a read showed it. */
  readonly byRead: boolean;
}

/** In equal parts of the run. */
export interface ServerTraffic {
  readonly from: number;
  readonly to: number;
  /** Messages between nodes and services that were sent. */
  readonly messages: readonly number[];
  /** Operations of clients that were invoked. */
  readonly operations: readonly number[];
}

export interface PropagationLimits {
  /** Set when only what was sent until then was looked through: the bodies are too many. */
  readonly untilNanos?: number;
  /** Operations whose element is too long, or was cut off. */
  readonly unreadElements: number;
  /** Messages whose bodies are too long, or were cut off: what they brought is unknown. */
  readonly unreadBodies: number;
  /** Fields whose values are now and then equal to an element, but mostly are something else: they count for nothing. */
  readonly ignoredFields: readonly string[];
}
