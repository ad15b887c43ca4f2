/**
 * The World: the one door through which time, randomness and processes come in.
 *
 * Real: any program as a child process, in real time. Simulated: JavaScript nodes inside this process, in virtual time,
 * everything from the seed. Network, services, clients, generators, nemeses, workloads and checkers do not know which
 * world they are in.
 */
import type { UserError } from '../protocol/user-error.ts';
import type { Cause, Causes, Origin } from './cause.ts';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';
import type { TurningPoint } from './turning-point.ts';

/** A node to start. */
export interface NodeSpec {
  /** Its name in the cluster, such as `n1`. */
  readonly name: string;
  /** Absolute path of the program, as `--bin` resolved it. */
  readonly bin: string;
  readonly args: readonly string[];
  /** Extra environment, such as MAELSTROM_DATA_DIR. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where its stderr goes; undefined when it is not kept. */
  readonly logFile?: string;
  /** What each line of the log begins with, for a time of the world's clock; lines stand as they were printed without it. */
  readonly logLabel?: (nanos: number) => string;
}

/** How a node's process ended. */
export interface NodeExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its stderr (bounded), to explain the exit. */
  readonly lastStderr: readonly string[];
  /** Lines of its stderr that seem to name the cause (`panic: ...`), which may stand far above the last ones. */
  readonly cause?: readonly string[];
  /** It was ended for the real time or the memory that it took, on which the seed has no influence. */
  readonly byWatchdog?: true;
}

/** What a node does, as reported to its starter. Never called synchronously from `startNode`. */
export interface NodeEvents {
  /**
   * One line of stdout, without its newline: bytes[start, end). The bytes may be reused after the call returns: copy
   * what you keep.
   */
  line(bytes: Buffer, start: number, end: number): void;
  /** Something on stdout that is no line: longer than the limit, or cut off by the end of the stream. */
  brokenLine(problem: BrokenLine): void;
  /** A line of stderr, for `--log-stderr`; called only when `wantsStderr`. */
  stderr?(line: string): void;
  /** A line of stderr that is marked as being for the harness, also once it was asked to end. */
  marked?(line: MarkedLine): void;
  /** It closed its stdout although it goes on running. */
  stdoutClosed(): void;
  /** It closed its stdin although it goes on running. Noticed once something is written to it. */
  stdinClosed?(): void;
  /** It ended without being asked to. */
  exit(exit: NodeExit): void;
  /** It could not be started, because the machine allows no more, which is no mistake of the node. */
  refused?(problem: UserError): void;
}

export type BrokenLine =
  | { readonly kind: 'too-long'; readonly limitBytes: number; readonly beginning: string }
  | { readonly kind: 'unfinished'; readonly bytes: number; readonly beginning: string };

/** A line of stderr that is marked as being for the harness, by the marker or by a key of its object (marked-lines.ts). */
export type MarkedLine =
  | {
      readonly kind: 'line';
      readonly by: 'marker' | 'key';
      /** What follows the marker; with a key the whole line. */
      readonly text: string;
      /** When it was printed, on the world's clock. */
      readonly nanos: number;
    }
  | {
      readonly kind: 'too-long';
      readonly by: 'marker' | 'key';
      readonly beginning: string;
      readonly limitBytes: number;
    };

/** A message on its way: the body is the raw JSON text in UTF-8, exactly as its sender wrote it. */
export interface Packet {
  /** Unique in the network; from 0 in the order of sending. */
  readonly id: number;
  readonly src: string;
  readonly dest: string;
  readonly body: Buffer;
  /** What brought it about, where the world knows it: in the simulated one. */
  readonly cause?: MessageCause | undefined;
  /** What it follows from, where only its sender could say it: in the real world. Undefined when it did not. */
  readonly origin?: Origin | undefined;
}

export interface MessageCause {
  /** Its identity. A copy made on the way has one of its own. */
  readonly id: Cause;
  readonly origin: Origin;
}

/** What waits for a node that takes nothing of it, beside what its full pipe holds. */
export interface UnreadPackets {
  readonly packets: number;
  readonly bytes: number;
  /** Since when it has taken nothing, on the world's clock. */
  readonly sinceNanos: number;
}

/** The beginning of a line on a node's stdout whose newline has not come. */
export interface UnfinishedLine {
  readonly bytes: number;
  readonly beginning: string;
  /** When the last of it came, on the world's clock. */
  readonly sinceNanos: number;
}

