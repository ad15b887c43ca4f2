import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fifo } from './fifo.ts';

it('behaves like an array with push and shift', () => {
  const steps = fc.array(fc.oneof(fc.nat(3000), fc.constant('shift' as const)), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (all) => {
      const fifo = new Fifo<number>();
      const array: number[] = [];
      let next = 0;
      for (const step of all) {
        if (step === 'shift') {
          // Many at once, to pass the point where the rest moves to the front.
          for (let i = 0; i < 700; i++) expect(fifo.shift()).toBe(array.shift());
        } else {
          for (let i = 0; i < step; i++) {
            fifo.push(next);
            array.push(next++);
          }
        }
        expect([fifo.size, fifo.first]).toEqual([array.length, array[0]]);
      }
    }),
    { numRuns: 10 },
  );
});
