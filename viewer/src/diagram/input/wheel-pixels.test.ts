import { expect, test } from 'vitest';
import { wheelPixels } from './wheel-pixels.ts';

test('a notch of the wheel moves as far whether the browser reports pixels, lines or pages', () => {
  const notch = (deltaMode: number, delta: number): number => delta * wheelPixels({ deltaMode });
  expect(notch(0, 120)).toBe(120);
  expect(notch(1, 3)).toBe(120);
  expect(notch(2, 1)).toBe(240);
});
