/**
 * What clients do next: pure values that yield operations, after Jepsen's generators.
 *
 * A generator is asked with `next(context)` and answers with an operation and the generator that follows, or that it
 * has nothing now (`pending`), or that it is exhausted. It is told of every invocation and completion by `update`.
 */
import type { Op, Process } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import type { Random } from '../world/random.ts';

export type Thread = number | 'nemesis';

/** What a generator may know when asked. */
export interface GeneratorContext {
  readonly timeNanos: number;
  /** Every thread this generator may use, in order. */
  readonly threads: readonly Thread[];
  /** Those of them which are not busy. */
  readonly freeThreads: readonly Thread[];
  processOf(thread: Thread): Process;
  threadOf(process: Process): Thread;
  readonly random: Random;
}

/** An operation to be done: invoke it at `timeNanos` on `process`. */
export interface PlannedOp {
  readonly timeNanos: number;
  readonly process: Process;
  readonly f: string;
  readonly value: Json;
  readonly final?: boolean;
}

export type Next =
  | { readonly kind: 'op'; readonly op: PlannedOp; readonly rest: Generator }
  | { readonly kind: 'pending'; readonly rest: Generator }
  | { readonly kind: 'exhausted' };

export interface Generator {
  next(context: GeneratorContext): Next;
  /** Told of each operation that was recorded (invocation or completion); returns the generator to go on with. */
  update(context: GeneratorContext, event: Op): Generator;
}
