/** The leaves: generators that create operations themselves. */
import type { Json } from '../protocol/json.ts';
import type { Process } from '../history/op.ts';
import type { Random } from '../world/random.ts';
import { EXHAUSTED, pending } from './generator.ts';
import type { Generator, GeneratorContext, Next, PlannedOp, Thread } from './generator.ts';

/**
 * An operation without its time and process. These become the current time and the next process in round-robin order.
 */
export interface OpTemplate {
  readonly f: string;
  /** null by default. */
  readonly value?: Json;
  readonly final?: boolean;
  /** See `PlannedOp`. */
  readonly label?: number;
}

/** The arguments of a function that creates an operation. */
export interface OpRequest {
  readonly process: Process;
  readonly thread: Thread;
  readonly timeNanos: number;
}

/** Has no operation. */
export const nothing: Generator = {
  next: () => EXHAUSTED,
  update: () => nothing,
};

/** Yields one operation, once. */
export function one(template: OpTemplate): Generator {
  const generator: Generator = {
    next(context) {
      const process = context.nextProcess();
      if (process === undefined) return pending(generator);
      return { kind: 'op', op: plan(template, context, process), rest: nothing };
    },
    update: () => generator,
  };
  return generator;
}

/**
 * Calls a function for every operation, forever or until it returns undefined. The function may count, because what it
 * returns is always executed. It should draw only from the `random` it is given.
 *
 *     repeatedly((random) => ({ f: 'add', value: random.int(5) }))
 */
export function repeatedly(make: (random: Random, request: OpRequest) => OpTemplate | undefined): Generator {
  const generator: Generator = {
    next(context) {
      const process = context.nextProcess();
      if (process === undefined) return pending(generator);
      const template = make(context.random, requestOf(context, process));
      if (template === undefined) return EXHAUSTED;
      return { kind: 'op', op: plan(template, context, process), rest: generator };
    },
    update: () => generator,
  };
  return generator;
}

/**
 * Yields operations from a state: `make` returns the operation and the next state, or undefined to end.
 *
 *     unfold(0, (n) => [{ f: 'broadcast', value: n }, n + 1])
 */
export function unfold<State>(
  state: State,
  make: (state: State, random: Random, request: OpRequest) => readonly [OpTemplate, State] | undefined,
): Generator {
  const generator: Generator = {
    next(context) {
      const process = context.nextProcess();
      if (process === undefined) return pending(generator);
      const made = make(state, context.random, requestOf(context, process));
      if (made === undefined) return EXHAUSTED;
      return { kind: 'op', op: plan(made[0], context, process), rest: unfold(made[1], make) };
    },
    update: () => generator,
  };
  return generator;
}

/** Writes a line to the run's log when its turn comes. Yields no operation and leaves nothing in the history. */
export function log(line: string): Generator {
  const generator: Generator = {
    next(context): Next {
      context.log(line);
      return EXHAUSTED;
    },
    update: () => generator,
  };
  return generator;
}

function plan(template: OpTemplate, context: GeneratorContext, process: Process): PlannedOp {
  const { f, value = null, final, label } = template;
  const { timeNanos } = context;
  if (final === undefined && label === undefined) return { timeNanos, process, f, value };
  return {
    timeNanos,
    process,
    f,
    value,
    ...(final === undefined ? {} : { final }),
    ...(label === undefined ? {} : { label }),
  };
}

function requestOf(context: GeneratorContext, process: Process): OpRequest {
  return { process, thread: context.threadOf(process), timeNanos: context.timeNanos };
}