/** A running node. */
export interface NodeHandle {
  readonly name: string;
  readonly running: boolean;
  /** Writes the packet as one line `{"id":..,"src":..,"dest":..,"body":..}` to its stdin. Dropped when it is not running. */
  deliver(packet: Packet): void;
  /** Bytes accepted by `deliver` and not yet taken by the node. */
  readonly backlogBytes: number;
  /** What waits while it takes nothing; undefined when it reads, or where that is unknown. */
  readonly unread?: UnreadPackets | undefined;
  /** What it has printed behind its last newline; undefined when that is nothing. */
  readonly unfinishedLine?: UnfinishedLine | undefined;
  /** What it has written to its stderr so far: the last lines, and those that seem to name the cause of a crash. */
  lastStderr?(): Pick<NodeExit, 'lastStderr' | 'cause'>;
  /** SIGKILL for it and everything it started. No `exit` event follows. */
  kill(): void;
  /** Nanoseconds of processor time that its processes have used so far; undefined where the world cannot say. */
  cpuNanos?(): number | undefined;
  /** SIGSTOP; messages wait. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Ends it (politely, then by force) and whatever it started; resolves when nothing is left. No `exit` event follows. */
  stop(): Promise<void>;
}

/** A promise to be resolved later, in a way the simulated world notices. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

/** How wrong a clock is: it jumped by `offsetNanos` when this was set, and runs `1 + drift` times as fast since. */
export interface ClockSkew {
  readonly offsetNanos: number;
  /** 0.01 gains a hundredth of a second every second; greater than -1. */
  readonly drift: number;
}

/** What a node shows of its state, as JSON; or why it could not be shown. */
export type Inspection =
  { readonly kind: 'state'; readonly json: string } | { readonly kind: 'problem'; readonly message: string };

/** Told of turns: handlings of a message or a timer by a node. It must not throw. */
export interface TurnWatcher {
  /** What of the user's it is calling now, to be named where that does not come back. */
  readonly asking?: string | undefined;
  /** A turn is over, and what it printed has not left yet. Turns are counted from 1, over all nodes. */
  turn(node: string, number: number): void;
  /** The node's process is no more. */
  gone(node: string): void;
}

export interface World {
  readonly kind: 'real' | 'simulated';
  readonly clock: Clock;
  /** The root stream; take children of it by name. */
  readonly random: Random;
  /** Whose turn it is: in a world that knows what follows from what. */
  readonly causes?: Causes;
  /** From where on chance is another, in a future of a run. */
  readonly turningPoint?: TurningPoint | undefined;
  /** How many nodes it can start at a time; any number when left out. */
  readonly startsAtOnce?: number;
  /** Throws a UserError when the program cannot run in this world at all. Otherwise problems come as events. */
  startNode(spec: NodeSpec, events: NodeEvents): NodeHandle;
  /**
   * Sets what the time of day is to that node, in this life and the next (`Date`; timers and `performance.now` are not
   * touched). Offset and drift count from true time, so two zeros set the clock right. A world that cannot has none.
   */
  skew?(node: string, skew: ClockSkew): void;
  /**
   * The state that a node's program shows (`node.inspect`), between turns; it changes nothing of the run. Undefined when it
   * shows none, or does not run. A world that cannot look has none.
   */
  inspect?(node: string): Inspection | undefined;
  /** Where turns are known; one watcher at a time. */
  watchTurns?(watcher: TurnWatcher): void;
  /**
   * The only kind of promise that code below `run/` may wait for. Resolving one lets all promise reactions run before
   * the simulated clock moves on.
   */
  deferred<T>(): Deferred<T>;
  /**
   * Runs `main` to its end, turning the wheel of time meanwhile. `take` is asked about rejections that nothing handled and
   * that are no node's; what it answers with true to goes no further.
   */
  run<T>(main: () => Promise<T>, take?: (reason: unknown) => boolean): Promise<T>;
  /** Stops every node that is left and releases everything. Safe to call twice. */
  close(): Promise<void>;
  /** After `close`: processes that it could not end. None where it can end all. */
  leftBehind?(): readonly LeftProcess[];
}

/** A process that outlives the run. */
export interface LeftProcess {
  readonly pid: number;
  /** What it runs. */
  readonly command: string;
  /** Whether it is known that a node started it. */
  readonly isCertain: boolean;
}
