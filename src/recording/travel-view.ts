/**
 * Stepping through a simulated run, event by event: the requests of the pages to `maelstrom serve`, and its responses.
 * Plain data, sent over HTTP as JSON. Types only.
 *
 * All requests are POSTs of JSON with the header `x-maelstrom: 1`, below `/api/runs/WORKLOAD/NAME/travel/`: each may
 * run the program, so only pages of this server may send them, and a server reachable from other machines answers 403
 * to all.
 *
 *     open     {}                        -> TravelState       the first request; repeated while it returns `preparing`
 *     seek     SeekRequest               -> Position          the state of the run at an event, and what that event changed
 *     events   EventsRequest             -> EventList         a range of the list of events
 *     branch   BranchRequest             -> Branch            the run with one thing changed, to its verdict
 *     save     SaveRequest               -> SavedBranch       a branch as a run of the store, with its scenario.json
 *     close    {}                        -> {}                releases at once what is otherwise released after a while
 *
 * A position is the number of an event, from 0 to `events - 1`: the state just after it. The server keeps no position
 * for its viewers, so that any number of them can look at one run; requests near the last ones are fast.
 *
 * Errors are answered with `{ error: string }`, one or more sentences, and 400 (no such position or message; a change
 * that cannot be made there), 404 (no such run or line), 409 (a run that cannot be stepped through: of the real world,
 * or of a program that is gone or does not load), 410 (the process that held the run was ended, as after a node that
 * never yields or that exhausted the memory: `open` starts again; after minutes without a request it does so by
 * itself).
 *
 * Times are nanoseconds of the run's time, as in the other views: negative before the first operations may begin.
 */
import type { RunVerdict } from './views.ts';

/** The line that is stepped through: the recorded run, or a branch of it. */
export type LineId = 'recorded' | `branch-${number}`;

export type TravelState =
  /**
   * The program is being prepared, or the run is being made for the first time: `messages` of about `ofMessages` so
   * far.
   */
  | { readonly kind: 'preparing'; readonly messages: number; readonly ofMessages: number }
  | {
      readonly kind: 'ready';
      readonly line: Line;
      /** The absolute path of the program. */
      readonly program: string;
      /** Caveats about what is shown, in sentences, such as that the repeated run differs. */
      readonly remarks: readonly string[];
      /** Where the repeated run differs from the recorded one; absent if it is identical to the end. */
      readonly differs?: { readonly event: number; readonly recorded: string; readonly again: string };
      /** The branches that are still held, oldest first. */
      readonly branches: readonly Branch[];
    };

export interface Line {
  readonly id: LineId;
  readonly events: number;
  readonly messages: number;
  readonly startNanos: number;
  readonly endNanos: number;
  /** All nodes that ever ran. */
  readonly nodes: readonly string[];
  readonly verdict: RunVerdict;
  /** The kinds of its failure: `lost`, `G-single`; empty if there is none. */
  readonly signature: readonly string[];
}

/** Target of a seek; targets beyond either end mean the first or the last event. */
export type SeekTarget =
  | { readonly kind: 'event'; readonly event: number }
  /** Forward (`by` > 0) or back from there by that many events, or by that many events that concern one endpoint. */
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
  /** Default `recorded`. */
  readonly line?: LineId;
  readonly to: SeekTarget;
}

/** What happened at an event. Ids of messages are those of the journal; a branch has its own. */
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
  /** That many additional copies were sent. */
  | {
      readonly kind: 'duplicated';
      readonly message: number;
      readonly from: string;
      readonly to: string;
      readonly type: string;
      readonly copies: number;
    }
  /** A node has handled its input: what it printed in that turn is sent afterwards, as separate events. */
  | { readonly kind: 'turn'; readonly node: string; readonly of: TurnOf }
  /** `ended`: by itself, or by the watchdog; `killed`: by a fault; `stopped`: at the end of the run. */
  | {
      readonly kind: 'life';
      readonly node: string;
      readonly what: 'started' | 'ended' | 'killed' | 'stopped' | 'paused' | 'resumed';
    }
  /** An entry of the history, of a client or of the nemesis (then `type` is `info`). */
  | {
      readonly kind: 'operation';
      readonly index: number;
      readonly process: number | 'nemesis';
      readonly type: 'invoke' | 'ok' | 'fail' | 'info';
      readonly f: string;
      /** As JSON, shortened if very long. */
      readonly value: string;
    }
  /** A phase of the run begins: `starting`, `main`, `healing`, `final reads`, `stopping`, ... */
  | { readonly kind: 'phase'; readonly phase: string };

