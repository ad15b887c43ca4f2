/**
 * The World: the single source of time, randomness and processes.
 *
 * Real: any program as a child process, in real time. Simulated: nodes inside this process, in virtual time, with all
 * randomness from the seed. Network, services, clients, generators, nemeses, workloads and checkers do not know which
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
  /** The file that its stderr is appended to; undefined if it is not kept. */
  readonly logFile?: string;
  /**
   * Returns the prefix of each line in the log for a time on the world's clock; without it, lines are logged as
   * printed.
   */
  readonly logLabel?: (nanos: number) => string;
}

/** How a node's process ended. */
export interface NodeExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its stderr (bounded), to explain the exit. */
  readonly lastStderr: readonly string[];
  /** Lines of its stderr that seem to name the cause (`panic: ...`), which may be far above the last ones. */
  readonly cause?: readonly string[];
  /** True when it was ended for the real time or the memory that it took, which do not depend on the seed. */
  readonly byWatchdog?: true;
  /** True if, by its stderr, it ended because it needed something that the simulation lacks. */
  readonly notSimulated?: true;
  /** True if it is a shell script that starts a command in the background, which a shell gives no stdin. */
  readonly startsInBackground?: true;
}

/** What a node does, as reported to its starter. Never called synchronously from `startNode`. */
export interface NodeEvents {
  /**
   * One line of stdout, without its newline: bytes[start, end). The bytes may be reused after the call returns, so they
   * must be copied to be kept.
   */
  line(bytes: Buffer, start: number, end: number): void;
  /** Output on stdout that is not a line: longer than the limit, or cut off by the end of the stream. */
  brokenLine(problem: BrokenLine): void;
  /** A line of stderr, for `--log-stderr`. */
  stderr?(line: string): void;
  /** A line of stderr that is marked for the harness, reported even after the node was asked to end. */
  marked?(line: MarkedLine): void;
  /** The node has closed its stdout and continues. */
  stdoutClosed(): void;
  /** The node has closed its stdin and continues. Noticed once something is written to it. */
  stdinClosed?(): void;
  /** The node has ended without being asked to. */
  exit(exit: NodeExit): void;
  /** The node could not be started because the machine's limits do not allow it; the node is not at fault. */
  refused?(problem: UserError): void;
}

export type BrokenLine =
  | { readonly kind: 'too-long'; readonly limitBytes: number; readonly beginning: string }
  | { readonly kind: 'unfinished'; readonly bytes: number; readonly beginning: string };

/**
 * A line of stderr that is meant for the harness as well: by the marker, by a key of its object, or by the SDK's words
 * for what went wrong (marked-lines.ts).
 */
export type MarkedLine =
  | {
      readonly kind: 'line';
      readonly by: 'marker' | 'key' | 'words';
      /** The text after the marker; otherwise the whole line. */
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
  /** Unique in the network; counted from 0 in the order of sending. */
  readonly id: number;
  readonly src: string;
  readonly dest: string;
  readonly body: Buffer;
  /** What caused it, in a world that knows (the simulated one). */
  readonly cause?: MessageCause | undefined;
  /** What it follows from, if its sender has reported it, as is possible in the real world. */
  readonly origin?: Origin | undefined;
}

export interface MessageCause {
  /** The message's identity. A duplicate made on the way has its own. */
  readonly id: Cause;
  readonly origin: Origin;
  /** Its place in a chain of answers without a pause, from 1. Not kept in journals. */
  readonly hops?: number;
}

/** Packets waiting for a node that reads nothing, in addition to those in its full pipe. */
export interface UnreadPackets {
  readonly packets: number;
  readonly bytes: number;
  /** Since when it has read nothing, on the world's clock. */
  readonly sinceNanos: number;
}

/** The beginning of a line on a node's stdout whose newline has not arrived. */
export interface UnfinishedLine {
  readonly bytes: number;
  readonly beginning: string;
  /** When its last part arrived, on the world's clock. */
  readonly sinceNanos: number;
}

