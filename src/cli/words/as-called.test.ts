import { expect, it } from 'vitest';
import { asCalled } from './as-called.ts';
import { COMMAND_NAMES } from './command-names.ts';

it.each([
  ['All options: maelstrom test --help', 'All options: ./maelstrom test --help'],
  ['Usage: maelstrom check', 'Usage: ./maelstrom check'],
  ['npx maelstrom serve', './maelstrom serve'],
  ['./maelstrom test', './maelstrom test'],
  ['store of maelstrom runs', 'store of maelstrom runs'],
])('%j', (text, expected) => {
  expect(asCalled(text, './maelstrom')).toBe(expected);
});

it.each(COMMAND_NAMES)('a hint about %s is a command that can be typed', (name) => {
  expect(asCalled(`For the last one: maelstrom ${name} store/latest`, './maelstrom')).toBe(
    `For the last one: ./maelstrom ${name} store/latest`,
  );
});
