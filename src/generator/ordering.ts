/** Ordering: sequences, repetitions and limits. */
import { EXHAUSTED, pending, wrapRest } from './generator.ts';
import type { Generator } from './generator.ts';
import { nothing } from './operations.ts';

/**
 * Runs generators one after the other; each begins when the previous one is exhausted, without waiting for its
 * operations.
 */
export function sequence(generators: readonly Generator[]): Generator {
  const [first] = generators;
  return first === undefined ? nothing : sequenceFrom(generators, 0, first);
}

/** Is `sequence` of its arguments. */
export function concat(...generators: readonly Generator[]): Generator {
  return sequence(generators);
}

function sequenceFrom(generators: readonly Generator[], at: number, current: Generator): Generator {
  const go = (rest: Generator): Generator =>
    rest === current ? generator : sequenceFrom(generators, at, rest);
  const generator: Generator = {
    next(context) {
      const next = current.next(context);
      if (next.kind !== 'exhausted') return wrapRest(next, go);
      const following = generators[at + 1];
      return following === undefined ? next : sequenceFrom(generators, at + 1, following).next(context);
    },
    update: (context, event) => go(current.update(context, event)),
  };
  return generator;
}

/** Waits until every thread that the generator may use is free, then continues as the generator. */
export function synchronize(inner: Generator): Generator {
  const generator: Generator = {
    next(context) {
      if (context.freeCount < context.threads.length) return pending(generator);
      return inner.next(context);
    },
    update(context, event) {
      const updated = inner.update(context, event);
      return updated === inner ? generator : synchronize(updated);
    },
  };
  return generator;
}

/**
 * Runs generators one after the other; each waits until all threads are free, which means that all earlier operations
 * have ended.
 */
export function phases(...generators: readonly Generator[]): Generator {
  return sequence(generators.map(synchronize));
}

/** Yields at most `count` operations. */
export function limit(count: number, inner: Generator): Generator {
  if (count <= 0) return nothing;
  const go = (rest: Generator): Generator => (rest === inner ? generator : limit(count, rest));
  const generator: Generator = {
    next(context) {
      const next = inner.next(context);
      return wrapRest(next, next.kind === 'op' ? (rest) => limit(count - 1, rest) : go);
    },
    update: (context, event) => go(inner.update(context, event)),
  };
  return generator;
}

/** Yields the generator's first operation only. */
export function once(inner: Generator): Generator {
  return limit(1, inner);
}

/** Repeats the generator's first operation (each time from the same, unchanged generator), forever or `times` times. */
export function repeat(inner: Generator, times = Infinity): Generator {
  if (times <= 0) return nothing;
  return repeatFrom(inner, inner, times);
}

function repeatFrom(start: Generator, current: Generator, times: number): Generator {
  const go = (rest: Generator): Generator => (rest === current ? generator : repeatFrom(start, rest, times));
  const generator: Generator = {
    next(context) {
      const next = current.next(context);
      return wrapRest(next, next.kind === 'op' ? () => repeat(start, times - 1) : go);
    },
    update: (context, event) => go(current.update(context, event)),
  };
  return generator;
}

/** Restarts the whole generator each time it is exhausted, forever or `times` times. */
export function cycle(inner: Generator, times = Infinity): Generator {
  if (times <= 0) return nothing;
  return cycleFrom(inner, inner, times, false);
}

function cycleFrom(start: Generator, current: Generator, times: number, yielded: boolean): Generator {
  const go = (rest: Generator): Generator =>
    rest === current ? generator : cycleFrom(start, rest, times, yielded);
  const generator: Generator = {
    next(context) {
      const next = current.next(context);
      if (next.kind === 'exhausted') {
        // A round without an operation would repeat forever.
        return yielded && times > 1 ? cycle(start, times - 1).next(context) : EXHAUSTED;
      }
      return wrapRest(next, next.kind === 'op' ? (rest) => cycleFrom(start, rest, times, true) : go);
    },
    update: (context, event) => go(current.update(context, event)),
  };
  return generator;
}
