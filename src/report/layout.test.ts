import { scaleLinear, scaleLog } from 'd3-scale';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../protocol/json.ts';
import { latencyAxis } from './plots/latency-axis.ts';
import { straightScale } from './plots/plot-frame.ts';
import { px } from './svg/svg.ts';
import { trimValue } from './read/trim-value.ts';
import { shortened, textWidth, wrapped } from './svg/text-size.ts';
import { thinMarks } from './plots/thin-marks.ts';
import { timeWindows } from './plots/time-windows.ts';

describe('text', () => {
  test('that is shortened fits, and is left alone if it already fits', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 20, max: 300 }), (text, width) => {
        const short = shortened(text, 12, width);
        expect(textWidth(short, 12)).toBeLessThanOrEqual(width);
        if (textWidth(text, 12) <= width) expect(short).toBe(text);
      }),
    );
  });

  test('that is wrapped loses only spaces', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,30}$/)), (words) => {
        const lines = wrapped(words.join(' '), 12, 120);
        for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(120);
        expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
      }),
    );
  });
});

test('intervals of time have round lengths, cover the run, and are at most as many as requested', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 1e13 }), fc.integer({ min: 1, max: 100 }), (endNanos, about) => {
      const windows = timeWindows(endNanos, about);
      expect(windows.count).toBeLessThanOrEqual(about);
      expect(windows.fromSeconds(windows.count)).toBeCloseTo(Math.max(endNanos / 1e9, 1e-6), 9);
      expect(windows.at(endNanos)).toBe(windows.count - 1);
      expect(windows.seconds.toExponential()).toMatch(/^[125]e/);
    }),
  );
});

test('pixels are written as JavaScript writes the number to a tenth', () => {
  const value = fc.oneof(
    fc.double({ min: -2000, max: 2000 }),
    fc.integer({ min: -99, max: 99 }).map((one) => one / 20),
  );
  fc.assert(
    fc.property(fc.oneof(value, fc.double()), (pixels) => {
      expect(px(pixels)).toBe(String(Math.round(pixels * 10) / 10 + 0));
    }),
  );
});

test('the scales of plots equal those of d3, to the last bit', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.nat(1e6), (end, at) => {
      expect(straightScale([0, end], [74, 764])(at)).toBe(scaleLinear([0, end], [74, 764])(at));
      const decade = 10 ** ((at % 7) - 3);
      expect(latencyAxis(decade, 9 * decade, 420, 100).scale(end)).toBe(
        scaleLog([decade, 10 * decade], [420, 100])(end),
      );
    }),
  );
});

test('every thinned mark has a drawn one nearby', () => {
  const place = fc.record({ x: fc.integer({ min: 0, max: 600 }), y: fc.integer({ min: 0, max: 300 }) });
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 300 }), (places) => {
      const at = (row: number): { readonly x: number; readonly y: number } => places[row] ?? { x: 0, y: 0 };
      const { marks, cell = 0 } = thinMarks(
        {
          count: places.length,
          seriesCount: 1,
          x: (row) => at(row).x,
          y: (row) => at(row).y,
          series: () => 0,
        },
        200,
      );
      const drawn = marks[0] ?? [];
      expect(drawn.length).toBeLessThanOrEqual(200);
      for (const { x, y } of places)
        expect(drawn.some((mark) => Math.abs(mark.x - x) <= cell && Math.abs(mark.y - y) <= cell)).toBe(true);
    }),
  );
});

test('a value of any size is cut to one that can be shown, and a small one stays unchanged', () => {
  const small = { a: [1, 2, [3]], b: 'text' };
  expect(trimValue(small)).toEqual(small);
  expect(trimValue(Array.from({ length: 1_000_000 }, (_, at) => at))).toEqual([
    ...Array.from({ length: 24 }, (_, at) => at),
    '... 1000000 in all',
  ]);
  expect(trimValue('x'.repeat(1e6))).toBe(`${'x'.repeat(1000)}...`);
  const deep = parseJson(`${'['.repeat(500)}${']'.repeat(500)}`);
  expect(JSON.stringify(trimValue(deep)).length).toBeLessThan(30);
});
