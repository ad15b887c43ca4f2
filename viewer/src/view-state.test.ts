/** Parts of the viewer that need no browser: views in URLs, times as text, formatted JSON. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prettyJson } from './pretty-json.ts';
import { afterText, spanText, timeTicks } from './time-text.ts';
import { clampRange, MIN_SPAN, readView, writeView, zoomed, type ViewState } from './view-state.ts';
import { visible } from './visible-text.ts';

const view: fc.Arbitrary<ViewState> = fc.record({
  range: fc.option(
    fc
      .record({ from: fc.nat(1e9), span: fc.integer({ min: MIN_SPAN, max: 1e9 }) })
      .map(({ from, span }) => ({ from, to: from + span })),
    { nil: undefined },
  ),
  query: fc.string({ maxLength: 40, unit: 'binary' }),
  selection: fc.oneof(
    fc.constant(undefined),
    fc.nat().map((id) => ({ kind: 'message' as const, id })),
    fc.nat().map((index) => ({ kind: 'operation' as const, index })),
  ),
  mark: fc.constantFrom('', 'caused:7', 'led:0', 'way:123'),
  clients: fc.constantFrom('auto' as const, 'one' as const, 'each' as const),
  tab: fc.constantFrom('messages', 'logs'),
  shown: fc.array(fc.nat(), { maxLength: 5 }),
  hidden: fc.uniqueArray(fc.stringMatching(/^[^\p{C}]{1,6}$/u), { maxLength: 3 }),
  grouped: fc.uniqueArray(fc.stringMatching(/^[a-z,%&=]{1,6}$/), { maxLength: 3 }),
  payload: fc.constantFrom('', '-', 'key'),
  field: fc.string({ maxLength: 40, unit: 'binary' }),
  at: fc.option(fc.integer({ min: -1e9, max: 1e12 }), { nil: undefined }),
  step: fc.option(
    fc.record({
      event: fc.nat(),
      branch: fc.constantFrom('', 'drop.3.4'),
      node: fc.string({ maxLength: 9, unit: 'binary' }),
    }),
    { nil: undefined },
  ),
});

describe('a link', () => {
  test('has the exact view, also next to that of another run', () => {
    fc.assert(
      fc.property(view, view, (a, b) => {
        const words = new URLSearchParams([...writeView(a, 'a.'), ...writeView(b, 'b.')]).toString();
        expect(readView(`#${words}`, 'a.')).toEqual(a);
        expect(readView(words, 'b.')).toEqual(b);
      }),
    );
  });

  test('that makes no sense is the whole run', () => {
    fc.assert(fc.property(fc.string(), (text) => void readView(text)));
    expect(readView('#t=9-3&m=-1&mark=evil&clients=9&shown=a&step=-1&branch=drop.1.2')).toEqual(readView(''));
  });
});

test('zooming anywhere keeps the range within the run and above the minimum', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.nat(6e10), (factor, at) => {
      const end = 6e10;
      const { from, to } = clampRange(zoomed({ from: 1e10, to: 2e10 }, factor, at), { from: 0, to: end });
      expect(to - from).toBeGreaterThanOrEqual(MIN_SPAN * 0.99);
      expect(from).toBeGreaterThanOrEqual(-0.021 * end);
      expect(to).toBeLessThanOrEqual(1.021 * end);
    }),
  );
});

test('ticks are at round times, in order, and some distance apart, at every zoom', () => {
  for (const span of [MIN_SPAN, 1e3, 1e6, 1e9, 6e10, 3.6e12]) {
    const ticks = timeTicks(5e9, 5e9 + span, 1200);
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks.length).toBeLessThan(13);
    // Their labels are distinct.
    expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
  }
});

test('spans have a suitable unit', () => {
  expect([0, 850, 1500, 12_345_678, 6.5e10].map((nanos) => spanText(nanos))).toEqual([
    '0 ns',
    '850 ns',
    '1.5 µs',
    '12.3 ms',
    '65 s',
  ]);
  expect([0, 1500].map((nanos) => afterText(nanos))).toEqual(['at once', 'after 1.5 µs']);
});

test('JSON is formatted by changing only white space, however large its numbers; other text is kept', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      expect(JSON.parse(prettyJson(text))).toEqual(JSON.parse(text));
    }),
  );
  const large = `{"value":123456789012345678901234567890,"rest":"${'x'.repeat(80)}"}`;
  expect(prettyJson('{"x":"\u202eevil\u2028"}')).toBe('{"x":"\\u202eevil\\u2028"}');
  expect(prettyJson(large)).toContain('"value": 123456789012345678901234567890,');
  expect(prettyJson(`{{{${'x'.repeat(100)}"`)).toContain('x'.repeat(100));
});

test('text that would control a terminal or reverse the writing is escaped', () => {
  expect(visible('a\u001b[2Jb\u202ec\nd\te')).toBe('a\\u001b[2Jb\\u202ec\nd\te');
  expect(visible('n1\u00ad n1\u3164')).toBe('n1\\u00ad n1\\u3164');
});
