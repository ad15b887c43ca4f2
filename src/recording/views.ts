/**
 * Answers of a recorded run to queries about an interval, a message or an operation: plain data, sent over HTTP as
 * JSON. Types only.
 *
 * Times are nanoseconds since the run began. Columns (arrays of one length) represent lists that may have thousands of
 * entries.
 */
import type { EndpointKind } from '../network/endpoint.ts';
import type { TestFile } from '../store/test-file.ts';
import type { DecisiveMoment } from './decisive.ts';
import type { Outcome } from './operations/outcome.ts';
import type { FindingView } from './finding-view.ts';
import type { Suspect } from './suspects.ts';

export interface FaultView {
  readonly name: string;
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  /** In words: `n1 | n2 n3`. */
  readonly about: string;
  /** The affected nodes; empty if unknown. */
  readonly nodes: readonly string[];
}

/** A run at a glance, as of now. */
export interface Overview {
  readonly messages: number;
  readonly events: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly operations: number;
  /** Time of the first event: 0, or below if nodes were started before the first operations. */
  readonly startNanos: number;
  readonly endNanos: number;
  /** Nodes and services, each in its own lane. */
  readonly lanes: readonly LaneView[];
  readonly faults: readonly FaultView[];
  /** Set if nodes reported states. */
  readonly states?: StatesOverview;
  /** Indexed by row of operations: its first process. */
  readonly processes: readonly number[];
  readonly isRunning: boolean;
  /** Set if a journal or history cannot be read, in words. */
  readonly problem?: string;
}

export interface Arrows {
  readonly id: readonly number[];
  readonly sent: readonly number[];
  /** Arrival or loss; null while in flight. */
  readonly end: readonly (number | null)[];
  /** Numbers of lanes. */
  readonly src: readonly number[];
  readonly dest: readonly number[];
  readonly flags: readonly number[];
  /** Their types, if there are few. */
  readonly type?: readonly string[];
  /** Their other content, or the selected field, in words; present with the types. */
  readonly payload?: readonly string[];
}

/** How much was sent, and lost, from each lane in each of the equal parts of the interval. */
export interface MessageDensity {
  readonly buckets: number;
  readonly lanes: readonly {
    readonly lane: number;
    readonly sent: readonly number[];
    readonly lost: readonly number[];
  }[];
}

export interface MessageWindow {
  readonly from: number;
  readonly to: number;
  /** Number of messages that overlap the window and match. */
  readonly total: number;
  /** All of them, or (with a density) only the marked ones, or none. */
  readonly arrows: Arrows;
  /** Arrivals of further copies. */
  readonly copies: readonly { readonly id: number; readonly arrival: number }[];
  readonly density?: MessageDensity;
  /** Number of marked messages in the whole run, if marks were requested. */
  readonly marked?: number;
  readonly lanes: readonly LaneView[];
  /** Fields of the bodies of these arrows, present with the types. */
  readonly fields?: readonly string[];
  /** Lines that nodes wrote to their logs meanwhile, if their times are known. */
  readonly logs?: readonly LogMark[];
}

/** Numbers of matching entries in an interval. */
export interface Counts {
  readonly messages: number;
  readonly operations: number;
}

export interface LogMark {
  readonly node: string;
  readonly time: number;
  readonly text: string;
}

export interface LaneView {
  readonly label: string;
  /** The nodes that share it. */
  readonly nodes?: readonly string[];
  readonly kind: EndpointKind;
}

export interface MessageRow {
  readonly id: number;
  readonly src: string;
  readonly dest: string;
  readonly sent: number;
  readonly end: number | null;
  readonly flags: number;
  readonly type: string;
  /** The beginning of the body. */
  readonly preview: string;
}

export interface MessageDetails extends MessageRow {
  readonly body: string;
  /** Size of the body, which may be longer than what is shown. */
  readonly bodyBytes: number;
  /** Why there is no body, if the journal's record of it is invalid. */
  readonly problem?: string;
  readonly copies: readonly number[];
  readonly dropReason?: string;
  readonly request?: MessageRow;
  readonly replies: readonly MessageRow[];
  /** The number of the operation it belongs to, if it is between a client and a node. */
  readonly operation?: number;
}

