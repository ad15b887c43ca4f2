import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distanceTo, middleInView, nearScreen, type Arrow } from './arrow-shape.ts';

const far = fc.integer({ min: -10_000_000, max: 10_000_000 });
const lane = fc.integer({ min: 0, max: 2000 });
const anyArrow: fc.Arbitrary<Arrow> = fc.record({ x1: far, y1: lane, x2: far, y2: lane });
const WIDTH = 1200;

const along = ({ x1, y1, x2, y2 }: Arrow, part: number): readonly [number, number] => [
  x1 + (x2 - x1) * part,
  y1 + (y2 - y1) * part,
];

describe('an arrow', () => {
  test('is cut to the part near the screen without being bent', () => {
    fc.assert(
      fc.property(anyArrow, (arrow) => {
        const near = nearScreen(arrow);
        expect(Math.max(Math.abs(near.x1), Math.abs(near.x2))).toBeLessThanOrEqual(20_000);
        if (arrow.x1 === arrow.x2) return;
        for (const part of [0, 0.5, 1]) {
          const [x, y] = along(near, part);
          const whole = arrow.y1 + ((x - arrow.x1) / (arrow.x2 - arrow.x1)) * (arrow.y2 - arrow.y1);
          expect(y).toBeCloseTo(whole, 3);
        }
      }),
    );
  });

  test('has distance 0 from its own points, and more from those next to it', () => {
    fc.assert(
      fc.property(anyArrow, fc.double({ min: 0, max: 1, noNaN: true }), (arrow, part) => {
        const [x, y] = along(arrow, part);
        expect(distanceTo(arrow, x, y)).toBeLessThan(0.01);
      }),
    );
    const level = { x1: 100, y1: 50, x2: 300, y2: 50 };
    expect(distanceTo(level, 200, 58)).toBe(8);
    expect(distanceTo(level, 303, 54)).toBe(5);
    expect(distanceTo({ x1: 7, y1: 7, x2: 7, y2: 7 }, 10, 11)).toBe(5);
  });

  test('has its label in the middle of its visible part', () => {
    expect(middleInView({ x1: 192, y1: 0, x2: 592, y2: 0 }, WIDTH)).toBe(0.5);
    // From its middle on, the arrow is right of the screen.
    expect(middleInView({ x1: 92, y1: 0, x2: 92 + 2 * (WIDTH - 92), y2: 0 }, WIDTH)).toBe(0.25);
    fc.assert(
      fc.property(fc.integer({ min: 92, max: WIDTH }), far, lane, (inView, other, y) => {
        const arrow = { x1: inView, y1: 0, x2: other, y2: y };
        const [x] = along(arrow, middleInView(arrow, WIDTH));
        expect(x).toBeGreaterThanOrEqual(91.99);
        expect(x).toBeLessThanOrEqual(WIDTH + 0.01);
      }),
    );
  });
});
