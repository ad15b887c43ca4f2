/**
 * A bounded queue, as a workload: first in, first out, with at most three elements. A full queue reports it, and so
 * does an empty one; both replies are checked, too.
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
    /** Without a reply the outcome is unknown. */
    afterCrash(items, f, asked) {
      if (f === 'dequeue') return [items.slice(1)];
      return items.length < CAPACITY ? [[...items, Number(asked)]] : [];
    },
  }),
  explore: { letters: [(n) => ({ f: 'enqueue', value: n }), { f: 'dequeue' }], final: [{ f: 'dequeue' }] },
});
