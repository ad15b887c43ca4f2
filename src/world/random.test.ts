import { describe, expect, it } from 'vitest';
import { causeOf } from './cause.ts';
import { Random } from './random.ts';

const root = Random.fromSeed('chance');

describe('randomness keyed by a cause', () => {
  it('is the same whenever it is requested, and whatever was drawn before', () => {
    const stream = root.child('latency');
    const first = stream.at(17).float();
    stream.float();
    stream.at(18).float();
    expect(stream.at(17).float()).toBe(first);
    expect(root.child('latency').at(17).float()).toBe(first);
  });

  it('differs between seeds, purposes and causes', () => {
    const drawn = [
      root.child('latency').at(17),
      root.child('loss').at(17),
      root.child('latency').at(18),
      root.child('latency').at(17 + 2 ** 32),
      Random.fromSeed('other').child('latency').at(17),
    ].map((chance) => chance.float());
    expect(new Set(drawn).size).toBe(5);
  });

  it('is spread evenly over consecutive causes, in the first draw and the second, and the two are independent', () => {
    const stream = root.child('even');
    for (const causes of [
      Array.from({ length: 40_000 }, (_, number) => number),
      Array.from({ length: 40_000 }, (_, number) => number * 2 ** 32),
      Array.from({ length: 40_000 }, (_, number) => causeOf(3, 'n1', number)),
    ]) {
      const cells = Array.from({ length: 100 }, () => 0);
      for (const cause of causes) {
        const chance = stream.at(cause);
        const cell = chance.int(10) * 10 + chance.int(10);
        cells[cell] = (cells[cell] ?? 0) + 1;
      }
      const expected = causes.length / 100;
      const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      // 99 degrees of freedom: above 149 once in a thousand.
      expect(chiSquare).toBeLessThan(149);
      expect(chiSquare).toBeGreaterThan(60);
    }
  });

  it('is the stream itself, continuing, if there is no cause', () => {
    const stream = root.child('link');
    expect(stream.for(undefined)).toBe(stream);
    expect(stream.for(5).float()).toBe(stream.at(5).float());
  });
});
