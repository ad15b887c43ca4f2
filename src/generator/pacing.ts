/** Timing: gaps between operations, pauses, and time limits. */
import { NANOS_PER_SECOND } from '../world/clock.ts';
import { EXHAUSTED, pending, wrapRest } from './generator.ts';
import type { Generator } from './generator.ts';
import type { Random } from '../world/random.ts';

/**
 * Puts random gaps between operations, over all threads together, uniform from 0 to twice the mean. Each gap counts
 * from when the previous operation was due, so that a run which fell behind catches up.
 */
export function stagger(meanSeconds: number, inner: Generator): Generator {
  const spreadNanos = 2 * meanSeconds * NANOS_PER_SECOND;
  return paced(inner, undefined, (random) => Math.floor(random.float() * spreadNanos));
}

/** Puts fixed gaps between operations, over all threads together; catches up when late, as `stagger` does. */
export function delay(seconds: number, inner: Generator): Generator {
  const nanos = Math.round(seconds * NANOS_PER_SECOND);
  return paced(inner, undefined, () => nanos);
}

interface Due {
  readonly nanos: number;
  /**
   * Whether the last answer was to wait for that time. Then the next operation counts as on time, however late the
   * timer.
   */
  readonly awaited: boolean;
}

function paced(inner: Generator, due: Due | undefined, gapNanos: (random: Random) => number): Generator {
  const generator: Generator = {
    next(context) {
      const dueNanos = due?.nanos ?? context.timeNanos;
      if (dueNanos > context.timeNanos) {
        const waiting =
          due?.awaited === true ? generator : paced(inner, { nanos: dueNanos, awaited: true }, gapNanos);
        return pending(waiting, dueNanos);
      }
      const next = inner.next(context);
      if (next.kind !== 'op') {
        // The rhythm begins with the first operation, not with the first request.
        const kept = due === undefined ? undefined : { nanos: dueNanos, awaited: false };
        return wrapRest(next, (rest) => paced(rest, kept, gapNanos));
      }
      const op = due?.awaited === true ? { ...next.op, timeNanos: dueNanos } : next.op;
      const following = { nanos: dueNanos + gapNanos(context.random), awaited: false };
      return { kind: 'op', op, rest: paced(next.rest, following, gapNanos) };
    },
    update(context, event) {
      const updated = inner.update(context, event);
      return updated === inner ? generator : paced(updated, due, gapNanos);
    },
  };
  return generator;
}

/** Yields nothing for that long, from when it is first asked; then it is exhausted. */
export function sleep(seconds: number): Generator {
  return sleepUntil(undefined, Math.round(seconds * NANOS_PER_SECOND));
}

function sleepUntil(endNanos: number | undefined, nanos: number): Generator {
  const generator: Generator = {
    next(context) {
      const end = endNanos ?? context.timeNanos + nanos;
      if (context.timeNanos >= end) return EXHAUSTED;
      return pending(endNanos === undefined ? sleepUntil(end, nanos) : generator, end);
    },
    update: () => generator,
  };
  return generator;
}

/** Ends that long after it could first yield an operation, or first slept. */
export function timeLimit(seconds: number, inner: Generator): Generator {
  return endingAt(inner, undefined, Math.round(seconds * NANOS_PER_SECOND));
}

function endingAt(inner: Generator, endNanos: number | undefined, nanos: number): Generator {
  const generator: Generator = {
    next(context) {
      if (endNanos !== undefined && context.timeNanos >= endNanos) return EXHAUSTED;
      const next = inner.next(context);
      if (next.kind === 'exhausted') return EXHAUSTED;
      if (next.kind === 'op') {
        const end = endNanos ?? next.op.timeNanos + nanos;
        return { kind: 'op', op: next.op, rest: endingAt(next.rest, end, nanos) };
      }
      // Waiting for a free thread does not start the time limit; waiting for a time (a sleep) does.
      const end = endNanos ?? (next.untilNanos === Infinity ? undefined : context.timeNanos + nanos);
      const rest = next.rest === inner && end === endNanos ? generator : endingAt(next.rest, end, nanos);
      return pending(rest, Math.min(next.untilNanos, end ?? Infinity));
    },
    update(context, event) {
      const updated = inner.update(context, event);
      return updated === inner ? generator : endingAt(updated, endNanos, nanos);
    },
  };
  return generator;
}
