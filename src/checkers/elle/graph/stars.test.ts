import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EdgeBuffer } from './edge-buffer.ts';
import { Stars } from './stars.ts';

it('a star has edges from each source to every target except itself', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }), fc.nat(12), (unsorted, source) => {
      const FIRST = 100;
      const stars = new Stars();
      stars.add([3, 4]);
      const targets = unsorted.toSorted((a, b) => a - b);
      const star = stars.add(targets);
      const out = new EdgeBuffer();
      stars.enter(source, star, 1, FIRST, out);
      const reached = new Set<number>();
      const queue = [...out.targets.subarray(0, out.length)];
      for (let helper = queue.pop(); helper !== undefined; helper = queue.pop()) {
        out.clear();
        stars.leave(helper - FIRST, FIRST, out);
        for (const next of out.targets.subarray(0, out.length)) {
          if (next < FIRST) reached.add(next);
          else queue.push(next);
        }
      }
      expect(reached).toEqual(new Set(targets.filter((target) => target !== source)));
    }),
  );
});
