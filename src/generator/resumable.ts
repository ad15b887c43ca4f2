/** A generator that several phases of a run share: each continues where the previous one stopped. */
import { wrapRest, type Generator } from './generator.ts';

/** The result is its own successor, so that the generators around it can be discarded. */
export function resumable(inner: Generator): Generator {
  let current = inner;
  const generator: Generator = {
    next(context) {
      const next = current.next(context);
      if (next.kind !== 'exhausted') current = next.rest;
      return wrapRest(next, () => generator);
    },
    update(context, event) {
      current = current.update(context, event);
      return generator;
    },
  };
  return generator;
}

/** Ends as soon as `isOver` returns true, which is checked before each operation and after each event. */
export function until(isOver: () => boolean, inner: Generator): Generator {
  const generator: Generator = {
    next(context) {
      if (isOver()) return { kind: 'exhausted' };
      return wrapRest(inner.next(context), (rest) => (rest === inner ? generator : until(isOver, rest)));
    },
    update(context, event) {
      const updated = inner.update(context, event);
      return updated === inner ? generator : until(isOver, updated);
    },
  };
  return generator;
}
