/** A generator that several phases of a run go on with, one after the other: each begins where the one before left it. */
import { wrapRest, type Generator } from './generator.ts';

/** It is itself what follows, so that whatever it is put into can be thrown away. */
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

/** Ends as soon as that is so; asked before each operation and after each event. */
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
