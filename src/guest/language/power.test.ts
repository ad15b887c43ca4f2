import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { exponentiate, power } from './power.ts';

// What is tested is that which takes the place of these two.
/* eslint-disable prefer-exponentiation-operator */
const native = Math.pow;

/** How many numbers lie between two of one sign. */
function steps(one: number, other: number): number {
  const [left, right] = [one, other].map(
    (value) => new BigInt64Array(new Float64Array([value]).buffer)[0] ?? 0n,
  );
  return Math.abs(Number((left ?? 0n) - (right ?? 0n)));
}

describe('power', () => {
  it('of integers is the number nearest to the true power', () => {
    const wrong: string[] = [];
    for (let base = 2; base <= 40; base++) {
      for (let exponent = 1; exponent <= 200; exponent++) {
        const nearest = Number(BigInt(base) ** BigInt(exponent));
        const negative = exponent % 2 === 0 ? nearest : -nearest;
        if (power(base, exponent) !== nearest || power(-base, exponent) !== negative)
          wrong.push(`${base} ** ${exponent}`);
      }
    }
    expect(wrong).toEqual([]);
    for (let exponent = -1074; exponent <= 1023; exponent++)
      expect(Math.log2(power(2, exponent)), `2 ** ${exponent}`).toBe(exponent);
    for (let exponent = 0; exponent <= 308; exponent++)
      expect(power(10, exponent)).toBe(Number(`1e${exponent}`));
  });

  it('by a half, a quarter and the like is exact if the root is whole', () => {
    for (let root = 1; root <= 300; root++) {
      expect(power(root * root, 0.5)).toBe(root);
      expect(power(root ** 4, 0.25)).toBe(root);
      expect(power(root ** 4, 0.75)).toBe(root ** 3);
      expect(power(root, -1)).toBe(1 / root);
    }
  });

  it('follows the language for zeros, infinities, NaN and negative numbers', () => {
    const odd = [
      0,
      -0,
      1,
      -1,
      0.5,
      -0.5,
      2,
      -2,
      3,
      -3,
      Infinity,
      -Infinity,
      NaN,
      2 ** 53,
      -(2 ** 53),
      5e-324,
    ];
    for (const base of odd) {
      for (const exponent of odd) {
        const [own, right] = [power(base, exponent), native(base, exponent)];
        if (Number.isFinite(own) && own !== 0) expect(steps(own, right)).toBeLessThanOrEqual(1);
        else expect(own, `${base} ** ${exponent}`).toBe(right);
      }
    }
  });

  it("is next to V8's for any numbers", () => {
    const positive = fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true });
    const exponent = fc.oneof(fc.double({ min: -40, max: 40, noNaN: true }), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(positive, exponent, (x, y) => {
        const [own, right] = [power(x, y), native(x, y)];
        if (own === right) return;
        // A last bit; of the smallest numbers, which have few bits, too.
        expect(steps(own, right), `${x} ** ${y}`).toBeLessThanOrEqual(2);
      }),
      { numRuns: 5000 },
    );
  });

  it('has the same bits everywhere', () => {
    const hash = createHash('sha256');
    for (let n = 1; n <= 20_000; n++) {
      const x = ((n * 7919) % 10_007) / 97 + 1 / n;
      hash.update(String(power(x, 1.37))).update(String(power(x, (n % 61) - 30.25)));
    }
    expect(hash.digest('hex').slice(0, 16)).toMatchInlineSnapshot(`"5e38d39ba2367a60"`);
  });

  it('refuses what Math.pow refuses', () => {
    // A program without types may pass anything.
    const untyped = power as (...given: readonly unknown[]) => number;
    expect(untyped('3', '2')).toBe(9);
    expect(untyped(3)).toBeNaN();
    expect(() => untyped(3n, 2)).toThrow(TypeError);
  });
});

test('the operator takes numbers, bigints and what converts to them, and does not mix them', () => {
  expect([exponentiate(3, 4), exponentiate('3', { valueOf: () => 2 }), exponentiate(true, null)]).toEqual([
    81, 9, 1,
  ]);
  expect([exponentiate(2n, 64n), exponentiate({ valueOf: () => 3n }, 2n)]).toEqual([1n << 64n, 9n]);
  expect(() => exponentiate(2n, 3)).toThrow(TypeError);
  expect(() => exponentiate(2n, -1n)).toThrow(RangeError);
  expect(() => exponentiate(Symbol('s'), 2)).toThrow(TypeError);
});
