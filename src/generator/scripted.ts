/**
 * Yields given operations, each on a given thread and not before a given time. A thread executes its operations in
 * order; one that is due while its thread is busy begins when the thread is free.
 */
import { groupedBy } from '../columns/groups.ts';
import type { Json } from '../protocol/json.ts';
import {
  EXHAUSTED,
  pending,
  type Generator,
  type GeneratorContext,
  type PlannedOp,
  type Thread,
} from './generator.ts';

export interface ScriptedOp {
  /** Its identity as a cause, which does not change when other operations are left out. */
  readonly label: number;
  readonly thread: Thread;
  /** The earliest time, counted from when the generator is first asked. */
  readonly atNanos: number;
  readonly f: string;
  readonly value: Json;
  readonly final?: boolean;
}

/** An operation that the success of others may have brought about. */
export interface FollowingOp extends ScriptedOp {
  /**
   * Number of operations of clients that end at this very time before it begins. If fewer do, it begins a nanosecond later.
   */
  readonly after?: number;
}

/** The operations of each thread must be sorted by time. */
export function scripted(ops: readonly FollowingOp[]): Generator {
  const threads = [...groupedBy(ops, ({ thread }) => thread).values()].map((queue) => ({ queue, head: 0 }));
  const generator: Generator = {
    next: (context) => fromQueues(threads, context.timeNanos, NO_ENDS).next(context),
    update: () => generator,
  };
  return generator;
}

/** How many operations of clients have ended at a time. */
interface Ends {
  readonly atNanos: number;
  readonly count: number;
}
const NO_ENDS: Ends = { atNanos: -1, count: 0 };

/** The remaining operations of one thread: the queue from `head` on. */
interface Left {
  readonly queue: readonly FollowingOp[];
  readonly head: number;
}

function fromQueues(threads: readonly Left[], startNanos: number, ends: Ends): Generator {
  const generator: Generator = {
    next(context) {
      const heads = threads.flatMap(({ queue, head }) => queue[head] ?? []);
      if (heads.length === 0) return EXHAUSTED;
      const free = heads.filter(({ thread }) => context.isFree(thread));
      const [first] = free.sort((left, right) => left.atNanos - right.atNanos || left.label - right.label);
      if (first === undefined) return pending(generator);
      const timeNanos = startNanos + first.atNanos;
      if (timeNanos > context.timeNanos) return pending(generator, timeNanos);
      const ended = ends.atNanos === timeNanos ? ends.count : 0;
      if (timeNanos === context.timeNanos && ended < (first.after ?? 0))
        return pending(generator, timeNanos + 1);
      const rest = threads.map((left) =>
        left.queue[left.head] === first ? { ...left, head: left.head + 1 } : left,
      );
      return { kind: 'op', op: planned(first, context), rest: fromQueues(rest, startNanos, ends) };
    },
    update({ timeNanos }, { type, process }) {
      if (process === 'nemesis' || type === 'invoke') return generator;
      const isAwaited = threads.some(({ queue, head }) => {
        const { after = 0, atNanos = -1 } = queue[head] ?? {};
        return after > 0 && startNanos + atNanos === timeNanos;
      });
      if (!isAwaited) return generator;
      const count = ends.atNanos === timeNanos ? ends.count + 1 : 1;
      return fromQueues(threads, startNanos, { atNanos: timeNanos, count });
    },
  };
  return generator;
}

function planned(op: ScriptedOp, context: GeneratorContext): PlannedOp {
  const { label, thread, f, value, final } = op;
  const process = context.processOf(thread);
  const plan = { timeNanos: context.timeNanos, process, f, value, label };
  return final === undefined ? plan : { ...plan, final };
}
