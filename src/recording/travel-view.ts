/**
 * Stepping through a simulated run, event by event: what the pages ask of `maelstrom serve`, and what it answers. Plain data,
 * which crosses HTTP as JSON. Types only.
 *
 * All requests are POSTs of JSON with the header `x-maelstrom: 1`, below `/api/runs/WORKLOAD/NAME/travel/`: each may run the
 * program, so only pages of this server may ask, and a server that other machines can reach answers 403 to all.
 *
 *     open     {}                        -> TravelState       the first request; again and again while it says `preparing`
 *     seek     SeekRequest               -> Position          where the run is at an event, and what that event changed
 *     events   EventsRequest             -> EventList         a stretch of the list of events
 *     branch   BranchRequest             -> Branch            the run with one thing changed, to its verdict
 *     save     SaveRequest               -> SavedBranch       a branch as a run of the store, with its scenario.json
 *     close    {}                        -> {}                lets go at once of what is otherwise let go of after a while
 *
 * A position is the number of an event, from 0 to `events - 1`: the state just after it. The server keeps no position of
 * its viewers, so that any number of them can look at one run; requests that are near the last ones are fast.
 *
 * What goes wrong is answered with `{ error: string }`, a sentence or several, and 400 (no such position or message; a change that
 * cannot be made there), 404 (no such run or line), 409 (a run that cannot be stepped through: of the real world, of a program that
 * is gone or does not load), 410 (the process that held the run was ended, as after a node that never yields or one that filled
 * the memory: `open` begins anew; so it does after minutes without a request, but then by itself).
 *
 * Times are nanoseconds of the run's time, as in the other views: negative before the first operations may begin.
 */
import type { RunVerdict } from './views.ts';

/** What is stepped through: the recorded run, or a branch of it. */
export type LineId = 'recorded' | `branch-${number}`;

export type TravelState =
  /** The program is being made ready, or the run is being made for the first time: `messages` of about `ofMessages` so far. */
  | { readonly kind: 'preparing'; readonly messages: number; readonly ofMessages: number }
  | {
      readonly kind: 'ready';
      readonly line: Line;
      /** The absolute path of the program that runs. */
      readonly program: string;
      /** What is to be known before what is shown is believed, in sentences; the run that was made again differs, say. */
      readonly remarks: readonly string[];
      /** Where the run that was made again differs from what was recorded; left out where it is the same to its end. */
      readonly differs?: { readonly event: number; readonly recorded: string; readonly again: string };
      /** The branches that are still held, the oldest first. */
      readonly branches: readonly Branch[];
    };

/** A run as a line of events. */
export interface Line {
  readonly id: LineId;
  readonly events: number;
  readonly messages: number;
  readonly startNanos: number;
  readonly endNanos: number;
  /** All that ever ran. */
  readonly nodes: readonly string[];
  readonly verdict: RunVerdict;
  /** How it is wrong: `lost`, `G-single`; empty when it is not. */
  readonly signature: readonly string[];
}

/** Where to; what is beyond either end is the first or the last event. */
export type SeekTarget =
  | { readonly kind: 'event'; readonly event: number }
  /** Forward (`by` > 0) or back from there: by that many events, or by that many of those that concern one endpoint. */
  | {
      readonly kind: 'step';
      readonly from: number;
      readonly by: number;
      readonly node?: string;
    }
  /** The last event at or before that time. */
  | { readonly kind: 'time'; readonly nanos: number }
  /** `handled`: the turn of the node that read it. */
  | {
      readonly kind: 'message';
      readonly id: number;
      readonly what: 'sent' | 'received' | 'handled' | 'lost';
    }
  /** The entry of the history with that index. */
  | { readonly kind: 'operation'; readonly index: number };

export interface SeekRequest {
  /** `recorded` when left out. */
  readonly line?: LineId;
  readonly to: SeekTarget;
}

/** What happened at an event. Ids of messages are those of the journal; of a branch, its own. */
export type Happening =
  | {
      readonly kind: 'sent';
      readonly message: number;
      readonly from: string;
      readonly to: string;
      readonly type: string;
    }
  | {
      readonly kind: 'received';
      readonly message: number;
      readonly from: string;
      readonly to: string;
      readonly type: string;
    }
  /** `reason`: `partition`, `loss`, `gone`, ... */
  | {
      readonly kind: 'lost';
      readonly message: number;
      readonly from: string;
      readonly to: string;
      readonly type: string;
      readonly reason: string;
    }
  /** That many copies went on their way beside it. */
  | {
      readonly kind: 'duplicated';
      readonly message: number;
      readonly from: string;
      readonly to: string;
      readonly type: string;
      readonly copies: number;
    }
  /** A node has handled what it had: what it printed in that turn is sent after it, as events of their own. */
  | { readonly kind: 'turn'; readonly node: string; readonly of: TurnOf }
  /** `ended`: by itself, or by the watchdog; `killed`: by a fault; `stopped`: at the end of the run. */
  | {
      readonly kind: 'life';
      readonly node: string;
      readonly what: 'started' | 'ended' | 'killed' | 'stopped' | 'paused' | 'resumed';
    }
  /** An entry of the history: of a client or of the nemesis (then `type` is `info`). */
  | {
      readonly kind: 'operation';
      readonly index: number;
      readonly process: number | 'nemesis';
      readonly type: 'invoke' | 'ok' | 'fail' | 'info';
      readonly f: string;
      /** As JSON, shortened when very long. */
      readonly value: string;
    }
  /** A phase of the run begins: `starting`, `main`, `healing`, `final reads`, `stopping`, ... */
  | { readonly kind: 'phase'; readonly phase: string };

