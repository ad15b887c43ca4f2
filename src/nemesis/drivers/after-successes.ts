/**
 * The rhythm of faults that follow what clients see:
 *
 *     a fault begins    requests begin, wait for the next leader, succeed      the next fault
 *     |----------------------------------------------------- ok ok ok --------|
 *
 * What has just been agreed on is what a cluster may lose, as long as not every node has heard of it.
 */
import { pending, wrapRest, type Generator } from '../../generator/generator.ts';
import type { Op, Process } from '../../history/op.ts';
import type { Random } from '../../world/random.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';

/**
 * Yields the next operation as soon as `successes` requests that began after the last one have succeeded; without them
 * after a random time, uniform from 0 to twice the mean.
 */
export function afterSuccesses(successes: number, meanSeconds: number, inner: Generator): Generator {
  const spreadNanos = 2 * meanSeconds * NANOS_PER_SECOND;
  const gapNanos = (random: Random): number => Math.floor(random.float() * spreadNanos);

  const waiting = (rest: Generator, dueNanos: number | undefined, seen: Successes): Generator => {
    const generator: Generator = {
      next(context) {
        const due = dueNanos ?? context.timeNanos + gapNanos(context.random);
        if (due > context.timeNanos && seen.count < successes)
          return pending(due === dueNanos ? generator : waiting(rest, due, seen), due);
        const next = rest.next(context);
        return next.kind === 'op'
          ? { kind: 'op', op: next.op, rest: waiting(next.rest, undefined, NONE) }
          : wrapRest(next, (others) => waiting(others, due, seen));
      },
      update(context, event) {
        const updated = rest.update(context, event);
        const now = withEvent(seen, event);
        return updated === rest && now === seen ? generator : waiting(updated, dueNanos, now);
      },
    };
    return generator;
  };
  return waiting(inner, undefined, NONE);
}

/** Of requests that began since the last operation. */
interface Successes {
  readonly begun: ReadonlySet<Process>;
  readonly count: number;
}

const NONE: Successes = { begun: new Set(), count: 0 };

function withEvent(seen: Successes, { type, process }: Op): Successes {
  if (process === 'nemesis') return seen;
  if (type === 'invoke') return { ...seen, begun: new Set(seen.begun).add(process) };
  if (type !== 'ok' || !seen.begun.has(process)) return seen;
  return { ...seen, count: seen.count + 1 };
}
