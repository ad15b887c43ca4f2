/**
 * The course of a run, where it is given: what clients do, what goes wrong and what becomes of single messages, in place of what
 * generator, nemesis and chance would decide. All that it leaves open comes from the spec and its seed. A run that has been made
 * from a course taken from another run is the same run.
 *
 * Times are nanoseconds: those of operations and faults since requests began, those of final operations since the first of them
 * may begin. A time is the earliest: an operation whose thread is busy begins when that is free.
 */
import type { ScriptedOp } from '../generator/scripted.ts';
import type { FaultOp } from '../nemesis/replayed-nemesis.ts';
import type { LatencySpec } from '../network/latency.ts';
import type { MessageException } from '../network/message-exceptions.ts';
import type { OtherChance } from '../world/turning-point.ts';

export interface Course {
  /** Those of one thread in the order of their times. */
  readonly ops: readonly ScriptedOp[];
  /** After healing and recovery. */
  readonly finalOps: readonly ScriptedOp[];
  /** What the nemesis does; without it, what the spec says. */
  readonly faults?: readonly FaultOp[];
  /** How the nemesis ends all faults, where `faults` is given. */
  readonly healing?: readonly FaultOp[];
  /**
   * `seeded`: what becomes of messages is drawn from the seed. `calm`: each takes the mean latency, each turn of a node the least
   * time, and nothing is lost, doubled or held back by chance.
   */
  readonly chance: 'seeded' | 'calm';
  readonly messages: readonly MessageException[];
  /** The node of each client's thread, where it is a member; otherwise threads go round all members. */
  readonly threads?: readonly string[];
  /** The run is a future of the one along this course. */
  readonly future?: Future;
}

/**
 * From some moment on chance is drawn anew: how long messages and turns take, what services answer, what nodes draw. Exceptions for
 * messages that are sent later do not apply. Operations and faults are those of the course.
 */
export interface Future extends OtherChance {
  /** In place of calm. */
  readonly latency: LatencySpec;
  /** What becomes of messages by chance, on all links between servers, as the faults of these names would have it. */
  readonly fates: readonly FateChance[];
}

export interface FateChance {
  readonly fault: 'loss' | 'duplicate' | 'reorder';
  readonly probability: number;
  /** Since requests began; undefined for the whole run. */
  readonly untilNanos: number | undefined;
}

export type { FaultOp, MessageException, ScriptedOp };