/**
 * A request followed through the cluster: everything sent for it, as a tree in reading order. Below each message is
 * what its receiver sent while handling it, branches with losses first.
 */
export interface RequestTree {
  /** At least one. */
  readonly rows: readonly RequestRow[];
  /** True if there is more than is shown. */
  readonly isCut: boolean;
  /** From the first sending to the last known event. */
  readonly from: number;
  readonly to: number;
  /** Nodes that did not report origins, so that these are inferred from the order. */
  readonly guessedFor: readonly string[];
}

/** A message, with its reply if there is one. */
export interface RequestRow {
  readonly message: MessageRow;
  readonly reply?: MessageRow;
  /** Index of the parent row, which comes before; -1 for the first. */
  readonly parent: number;
  readonly depth: number;
  /** Why it was lost. */
  readonly dropReason?: string;
  readonly replyDropReason?: string;
  readonly byTimer: boolean;
  readonly isGuessed: boolean;
  /** Time in nanoseconds since the same message was last sent to the same receiver under the same parent. */
  readonly againAfter?: number;
  /** True if it was lost, or expected a reply that never came, or this applies to a row below. */
  readonly isTroubled: boolean;
  /** True if the sender continued on the reply, and that led to its own reply. */
  readonly isWaitedFor: boolean;
  /** Until when the sender waited in vain, as one of its timers shows. */
  readonly waitedUntil?: number;
}

export interface OperationBars {
  /** The numbers of the operations: the indexes of their invocations. */
  readonly index: readonly number[];
  readonly invoked: readonly number[];
  readonly completed: readonly (number | null)[];
  readonly process: readonly number[];
  /** Row of the picture. */
  readonly row: readonly number[];
  /** Indexes of `OUTCOMES`. */
  readonly outcome: readonly number[];
  /** Indexes of `functions`. */
  readonly f: readonly number[];
  /** `read [1 2]`, if there are few. */
  readonly label?: readonly string[];
}

export interface OperationWindow {
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly functions: readonly string[];
  readonly bars: OperationBars;
  /** Replaces bars if there are too many: number of operations by row (thread) and bucket, for each outcome. */
  readonly density?: {
    readonly buckets: number;
    readonly rows: number;
    /** [row][bucket] */
    readonly counts: readonly (readonly number[])[];
    readonly bad: readonly (readonly number[])[];
  };
  readonly latency: LatencyPlot;
  readonly rate: RatePlot;
}

export interface LatencyPlot {
  /** Single operations, or quantiles if there are too many. */
  readonly points?: {
    readonly time: readonly number[];
    readonly latency: readonly number[];
    readonly outcome: readonly number[];
  };
  readonly quantiles?: {
    readonly buckets: number;
    /** Null for intervals without operations. */
    readonly p50: readonly (number | null)[];
    readonly p95: readonly (number | null)[];
    readonly p99: readonly (number | null)[];
    readonly max: readonly (number | null)[];
  };
}

export interface RatePlot {
  readonly buckets: number;
  /** Completions per second. */
  readonly ok: readonly number[];
  readonly fail: readonly number[];
  readonly info: readonly number[];
}

export interface OperationRow {
  readonly index: number;
  readonly process: number;
  readonly f: string;
  readonly outcome: Outcome;
  readonly invoked: number;
  readonly completed: number | null;
  readonly preview: string;
}

export interface OperationDetails extends OperationRow {
  /** The lines of the history, shortened if very long. */
  readonly invocation: string;
  readonly completion?: string;
  readonly node?: string;
  /** The requests that its client made meanwhile, in order, each with its reply if there was one. */
  readonly exchanges: readonly { readonly request: MessageRow; readonly reply?: MessageRow }[];
}

/** `unreadable`: its files were not written by a run. */
export type RunVerdict = 'valid' | 'invalid' | 'unknown' | 'running' | 'unfinished' | 'unreadable';

