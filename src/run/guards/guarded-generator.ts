/** Guards a generator written by the user, and validates each of its answers, since all later steps trust them. */
import { EXHAUSTED, type Generator, type GeneratorContext, type Next } from '../../generator/generator.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { functionOf, WrongReturn } from '../../protocol/wrong-return.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { attempt, type Guard } from './attempt.ts';

/** Called with each answer of a generator; throws a WrongReturn if the answer is not allowed. */
type WatchNext = (next: Next, context: GeneratorContext, by: unknown) => void;

/** A generator that throws is exhausted from then on. */
export function guardedGenerator(inner: Generator, guard: Guard, watchNext: WatchNext): Generator {
  const generator: Generator = {
    next(context): Next {
      let next: Next = EXHAUSTED;
      attempt(() => {
        const by = functionOf(inner, 'next');
        const wanted = checkedNext(inner.next(context), by);
        watchNext(wanted, context, by);
        next = wanted;
      }, guard);
      if (next.kind === 'exhausted') return next;
      return {
        ...next,
        rest: next.rest === inner ? generator : guardedGenerator(next.rest, guard, watchNext),
      };
    },
    update(context, event) {
      let updated = inner;
      attempt(
        () => (updated = checkedGenerator(inner.update(context, event), functionOf(inner, 'update'))),
        guard,
      );
      return updated === inner ? generator : guardedGenerator(updated, guard, watchNext);
    },
  };
  return generator;
}

function checkedNext(next: Next, by: unknown): Next {
  const { kind, rest, op, untilNanos }: Readonly<Record<string, unknown>> = Object(next);
  if (kind === 'exhausted') return next;
  if (kind !== 'op' && !(kind === 'pending' && Number(untilNanos) >= 0))
    throw new WrongReturn(
      `\`next\` of a generator returned ${shown(next)}; expected { kind: 'op', op, rest }, { kind: 'pending', untilNanos: a number, rest } or { kind: 'exhausted' }`,
      by,
    );
  checkedGenerator(rest as Generator, by);
  if (kind === 'pending') return next;
  const { f, process, timeNanos }: { f?: unknown; process?: unknown; timeNanos?: unknown } = Object(op);
  if (typeof f === 'string' && process !== undefined && typeof timeNanos === 'number' && timeNanos >= 0)
    return next;
  throw new WrongReturn(
    `\`next\` of a generator returned the operation ${shown(op)}; expected { f: a string, value, process, timeNanos: a number }`,
    by,
  );
}

function checkedGenerator(generator: Generator, by: unknown): Generator {
  const { next, update }: Partial<Generator> = Object(generator);
  if (typeof next === 'function' && typeof update === 'function') return generator;
  throw new WrongReturn(
    `the rest of a generator is ${shown(generator)}; expected a generator, with next and update`,
    by,
  );
}

const shown = (value: unknown): string =>
  value instanceof Promise ? 'a promise' : shownText(JSON.stringify(value) ?? typeof value, 200);

/** Bounds for the generator of the final reads, whose phase has no time limit so that reads can complete. */
const FINAL = { operations: 10_000, timesThoseBefore: 10, seconds: 600 };

/** Throws if the final reads would never end. */
export function endOfFinal(askedBefore: () => number): WatchNext {
  let asked = 0;
  let beganNanos: number | undefined;
  return (next, context, by) => {
    const { timeNanos } = context;
    beganNanos ??= timeNanos;
    if (next.kind === 'exhausted') return;
    const seconds = (timeNanos - beganNanos) / NANOS_PER_SECOND;
    const most = FINAL.operations + FINAL.timesThoseBefore * askedBefore();
    if (asked >= most || seconds > FINAL.seconds)
      throw new WrongReturn(
        `it does not end: it has run for ${Math.floor(seconds)} s with ${asked} operations; expected at most ${FINAL.seconds} s and ${most} operations. Its \`next\` must eventually return { kind: 'exhausted' }`,
        by,
      );
    if (next.kind === 'op') asked++;
    refuseSleep(next, context, by);
  };
}

/**
 * Throws if nothing could ever wake the generator: it waits for an event, but no operation is in flight that could
 * cause one.
 */
export function refuseSleep(next: Next, { freeCount, threads }: GeneratorContext, by: unknown): void {
  if (next.kind !== 'pending' || next.untilNanos !== Infinity || freeCount !== threads.length) return;
  throw new WrongReturn(
    "`next` returned { kind: 'pending' } without a time while no operation was in flight, so that nothing could ever wake it; expected an operation, untilNanos, or { kind: 'exhausted' }",
    by,
  );
}
