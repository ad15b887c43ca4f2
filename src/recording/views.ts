/**
 * What a recorded run answers when it is asked for a stretch of time, a message or an operation: plain data, which crosses
 * HTTP as JSON. Types only.
 *
 * Times are nanoseconds since the run began. Columns (arrays of one length) stand for lists of things that may be
 * thousands long.
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
  /** The nodes it concerns; empty when that is not known. */
  readonly nodes: readonly string[];
}

/** A run at a glance, as of now. */
export interface Overview {
  readonly messages: number;
  readonly events: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly operations: number;
  /** Of the first event: 0, or below where nodes were started before the first operations. */
  readonly startNanos: number;
  readonly endNanos: number;
  /** Of the nodes and services, each in its own. */
  readonly lanes: readonly LaneView[];
  readonly faults: readonly FaultView[];
  /** Where nodes have said their states. */
  readonly states?: StatesOverview;
  /** Of each row of operations, its first process. */
  readonly processes: readonly number[];
  readonly isRunning: boolean;
  /** Set when a journal or history cannot be read, in words. */
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
  /** Their types, when there are few. */
  readonly type?: readonly string[];
  /** What they carry beside that, or the field that was asked for, in words; with the types. */
  readonly payload?: readonly string[];
}

/** How much was sent, and lost, from each lane in each of the equal parts of the time asked for. */
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
  /** How many messages overlap the window and match. */
  readonly total: number;
  /** All of them, or (with a density) only those marked, or none. */
  readonly arrows: Arrows;
  /** Arrivals of further copies. */
  readonly copies: readonly { readonly id: number; readonly arrival: number }[];
  readonly density?: MessageDensity;
  /** How many messages of the whole run are marked, where marks were asked for. */
  readonly marked?: number;
  readonly lanes: readonly LaneView[];
  /** Fields of the bodies of these arrows, with the types. */
  readonly fields?: readonly string[];
  /** What nodes wrote to their logs meanwhile, where the times are known. */
  readonly logs?: readonly LogMark[];
}

/** How many are in a stretch of time, and match. */
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
  /** The body's beginning. */
  readonly preview: string;
}

export interface MessageDetails extends MessageRow {
  readonly body: string;
  /** Set when the body is longer than what is shown. */
  readonly bodyBytes: number;
  /** Why there is no body, when the journal's record of it cannot be right. */
  readonly problem?: string;
  readonly copies: readonly number[];
  readonly dropReason?: string;
  readonly request?: MessageRow;
  readonly replies: readonly MessageRow[];
  /** The number of the operation it belongs to, when it is between a client and a node. */
  readonly operation?: number;
}

/**
 * A request followed through the cluster: what was sent for it, as a tree in the order in which it is to be read. Under each
 * message stands what its receiver sent while handling it, branches with losses first.
 */
export interface RequestTree {
  /** At least one. */
  readonly rows: readonly RequestRow[];
  /** There is more than is shown. */
  readonly isCut: boolean;
  /** From the first sending to the last moment that is known. */
  readonly from: number;
  readonly to: number;
  /** Nodes that did not say which message theirs follow from, so that the order tells. */
  readonly guessedFor: readonly string[];
}

/** A message, with its reply where there is one. */
export interface RequestRow {
  readonly message: MessageRow;
  readonly reply?: MessageRow;
  /** The row above that it belongs to; -1 for the first. */
  readonly parent: number;
  readonly depth: number;
  /** Why it was lost. */
  readonly dropReason?: string;
  readonly replyDropReason?: string;
  readonly byTimer: boolean;
  readonly isGuessed: boolean;
  /** How long after the same was sent to the same receiver, for the same message: ns. */
  readonly againAfter?: number;
  /** It was lost, or asked for a reply that never came; or something below it was. */
  readonly isTroubled: boolean;
  /** The sender went on when the reply came, and what it did then led to its own reply. */
  readonly isWaitedFor: boolean;
  /** Until when the sender waited in vain, as a timer of it shows. */
  readonly waitedUntil?: number;
}

export interface OperationBars {
  /** The numbers of the operations: the indexes of their invocations. */
  readonly index: readonly number[];
  readonly invoked: readonly number[];
  readonly completed: readonly (number | null)[];
  readonly process: readonly number[];
  /** Where it is drawn. */
  readonly row: readonly number[];
  /** Numbers of `OUTCOMES`. */
  readonly outcome: readonly number[];
  /** Numbers of `functions`. */
  readonly f: readonly number[];
  /** `read [1 2]`, when there are few. */
  readonly label?: readonly string[];
}

