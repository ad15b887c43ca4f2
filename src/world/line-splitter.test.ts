import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BrokenLine } from './world.ts';
import { LineSplitter } from './line-splitter.ts';

/**
 * Returns the events for bytes that arrive in such chunks. Each chunk is at the start of a larger buffer that is
 * reused.
 */
function split(bytes: Buffer, chunkSizes: readonly number[], limitBytes?: number): (string | BrokenLine)[] {
  const seen: (string | BrokenLine)[] = [];
  const splitter = new LineSplitter(
    {
      line: (buffer, start, end) => seen.push(buffer.toString('latin1', start, end)),
      brokenLine: (problem) => seen.push(problem),
    },
    limitBytes,
  );
  const shared = Buffer.alloc(bytes.length + 1, '\n');
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = Math.max(1, chunkSizes[n % chunkSizes.length] ?? 1);
    const length = bytes.copy(shared, 0, at, Math.min(bytes.length, at + size));
    splitter.push(shared, length);
    shared.fill('\n');
    at += length;
  }
  splitter.end();
  return seen;
}

const text = fc
  .array(fc.constantFrom('a', 'b', '\n', 'é', '\0', 'long long long'), { maxLength: 60 })
  .map((parts) => Buffer.from(parts.join('')));
const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });

test('the lines do not depend on how the stream is cut into chunks', () => {
  fc.assert(
    fc.property(text, sizes, (bytes, chunkSizes) => {
      const lines = bytes.toString('latin1').split('\n');
      const last = lines.pop() ?? '';
      const unfinished = {
        kind: 'unfinished',
        bytes: last.length,
        beginning: Buffer.from(last, 'latin1').toString(),
      };
      expect(split(bytes, chunkSizes)).toEqual(last === '' ? lines : [...lines, unfinished]);
    }),
  );
});

test('a line beyond the limit is reported once, wherever it is cut, and the others are still lines', () => {
  const limit = 8;
  fc.assert(
    fc.property(text, sizes, (bytes, chunkSizes) => {
      const lines = bytes.toString('latin1').split('\n');
      const last = lines.pop() ?? '';
      const expected = lines.map((line) => (line.length > limit ? 'too-long' : line));
      if (last.length > limit) expected.push('too-long');
      else if (last.length > 0) expected.push('unfinished');
      const seen = split(bytes, chunkSizes, limit).map((item) =>
        typeof item === 'string' ? item : item.kind,
      );
      expect(seen).toEqual(expected);
    }),
  );
});

test('the report of a long line shows its beginning', () => {
  expect(split(Buffer.from('0123456789\nok\n'), [3], 8)).toEqual([
    { kind: 'too-long', limitBytes: 8, beginning: '012345' },
    'ok',
  ]);
});