export type TurnOf =
  /** Its program was loaded. */
  | { readonly kind: 'start' }
  | { readonly kind: 'message'; readonly message: number; readonly from: string; readonly type: string }
  /** `message`: the message in whose handling the timer was set, if known. */
  | { readonly kind: 'timer'; readonly message?: number }
  /** It was asked to terminate. */
  | { readonly kind: 'signal' }
  /** It has nothing left to wait for, so it ends. */
  | { readonly kind: 'end' };

export interface EventRow {
  readonly event: number;
  readonly nanos: number;
  readonly happening: Happening;
}

export interface EventsRequest {
  readonly line?: LineId;
  /** The first event that may be listed. */
  readonly from: number;
  /** 1 to 500. */
  readonly count: number;
  /** If given, lists only events that concern this endpoint. */
  readonly node?: string;
}

export interface EventList {
  readonly rows: readonly EventRow[];
  /** Where the next range begins; absent at the end. */
  readonly next?: number;
}

/** The run just after an event. */
export interface Position extends EventRow {
  readonly line: LineId;
  readonly events: number;
  /** Details of the event: the message's body, or the operation. Absent if there is nothing more to show. */
  readonly message?: MessageView;
  /** All nodes started so far, in the order of the spec. */
  readonly nodes: readonly NodeView[];
  /** Messages in flight, oldest first, including those held back until a node has answered `init`. */
  readonly inFlight: Listed<InFlight>;
  /** Names of the endpoints that the event concerns. */
  readonly concerns: readonly string[];
}

/** The first items of a list that may be long. */
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
  /** As written; only the beginning if it is long. */
  readonly body: string;
  readonly bodyBytes: number;
}

export interface InFlight extends MessageView {
  /** When it, or its next copy, will arrive or be lost; absent if neither happens before the end of the run. */
  readonly endsNanos?: number;
  readonly endsLost: boolean;
  /** Number of copies in flight, including the message itself. */
  readonly count: number;
  /** True if a branch may drop, delay or duplicate it from here, which is possible only for messages between servers. */
  readonly canChange: boolean;
}

export interface NodeView {
  readonly name: string;
  /** `starting`: its program has not begun; `ended`: by itself. */
  readonly condition: 'starting' | 'running' | 'paused' | 'ended' | 'killed' | 'stopped';
  /** How often it has been started, counting the first time. */
  readonly life: number;
  /** Messages delivered and not yet handled, in the order in which they will be. */
  readonly inbox: Listed<MessageView>;
  readonly timers: Listed<TimerView>;
  readonly state: StateView;
  /** The event of its last turn in this life; absent before the first. */
  readonly lastTurn?: number;
  /** What that turn changed of its state; empty if nothing, or if it shows no state. */
  readonly changes: Listed<StateChange>;
  /** True if that turn is the event of the position. */
  readonly isTurn: boolean;
}

export interface TimerView {
  /** When it is due; a timer already due waits for the node. */
  readonly dueNanos: number;
  readonly isDue: boolean;
  /** The requested delay; 0 for `setImmediate`. */
  readonly delayNanos: number;
  /** True for an interval that has fired before. */
  readonly isAgain: boolean;
  /** The message in whose handling it was set. */
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

/** One place of a state that has changed. */
export interface StateChange {
  /** Keys of objects and indexes of lists, from the outside in. */
  readonly path: readonly (string | number)[];
  /** As JSON, shortened if long; absent if the place is new. */
  readonly before?: string;
  /** Absent if the place was removed. */
  readonly after?: string;
}

/** One change to the run. Milliseconds are of virtual time. */
export type BranchChange =
  /** Drops a message between servers that has not arrived at that position. */
  | { readonly kind: 'drop'; readonly message: number }
  /** Lets it arrive that long after it was sent. */
  | { readonly kind: 'delay'; readonly message: number; readonly ms: number }
  /** Sends a copy, which arrives that long after the message was sent. */
  | { readonly kind: 'duplicate'; readonly message: number; readonly ms: number }
  /**
   * Crashes the node just after the event; it is restarted after that time, as are all nodes that are down then, or
   * only at the end.
   */
  | { readonly kind: 'crash'; readonly node: string; readonly restartAfterMs?: number };

export interface BranchRequest {
  readonly line?: LineId;
  /** The position from which on the branch may differ. */
  readonly at: number;
  readonly change: BranchChange;
}

export interface Branch {
  readonly line: Line;
  /** The original line, the position, and the change. */
  readonly of: LineId;
  readonly at: number;
  readonly change: BranchChange;
  /** The verdict in words. */
  readonly sentence: string;
  /** How it came to be wrong, in numbered steps; empty if it is not. */
  readonly story: readonly string[];
  /** The first difference; absent if there is none. A side is absent if it has ended. */
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
  /** A run of this store: `broadcast/20261121T033319.799Z`. */
  readonly run: string;
  /** Absolute paths. */
  readonly folder: string;
  readonly scenario: string;
  /** The command line that repeats it. */
  readonly command: string;
}
