import { describe, expect, it } from 'vitest';
import { causeOf, Causes, NO_ORIGIN, Turn } from './cause.ts';

describe('an identity', () => {
  it('depends on the parent, the kind and the number, and on nothing else', () => {
    const cause = causeOf(causeOf(0, 'operation', 7), 'n1', 0);
    expect(causeOf(causeOf(0, 'operation', 7), 'n1', 0)).toBe(cause);
    const others = [
      causeOf(causeOf(0, 'operation', 8), 'n1', 0),
      causeOf(causeOf(0, 'operation', 7), 'n2', 0),
      causeOf(causeOf(0, 'operation', 7), 'n1', 1),
    ];
    expect(others).not.toContain(cause);
  });

  it('is an integer of at most 53 bits, and two are different', () => {
    const seen = new Set<number>();
    for (let parent = 0; parent < 300; parent++) {
      for (const kind of ['n1', 'n2', 'timer', 'copy', 'again']) {
        for (let number = 0; number < 50; number++) seen.add(causeOf(parent * 2 ** 31, kind, number));
      }
    }
    expect(seen.size).toBe(300 * 5 * 50);
    expect([...seen].every((cause) => Number.isSafeInteger(cause) && cause >= 0)).toBe(true);
  });

  it('changes in half of its bits when one bit of the parent does', () => {
    let changed = 0;
    for (let parent = 0; parent < 1000; parent++) {
      for (let bit = 0; bit < 53; bit++) {
        const one = BigInt(causeOf(parent, 'n1', 0));
        const other = BigInt(causeOf(Number(BigInt(parent) ^ (1n << BigInt(bit))), 'n1', 0));
        changed += (one ^ other).toString(2).replaceAll('0', '').length;
      }
    }
    expect(changed / (1000 * 53 * 53)).toBeCloseTo(0.5, 2);
  });
});

describe('a turn', () => {
  it('numbers the things of each kind by themselves', () => {
    const turn = new Turn(5, NO_ORIGIN);
    expect([turn.next('n1'), turn.next('n2'), turn.next('n1')]).toEqual([
      causeOf(5, 'n1', 0),
      causeOf(5, 'n2', 0),
      causeOf(5, 'n1', 1),
    ]);
  });

  it('continues to count after a nested one', () => {
    const causes = new Causes();
    const outer = new Turn(1, NO_ORIGIN);
    const seen = causes.during(outer, () => {
      const first = causes.current.next('n1');
      const nested = causes.during(new Turn(2, NO_ORIGIN), () => causes.current.next('n1'));
      return [first, nested, causes.current.next('n1')];
    });
    expect(seen).toEqual([causeOf(1, 'n1', 0), causeOf(2, 'n1', 0), causeOf(1, 'n1', 1)]);
  });

  it('also ends if its work throws', () => {
    const causes = new Causes();
    const outside = causes.current;
    expect(() =>
      causes.during(new Turn(1, NO_ORIGIN), () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(causes.current).toBe(outside);
  });
});
