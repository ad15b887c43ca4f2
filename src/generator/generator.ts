/**
 * What clients do next: pure values that yield operations, after Jepsen's generators.
 *
 * `next(context)` returns an operation and the generator that follows, or that there is nothing now (`pending`), or
 * that the generator is exhausted. `update` passes it every invocation and completion.
 *
 * **A returned operation is always executed.** No caller asks two generators and discards one answer, as Jepsen's do,
 * or asks for an operation ahead of its time: a generator whose time has not come returns `pending` and until when. So
 * functions may count, and the values of `context.random` depend on the seed and not on how often a generator was
 * asked. A generator must ensure that it can return an operation before it draws.
 */
import type { Op, Process } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import type { Random } from '../world/random.ts';

export type Thread = number | 'nemesis';

/**
 * What a generator may know when asked, and the threads it may use. Threads are numbered from 0; the nemesis comes
 * after the clients' threads, at position `threadCount - 1` of the whole. Implemented by `ThreadBoard`.
 */
export interface GeneratorContext {
  readonly timeNanos: number;
  /** This generator's random stream; see `stream`. */
  readonly random: Random;
  /** Every thread that this generator may use, in order. */
  readonly threads: readonly Thread[];
  /** The number of these threads that are not busy. */
  readonly freeCount: number;
  /** Incremented with every process that is replaced. */
  readonly replacements: number;
  isFree(thread: Thread): boolean;
  /** Returns the next free process, round-robin over the threads, or undefined if all are busy. */
  nextProcess(): Process | undefined;
  processOf(thread: Thread): Process;
  threadOf(process: Process): Thread;
  /** Returns the same context with only the threads at positions [from, to) of `threads`. */
  restrict(from: number, to: number): GeneratorContext;
  /** Returns the same context with the child random stream of that name, at its current position. */
  stream(name: string): GeneratorContext;
  /** Writes a line to the run's log. */
  log(line: string): void;
}

/** An operation to execute now on `process`; `timeNanos` is when it was due, which is not after the context's time. */
export interface PlannedOp {
  readonly timeNanos: number;
  readonly process: Process;
  readonly f: string;
  readonly value: Json;
  readonly final?: boolean;
  /** Its identity as a cause; by default its number among the operations that have begun. */
  readonly label?: number;
}

export type Next =
  | { readonly kind: 'op'; readonly op: PlannedOp; readonly rest: Generator }
  /** Nothing before `untilNanos`, or, if that is Infinity, before the next event. */
  | { readonly kind: 'pending'; readonly untilNanos: number; readonly rest: Generator }
  | { readonly kind: 'exhausted' };

export interface Generator {
  next(context: GeneratorContext): Next;
  /** Takes each recorded operation (invocation or completion); returns the generator to continue with. */
  update(context: GeneratorContext, event: Op): Generator;
}

export const EXHAUSTED: Next = { kind: 'exhausted' };

/** Returns "nothing now", until a time or, by default, until the next event. */
export function pending(rest: Generator, untilNanos = Infinity): Next {
  return { kind: 'pending', untilNanos, rest };
}

/**
 * Returns the same answer with the following generator wrapped, for combinators that pass on their inner generator's
 * answer.
 */
export function wrapRest(next: Next, wrap: (rest: Generator) => Generator): Next {
  if (next.kind === 'exhausted') return next;
  const rest = wrap(next.rest);
  return next.kind === 'op'
    ? { kind: 'op', op: next.op, rest }
    : { kind: 'pending', untilNanos: next.untilNanos, rest };
}
