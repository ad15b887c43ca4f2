/**
 * A given course of a run: the client operations, faults and fates of single messages that replace what generator,
 * nemesis and randomness would decide. Everything else comes from the spec and its seed. A run along a course taken
 * from another run is identical to it.
 *
 * Times are nanoseconds: for operations and faults since requests began, for final operations since the first of them
 * may begin. They are earliest times: an operation whose thread is busy begins when the thread is free.
 */
import type { ScriptedOp } from '../generator/scripted.ts';
import type { FaultOp } from '../nemesis/drivers/replayed-nemesis.ts';
import type { LatencySpec } from '../network/rules/latency.ts';
import type { MessageException } from '../network/rules/message-exceptions.ts';
import type { OtherChance } from '../world/turning-point.ts';

export interface Course {
  /** Operations; those of one thread are in order of time. */
  readonly ops: readonly ScriptedOp[];
  /** Operations after healing and recovery. */
  readonly finalOps: readonly ScriptedOp[];
  /** What the nemesis does; if undefined, the spec decides. */
  readonly faults?: readonly FaultOp[];
  /** How the nemesis ends all faults; set if `faults` is. */
  readonly healing?: readonly FaultOp[];
  /**
   * `seeded`: the fates of messages are drawn from the seed. `calm`: each message takes the mean latency, each turn of
   * a node the minimum time, and nothing is lost, duplicated or delayed at random.
   */
  readonly chance: 'seeded' | 'calm';
  readonly messages: readonly MessageException[];
  /**
   * The node of each client's thread, if that node is a member; otherwise threads are spread over all members in turn.
   */
  readonly threads?: readonly string[];
  /** If set, the run is a future of the one along this course. */
  readonly future?: Future;
}

/**
 * From some moment on randomness is drawn afresh: latencies and turns, replies of services, and the nodes' own random
 * values. Exceptions for messages sent later do not apply. Operations and faults stay those of the course.
 */
export interface Future extends OtherChance {
  /** The latency that replaces `calm`. */
  readonly latency: LatencySpec;
  /** Random fates of messages on all links between servers, as the faults of these names would apply them. */
  readonly fates: readonly FateChance[];
}

export interface FateChance {
  readonly fault: 'loss' | 'duplicate' | 'reorder';
  readonly probability: number;
  /** Nanoseconds since requests began; undefined for the whole run. */
  readonly untilNanos: number | undefined;
}

export type { FaultOp, MessageException, ScriptedOp };
