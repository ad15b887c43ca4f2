import { afterEach, expect, test, vi } from 'vitest';
import { MARKER as HARNESS_MARKER } from '../world/stderr/marked-lines.ts';
import { always, MARKER, reachable, sometimes, unreachable } from './assertions.ts';
import { parse } from './json.ts';

afterEach(() => vi.restoreAllMocks());

/** Returns what the calls write, as values. */
function written(calls: () => void): unknown[] {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  calls();
  return lines.map((line) => {
    expect(line.startsWith(MARKER) && line.endsWith('\n')).toBe(true);
    return parse(line.slice(MARKER.length));
  });
}

test('the marker is the one that the harness recognizes', () => {
  expect(MARKER).toBe(HARNESS_MARKER);
});

test('an `always` that holds is written once, one that fails each time with its details', () => {
  const lines = written(() => {
    for (const value of [1, 2, 30, 40]) always(value < 10, 'small', { value });
  });
  expect(lines).toEqual([
    { assert: 'always', name: 'small', holds: true },
    { assert: 'always', name: 'small', holds: false, details: { value: 30 } },
    { assert: 'always', name: 'small', holds: false, details: { value: 40 } },
  ]);
});

test('a `sometimes` or `reachable` is written when it first occurs', () => {
  const lines = written(() => {
    for (const leader of ['', 'n1', 'n2']) sometimes(leader !== '', 'there is a leader');
    for (let i = 0; i < 3; i++) reachable('a branch');
    unreachable('another', 'why');
  });
  expect(lines).toEqual([
    { assert: 'sometimes', name: 'there is a leader', holds: true },
    { assert: 'reachable', name: 'a branch' },
    { assert: 'unreachable', name: 'another', details: 'why' },
  ]);
});

test('an endless loop of failures does not fill the log', () => {
  expect(written(() => Array.from({ length: 3000 }, () => unreachable('again and again')))).toHaveLength(
    1000,
  );
});

test('details that are not JSON, or too long, become a text', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const [first, second, third] = written(() => {
    always(false, 'a cycle', cycle);
    always(false, 'long', 'x'.repeat(100_000));
    always(false, 'digits', 12345678901234567890n);
  }) as { details: string }[];
  expect(first?.details).toMatch(/^These details are no JSON: TypeError: .*circular/);
  expect(second?.details.length).toBeLessThan(20_010);
  expect(third?.details).toBe(12345678901234567890n);
});

test('a missing name, or one in place of the condition, is refused', () => {
  expect(() => Reflect.apply(always, undefined, ['one leader', true])).toThrow(
    'always(condition, name) needs a name, which is a text, but was given true.',
  );
  expect(() => reachable('')).toThrow('reachable(name) needs a name');
});
