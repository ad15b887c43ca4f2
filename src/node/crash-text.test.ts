import { expect, it } from 'vitest';
import { crashText } from './crash-text.ts';

function thrownAt(...frames: readonly string[]): Error {
  const error = new TypeError('x is not a function');
  error.stack = ['TypeError: x is not a function', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

it.each([
  ['/tmp/maelstrom-TKQA4L/my node.ts:3:74', 'my node.ts:3'],
  ['Object.<anonymous> (file:///home/me/node.ts:12:5)', 'node.ts:12'],
  ['async typo.ts:7:1', 'typo.ts:7'],
  ['async write (C:\\code\\node.ts:9:1)', 'node.ts:9'],
])('names file and line of %s', (frame, place) => {
  expect(crashText(thrownAt(frame))).toBe(`TypeError: x is not a function at ${place}`);
});

it("leaves out frames of Node and of the SDK, which are not the program's", () => {
  const frames = ['JSON.parse (<anonymous>)', 'node:fs:10:2', 'Node.reply (/x/maelstrom/dist/node.js:5:5)'];
  expect(crashText(thrownAt(...frames, '/x/a.ts:1:2'))).toContain(' at a.ts:1');
  expect(crashText(thrownAt(...frames))).toBe('TypeError: x is not a function');
});

it('accepts any thrown value', () => {
  expect(crashText({ code: 11, text: 'not now' })).toBe('{"code":11,"text":"not now"}');
  expect(crashText('oh no')).toBe('oh no');
  expect(crashText(undefined)).toBe('undefined');
});