export interface OperationWindow {
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly functions: readonly string[];
  readonly bars: OperationBars;
  /** Instead of bars, when there are too many: operations by row (thread) and bucket, for each outcome. */
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
  /** Single operations, or quantiles when there are too many. */
  readonly points?: {
    readonly time: readonly number[];
    readonly latency: readonly number[];
    readonly outcome: readonly number[];
  };
  readonly quantiles?: {
    readonly buckets: number;
    /** Null where there was none. */
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
  /** The lines of the history, shortened when very long. */
  readonly invocation: string;
  readonly completion?: string;
  readonly node?: string;
  /** The requests that its client made meanwhile, in order, each with its reply where there was one. */
  readonly exchanges: readonly { readonly request: MessageRow; readonly reply?: MessageRow }[];
}

/** `unreadable`: its files are not what a run writes. */
export type RunVerdict = 'valid' | 'invalid' | 'unknown' | 'running' | 'unfinished' | 'unreadable';

/** A run in the list. */
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
  /** The program's file name. */
  readonly program: string;
  /** File names of the workload, faults, services and topology that are the user's; left out where none is. */
  readonly ownFiles?: readonly string[];
  /** What is wrong, in a line; of a run that is valid there is none. */
  readonly finding?: string;
  /** Messages between servers for each operation. */
  readonly messagesPerOperation?: number;
  /** Until each read had an element, in milliseconds, where the workload measures it: the median and the slowest. */
  readonly stableMs?: { readonly median: number; readonly slowest: number };
}

/** Two runs beside each other. */
export interface RunComparison {
  /** What differs in how they were asked for. */
  readonly options: readonly ComparedLine[];
  readonly figures: readonly ComparedLine[];
  readonly divergence?: Divergence;
  /** What was compared to find it, or why that was not done. */
  readonly note: string;
}

/** The texts are those of the runs: not yet safe to show. */
export interface ComparedLine {
  readonly name: string;
  /** Of the first run, and of the second; empty where there is none. */
  readonly values: readonly [string, string];
}

export interface RunPage {
  readonly card: RunCard;
  readonly test: TestFile;
  /** The verdict in words; undefined before the analysis. */
  readonly sentence?: string;
  readonly suspects: readonly Suspect[];
  /** What is wrong, an entry each. */
  readonly findings: readonly FindingView[];
  /** Why no story is told. */
  readonly storyNote?: string;
  /** What decided the run, where that was looked for. */
  readonly decisive?: DecisiveView;
  /** Of a run that can be made small: its folder, as a word of a command. */
  readonly shrinks?: string;
  /** Names below node-logs, and the run's own log. */
  readonly logs: readonly LogFile[];
  /** Pictures and pages beside the data. */
  readonly files: readonly string[];
}

export interface DecisiveView {
  readonly sentences: readonly string[];
  /** Those of the story that they are about. */
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
  /** Where what can be read begins; at 0 when left out. */
  readonly first?: number;
}

/** What nodes have said of their states. */
export interface StatesOverview {
  readonly changes: number;
  /** In the order in which they first came. */
  readonly fields: readonly string[];
  /** Those that said too much: nothing of them is kept from that time on. */
  readonly cut: readonly { readonly node: string; readonly time: number }[];
}

/** One field of the nodes over a stretch of time. */
export interface StateWindow {
  readonly from: number;
  readonly to: number;
  readonly field: string;
  /** Those that come in it. Their numbers count in the order in which they came in the run. */
  readonly values: readonly { readonly number: number; readonly text: string }[];
  readonly lanes: readonly StateLane[];
}

export interface StateLane {
  readonly node: string;
  /** From when on the field has which value; the first may lie before the window. */
  readonly time: readonly number[];
  /** Numbers of values; -1 for none. */
  readonly value: readonly number[];
  /** When any field changed. */
  readonly changes: readonly number[];
  /** What changed then, in words, when there are few. */
  readonly told?: readonly string[];
}

/** The states of all nodes that said one, at a moment. */
export interface StatesAt {
  readonly nanos: number;
  readonly fields: readonly string[];
  readonly nodes: readonly {
    readonly node: string;
    /** By field; null for none. */
    readonly values: readonly (string | null)[];
    readonly since: readonly (number | null)[];
    /** `silent`: it has said nothing yet. `ended`: its process is gone. `cut`: it said too much before. */
    readonly is: 'known' | 'silent' | 'ended' | 'cut';
  }[];
  /** When something changed before that moment, and after it. */
  readonly previous?: number;
  readonly next?: number;
}

/** Where two runs part. */
export interface Divergence {
  readonly kind: 'message' | 'operation';
  /** The earlier of both, on the clock of the runs. */
  readonly timeNanos: number;
  /** What the first run did there, and the second. */
  readonly sides: readonly [DivergedSide, DivergedSide];
}

export interface DivergedSide {
  /** A line, from the runs: not yet safe to show. */
  readonly text: string;
  /** The number of the message or the operation, where the run has it. */
  readonly number?: number;
}
