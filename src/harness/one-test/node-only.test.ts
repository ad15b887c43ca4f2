import { expect, test } from 'vitest';
import { refuseOtherRuntimes } from './node-only.ts';

test.each([
  ['bun', 'This process is Bun 1.4.5, and Maelstrom runs tests on Node.js only.'],
  ['deno', 'This process is Deno 1.4.5, and Maelstrom runs tests on Node.js only.'],
])('a process of %s is refused with what to run instead', (key, message) => {
  expect(() => refuseOtherRuntimes({ node: '24.0.0', [key]: '1.4.5' })).toThrow(message);
});

test('Node.js is accepted', () => {
  expect(() => refuseOtherRuntimes({ ...process.versions })).not.toThrow();
});
