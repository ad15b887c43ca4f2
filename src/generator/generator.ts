/**
 * What clients do next: pure values that yield operations, after Jepsen's generators.
 *
 * A generator is asked with `next(context)` and answers with an operation and the generator that follows, or that it
 * has nothing now (`pending`), or that it is exhausted. `update` passes it every invocation and completion.
 *
 * **An operation that was answered is always done.** No caller asks two generators and throws one answer away (Jepsen's
 * does), or asks for an operation ahead of its time: a generator whose time has not come says `pending` and until when. So
 * functions may count, and what is drawn from `context.random` depends on the seed and not on how often was asked.
 * A generator makes sure that it can answer before it draws.
 */
import type { Op, Process } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import type { Random } from '../world/random.ts';

export type Thread = number | 'nemesis';

/**
 * What a generator may know when asked, and which threads it may use. Threads are numbered from 0; the nemesis comes
 * after the clients' threads, at position `threadCount - 1` of the whole. `ThreadBoard` is the implementation.
 */
export interface GeneratorContext {
  readonly timeNanos: number;
  /** This generator's random stream; see `stream`. */
  readonly random: Random;
  /** Every thread this generator may use, in order. */
  readonly threads: readonly Thread[];
  /** How many of them are not busy. */
  readonly freeCount: number;
  /** Grows with every process that is replaced. */
  readonly replacements: number;
  isFree(thread: Thread): boolean;
  /** The free process whose turn it is, round-robin over the threads; undefined when all are busy. */
  nextProcess(): Process | undefined;
  processOf(thread: Thread): Process;
  threadOf(process: Process): Thread;
  /** The same with only the threads at positions [from, to) of `threads`. */
  restrict(from: number, to: number): GeneratorContext;
  /** The same with the child random stream of that name, going on where that stream was. */
  stream(name: string): GeneratorContext;
  /** Writes a line to the run's log. */
  log(line: string): void;
}

/** An operation to be done now on `process`; `timeNanos` is when it was due, which is not after the context's time. */
export interface PlannedOp {
  readonly timeNanos: number;
  readonly process: Process;
  readonly f: string;
  readonly value: Json;
  readonly final?: boolean;
  /** Its identity as a cause; without one, that is its number among the operations that have begun. */
  readonly label?: number;
}

export type Next =
  | { readonly kind: 'op'; readonly op: PlannedOp; readonly rest: Generator }
  /** Nothing before `untilNanos`, or (when that is Infinity) before something happens. */
  | { readonly kind: 'pending'; readonly untilNanos: number; readonly rest: Generator }
  | { readonly kind: 'exhausted' };

export interface Generator {
  next(context: GeneratorContext): Next;
  /** Takes each operation that was recorded (invocation or completion); returns the generator to go on with. */
  update(context: GeneratorContext, event: Op): Generator;
}

export const EXHAUSTED: Next = { kind: 'exhausted' };

/** "Nothing now", until a time or (without one) until something happens. */
export function pending(rest: Generator, untilNanos = Infinity): Next {
  return { kind: 'pending', untilNanos, rest };
}

/** The same answer, with what follows wrapped: how a combinator passes on what its inner generator said. */
export function wrapRest(next: Next, wrap: (rest: Generator) => Generator): Next {
  if (next.kind === 'exhausted') return next;
  const rest = wrap(next.rest);
  return next.kind === 'op'
    ? { kind: 'op', op: next.op, rest }
    : { kind: 'pending', untilNanos: next.untilNanos, rest };
}