export interface RunCard {
  /** `broadcast/20261121T033319.799Z` */
  readonly id: string;
  readonly workload: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly verdict: RunVerdict;
  readonly seed: string;
  readonly nodes: number;
  readonly clients: number;
  readonly rate: number;
  readonly timeLimitSeconds: number;
  readonly latencyMs: number;
  readonly nemesis: readonly string[];
  readonly world: string;
  readonly program: string;
  /** File names of the user's workload, faults, services and topology; absent if there are none. */
  readonly ownFiles?: readonly string[];
  /** What is wrong, in one line; absent for a valid run. */
  readonly finding?: string;
  /** Messages between servers per operation. */
  readonly messagesPerOperation?: number;
  /** Milliseconds until every read had an element, if the workload measures it: the median and the slowest. */
  readonly stableMs?: { readonly median: number; readonly slowest: number };
}

/** Two runs side by side. */
export interface RunComparison {
  /** Options that differ. */
  readonly options: readonly ComparedLine[];
  readonly figures: readonly ComparedLine[];
  readonly divergence?: Divergence;
  /** What was compared, or why nothing was. */
  readonly note: string;
}

/** The texts come from the runs and are not yet safe to show. */
export interface ComparedLine {
  readonly name: string;
  /** Values of the first run and of the second; empty if there is none. */
  readonly values: readonly [string, string];
}

export interface RunPage {
  readonly card: RunCard;
  readonly test: TestFile;
  /** The verdict in words; undefined before the analysis. */
  readonly sentence?: string;
  readonly suspects: readonly Suspect[];
  readonly findings: readonly FindingView[];
  /** Why there is no story. */
  readonly storyNote?: string;
  /** What decided the run, if that was searched for. */
  readonly decisive?: DecisiveView;
  /** For a run that can be shrunk: its folder, as a word of a command. */
  readonly shrinks?: string;
  /** Names below node-logs, and the run's own log. */
  readonly logs: readonly LogFile[];
  /** Pictures and pages beside the data. */
  readonly files: readonly string[];
}

export interface DecisiveView {
  readonly sentences: readonly string[];
  /** The steps of the story that the sentences refer to. */
  readonly steps: readonly string[];
  readonly moment?: DecisiveMoment;
}

export interface LogFile {
  readonly name: string;
  readonly bytes: number;
}

export interface LogChunk {
  readonly text: string;
  readonly offset: number;
  readonly nextOffset: number;
  readonly bytes: number;
  /** Offset from which on it can be read; 0 if absent. */
  readonly first?: number;
}

/** The states that nodes reported. */
export interface StatesOverview {
  readonly changes: number;
  /** In the order of first occurrence. */
  readonly fields: readonly string[];
  /** Nodes that reported too much: nothing of them is kept from that time on. */
  readonly cut: readonly { readonly node: string; readonly time: number }[];
}

/** One field of the nodes over an interval. */
export interface StateWindow {
  readonly from: number;
  readonly to: number;
  readonly field: string;
  /** The values that occur in it, numbered in the order of first occurrence in the run. */
  readonly values: readonly { readonly number: number; readonly text: string }[];
  readonly lanes: readonly StateLane[];
}

export interface StateLane {
  readonly node: string;
  /** The times at which the field changes; the first may be before the window. */
  readonly time: readonly number[];
  /** Numbers of values; -1 for none. */
  readonly value: readonly number[];
  /** Times of changes of any field. */
  readonly changes: readonly number[];
  /** Descriptions of these changes, if there are few. */
  readonly changeTexts?: readonly string[];
}

/** The states of all nodes that reported one, at a moment. */
export interface StatesAt {
  readonly nanos: number;
  readonly fields: readonly string[];
  readonly nodes: readonly {
    readonly node: string;
    /** Indexed by field; null for none. */
    readonly values: readonly (string | null)[];
    readonly since: readonly (number | null)[];
    /** `silent`: it has reported nothing yet. `ended`: its process is gone. `cut`: it reported too much before. */
    readonly is: 'known' | 'silent' | 'ended' | 'cut';
  }[];
  /** Times of the previous and of the next change. */
  readonly previous?: number;
  readonly next?: number;
}

/** Where two runs diverge. */
export interface Divergence {
  readonly kind: 'message' | 'operation';
  /** The earlier of the two times, on the runs' clock. */
  readonly timeNanos: number;
  /** What the first run did there, and the second. */
  readonly sides: readonly [DivergedSide, DivergedSide];
}

export interface DivergedSide {
  /** A line from the run, not yet safe to show. */
  readonly text: string;
  /** The number of the message or the operation, if the run has it. */
  readonly number?: number;
}