export interface NodeHandle {
  readonly name: string;
  readonly running: boolean;
  /**
   * Writes the packet as one line `{"id":..,"src":..,"dest":..,"body":..}` to its stdin. Drops it when the node is not
   * running.
   */
  deliver(packet: Packet): void;
  /** Bytes accepted by `deliver` and not yet taken by the node. */
  readonly backlogBytes: number;
  /** The packets that wait while the node reads nothing; undefined while it reads, or if unknown. */
  readonly unread?: UnreadPackets | undefined;
  /** The output after its last newline; undefined if there is none. */
  readonly unfinishedLine?: UnfinishedLine | undefined;
  /** The last lines of its stderr so far, and those that seem to name the cause of a crash. */
  lastStderr?(): Pick<NodeExit, 'lastStderr' | 'cause'>;
  /**
   * Closes its stdin, and returns the first line that it prints then, or undefined if none comes soon. No event follows:
   * only `stop` may be called afterwards.
   */
  printsAtEnd?(): Promise<string | undefined>;
  /** Returns how a program in its language flushes its stdout, as in `in Perl by $| = 1`, or undefined if unknown. */
  flushAdvice?(): string | undefined;
  /** Sends SIGKILL to the node and everything it started. No `exit` event follows. */
  kill(): void;
  /**
   * Returns the processor time that its processes have used so far, with a part of the time that they waited for a
   * processor, in nanoseconds, or undefined if unknown.
   */
  cpuNanos?(): number | undefined;
  /** Sends SIGSTOP; messages wait. */
  pause(): void;
  /** Sends SIGCONT. */
  resume(): void;
  /**
   * Ends the node and everything it started, politely and then by force. Resolves when nothing is left. No `exit` event
   * follows.
   */
  stop(): Promise<void>;
}

/** A promise to be resolved later, in a way that the simulated world notices. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

/** The error of a clock: it jumped by `offsetNanos` when this was set, and runs `1 + drift` times as fast since. */
export interface ClockSkew {
  readonly offsetNanos: number;
  /** 0.01 gains a hundredth of a second every second; must be greater than -1. */
  readonly drift: number;
}

/** The state that a node shows, as JSON, or why it could not be shown. */
export type Inspection =
  { readonly kind: 'state'; readonly json: string } | { readonly kind: 'problem'; readonly message: string };

/** Observes turns: handlings of a message or a timer by a node. Its methods must not throw. */
export interface TurnWatcher {
  /** The function of the user's that it is calling now, to be named if the call does not return. */
  readonly asking?: string | undefined;
  /** A turn is over, and its output has not been passed on yet. Turns are counted from 1, over all nodes. */
  turn(node: string, number: number): void;
  /** The node's process has ended. */
  gone(node: string): void;
}

export interface World {
  readonly kind: 'real' | 'simulated';
  readonly clock: Clock;
  /** The root stream; take children of it by name. */
  readonly random: Random;
  /** Knows the current turn, in a world that tracks causes. */
  readonly causes?: Causes;
  /** Where randomness begins to differ, in an alternative future of a run. */
  readonly turningPoint?: TurningPoint | undefined;
  /** Maximum number of nodes to start at a time; unlimited if undefined. */
  readonly startsAtOnce?: number;
  /** Throws a UserError when the program cannot run in this world at all. Other problems are reported as events. */
  startNode(spec: NodeSpec, events: NodeEvents): NodeHandle;
  /**
   * Sets the time of day of that node, in this life and later ones (`Date`; timers and `performance.now` are not
   * affected). Offset and drift are relative to true time, so two zeros set the clock right. Undefined in a world that
   * cannot skew clocks.
   */
  skew?(node: string, skew: ClockSkew): void;
  /**
   * Returns the state that a node's program shows (`node.inspect`), between turns and without changing the run;
   * undefined when it shows none or does not run. Undefined in a world that cannot inspect.
   */
  inspect?(node: string): Inspection | undefined;
  /**
   * Called when the run has certainly failed, with the kind of failure as in its signature: a world with an event budget
   * may then end it earlier.
   */
  failed?(kind: string): void;
  /** Watches turns, in a world that has them; one watcher at a time. */
  watchTurns?(watcher: TurnWatcher): void;
  /**
   * Creates the only kind of promise that code below `run/` may wait for. Resolving it lets all promise reactions run
   * before the simulated clock advances.
   */
  deferred<T>(): Deferred<T>;
  /**
   * Resolves before the next event, where the run may compute for as long as it needs, for example its verdict.
   * Undefined in a world that does not end the run itself when it does not return.
   */
  unwatched?(): Promise<void>;
  /**
   * Runs `main` to its end, advancing time meanwhile. `take` is asked about unhandled rejections that belong to no
   * node; those for which it returns true are not reported further.
   */
  run<T>(main: () => Promise<T>, take?: (reason: unknown) => boolean): Promise<T>;
  /** Stops all remaining nodes and releases everything. Safe to call twice. */
  close(): Promise<void>;
  /** Returns the processes that `close` could not end. Undefined in a world that can end all. */
  leftBehind?(): readonly LeftProcess[];
}

/** A process that outlives the run. */
export interface LeftProcess {
  readonly pid: number;
  /** Its command line. */
  readonly command: string;
  /** True when a node certainly started it. */
  readonly isCertain: boolean;
}
