import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MarkedLines, MARKER } from './marked-lines.ts';
import type { MarkedLine } from '../world.ts';

function read(...chunks: readonly string[]): MarkedLine[] {
  const found: MarkedLine[] = [];
  const lines = new MarkedLines((line) => found.push(line));
  for (const [at, chunk] of chunks.entries()) {
    const bytes = Buffer.from(chunk);
    lines.push(bytes, bytes.length, at);
  }
  return found;
}

test('only lines that begin with the marker are taken, at the time at which they end', () => {
  expect(
    read(
      `a log\n${MARKER}{}\nsee ${MARKER}x\n@@maelstrom\n${MARKER.slice(0, 5)}`,
      `${MARKER.slice(5)}1`,
      '2\n',
    ),
  ).toEqual([
    { kind: 'line', by: 'marker', text: '{}', nanos: 0 },
    { kind: 'line', by: 'marker', text: '12', nanos: 2 },
  ]);
});

test('a line in which the SDK says what went wrong is taken by its words, with the stack below it', () => {
  const lines = [
    'n1 has no handler for "gosip"; it handles "gossip". n2 sent one.',
    'The handler of "gossip" failed: TypeError: x',
    '    at node.ts:5:1',
    '    at node.ts:9:1',
    'A timer failed: TypeError: y',
  ];
  const others = ['n1 has no handler', '    at once', 'it failed: x', 'one.'];
  expect(read(`${others.join('\n')}\n${lines.join('\n')}\nlog\n    at once\n`)).toEqual(
    lines.map((text) => ({ kind: 'line', by: 'words', text, nanos: 0 })),
  );
});

test('a line is the same however its bytes are cut', () => {
  const text = `one\n${MARKER}{"é": "𝄞"}\n\n${MARKER}\ntwo`;
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 60 })), (cuts) => {
      const bytes = Buffer.from(text);
      const found: string[] = [];
      const lines = new MarkedLines((line) => found.push(line.kind === 'line' ? line.text : ''));
      let at = 0;
      for (const cut of [...cuts, bytes.length].toSorted((a, b) => a - b)) {
        const end = Math.max(at, Math.min(cut, bytes.length));
        lines.push(bytes.subarray(at, end), end - at, 0);
        at = end;
      }
      expect(found).toEqual(['{"é": "𝄞"}', '']);
    }),
  );
});

test('a too long one is reported once, and the next is a line again; one that never ends is not a line', () => {
  const found = read(`${MARKER}${'x'.repeat(70_000)}`, 'x'.repeat(70_000), `\n${MARKER}1\n${MARKER}2`);
  expect(found).toEqual([
    { kind: 'too-long', by: 'marker', limitBytes: 65_536, beginning: expect.stringMatching(/^x+$/) },
    { kind: 'line', by: 'marker', text: '1', nanos: 2 },
  ]);
  expect(read('y'.repeat(70_000), '\n')).toEqual([]);
});