export type TurnOf =
  /** Its program was loaded. */
  | { readonly kind: 'start' }
  | { readonly kind: 'message'; readonly message: number; readonly from: string; readonly type: string }
  /** `message`: in whose handling the timer was set, where that is known. */
  | { readonly kind: 'timer'; readonly message?: number }
  /** It was asked to end. */
  | { readonly kind: 'signal' }
  /** Nothing was left that it could wait for: it ends. */
  | { readonly kind: 'end' };

export interface EventRow {
  readonly event: number;
  readonly nanos: number;
  readonly happening: Happening;
}

export interface EventsRequest {
  readonly line?: LineId;
  /** The first that may be listed. */
  readonly from: number;
  /** 1 to 500. */
  readonly count: number;
  /** Only those that concern this endpoint. */
  readonly node?: string;
}

export interface EventList {
  readonly rows: readonly EventRow[];
  /** Where the next stretch begins; left out at the end. */
  readonly next?: number;
}

/** The run just after an event. */
export interface Position extends EventRow {
  readonly line: LineId;
  readonly events: number;
  /** What the event is about, in full: the message's body, the operation. Left out where there is nothing more to show. */
  readonly message?: MessageView;
  /** All that have started so far, in the order of the spec. */
  readonly nodes: readonly NodeView[];
  /** On their way, the oldest first; those held back until a node has answered `init` as well. */
  readonly inFlight: Listed<InFlight>;
  /** Names of those that the event concerns. */
  readonly concerns: readonly string[];
}

/** The first of a list that may be long. */
export interface Listed<Item> {
  readonly first: readonly Item[];
  readonly total: number;
}

export interface MessageView {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly sentNanos: number;
  /** As it was written; the beginning when it is long. */
  readonly body: string;
  readonly bodyBytes: number;
}

export interface InFlight extends MessageView {
  /** When it, or its next copy, will arrive or be lost; left out where it does neither before the end of the run. */
  readonly endsNanos?: number;
  readonly endsLost: boolean;
  /** How many of it are on their way: 1, and its copies. */
  readonly count: number;
  /** Whether a branch may drop, delay or double it from here. Only messages between servers can be meant. */
  readonly canChange: boolean;
}

export interface NodeView {
  readonly name: string;
  /** `starting`: its program has not begun; `ended`: by itself. */
  readonly condition: 'starting' | 'running' | 'paused' | 'ended' | 'killed' | 'stopped';
  /** Counted from 1: it has been started that often. */
  readonly life: number;
  /** Delivered and not handled yet, in the order in which they will be. */
  readonly inbox: Listed<MessageView>;
  readonly timers: Listed<TimerView>;
  readonly state: StateView;
  /** The event of its last turn in this life; left out before the first. */
  readonly lastTurn?: number;
  /** What that turn changed of its state; empty when nothing, and where it shows no state. */
  readonly changes: Listed<StateChange>;
  /** Whether that turn is the very event of the position. */
  readonly isTurn: boolean;
}

export interface TimerView {
  /** When it is due; one that is due already waits for the node. */
  readonly dueNanos: number;
  readonly isDue: boolean;
  /** What the program asked for; 0 for `setImmediate`. */
  readonly delayNanos: number;
  /** Whether it is an interval that has fired before. */
  readonly isAgain: boolean;
  /** In whose handling it was set. */
  readonly message?: number;
}

export type StateView =
  /** As the program shows it (`node.inspect`). */
  | { readonly kind: 'shown'; readonly json: string }
  /** Too long to be shown in full. */
  | { readonly kind: 'long'; readonly beginning: string; readonly characters: number }
  /** It could not be shown, and why. */
  | { readonly kind: 'problem'; readonly message: string }
  /** The program shows none, or does not run. */
  | { readonly kind: 'none' };

/** One place of a state that differs from before. */
export interface StateChange {
  /** Keys of objects and indexes of lists, from the outside in. */
  readonly path: readonly (string | number)[];
  /** As JSON, shortened when long; left out where there was nothing. */
  readonly before?: string;
  /** Left out where there is nothing any more. */
  readonly after?: string;
}

/** One thing that is to go otherwise. Milliseconds are of virtual time. */
export type BranchChange =
  /** A message between servers that has not arrived at that position. */
  | { readonly kind: 'drop'; readonly message: number }
  /** It arrives that long after it was sent. */
  | { readonly kind: 'delay'; readonly message: number; readonly ms: number }
  /** A copy of it arrives that long after it was sent. */
  | { readonly kind: 'duplicate'; readonly message: number; readonly ms: number }
  /** Just after the event; it is started again after that time, as are all that are down then, or only at the end. */
  | { readonly kind: 'crash'; readonly node: string; readonly restartAfterMs?: number };

export interface BranchRequest {
  readonly line?: LineId;
  /** The position from which on it may differ. */
  readonly at: number;
  readonly change: BranchChange;
}

export interface Branch {
  readonly line: Line;
  /** Of which line, at which position, and what was changed. */
  readonly of: LineId;
  readonly at: number;
  readonly change: BranchChange;
  /** The verdict in words. */
  readonly sentence: string;
  /** How it came to be wrong, in numbered steps; empty where it is not. */
  readonly story: readonly string[];
  /** Left out when nothing differs. A side is left out where it has come to its end. */
  readonly difference?: {
    readonly event: number;
    readonly original?: EventRow;
    readonly branch?: EventRow;
  };
}

export interface SaveRequest {
  readonly line: LineId;
}

export interface SavedBranch {
  /** `broadcast/20261121T033319.799Z`: a run of this store. */
  readonly run: string;
  /** Absolute paths. */
  readonly folder: string;
  readonly scenario: string;
  /** What runs it again on a command line. */
  readonly command: string;
}
