/**
 * A bounded queue, as a workload: first in, first out, and no more than three elements. A full queue says so, and so does an empty
 * one; both answers are judged, too.
 */
import { defineWorkload, linearizable } from 'maelstrom';

const CAPACITY = 3;

export default defineWorkload({
  about: `A queue of at most ${CAPACITY} elements, linearizable.`,
  operations: {
    enqueue: {
      request: (element) => ({ element }),
      reply: { accepted: true },
      result: ({ accepted }, element) => ({ element, accepted }),
    },
    // The element, or null from an empty queue.
    dequeue: { reply: { element: null }, result: ({ element }) => ({ element }) },
  },
  next: ({ random, count }) => (random.boolean() ? { f: 'enqueue', value: count } : { f: 'dequeue' }),
  checker: linearizable<readonly number[]>({
    init: [],
    step(items, f, value) {
      const { element, accepted } = value as { readonly element: number | null; readonly accepted?: boolean };
      if (f === 'enqueue' && accepted === false) return items.length === CAPACITY ? items : undefined;
      if (f === 'enqueue') return items.length < CAPACITY ? [...items, Number(element)] : undefined;
      return (items[0] ?? null) === element ? items.slice(1) : undefined;
    },
    /** Without an answer it is not known what came of it. */
    afterCrash(items, f, asked) {
      if (f === 'dequeue') return [items.slice(1)];
      return items.length < CAPACITY ? [[...items, Number(asked)]] : [];
    },
  }),
  explore: { letters: [(n) => ({ f: 'enqueue', value: n }), { f: 'dequeue' }], final: [{ f: 'dequeue' }] },
});
