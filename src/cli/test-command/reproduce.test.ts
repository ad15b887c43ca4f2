import { expect, it } from 'vitest';
import { calledIn } from '../../recording/called-in.ts';
import { reproduceCommand } from './reproduce.ts';

const again = (...words: string[]): string => reproduceCommand({ program: './maelstrom', words }, 's1');

it('adds the seed before the arguments of the program', () => {
  expect(again('test', '-w', 'echo', '--bin', 'x', '--', '--seed', 'own')).toBe(
    './maelstrom test -w echo --bin x --seed s1 -- --seed own',
  );
});

it('replaces a seed that was given, and runs once', () => {
  expect(again('test', '--seed', 'old', '--test-count=5', '--bin', 'x', '--seed=older')).toBe(
    './maelstrom test --bin x --seed s1',
  );
});

it('quotes for a shell', () => {
  expect(again('test', '--bin', "it's here", '--', '$HOME')).toBe(
    "./maelstrom test --bin 'it'\\''s here' --seed s1 -- '$HOME'",
  );
});

it('keeps the requested faults and latencies', () => {
  const words =
    '--nemesis slow,loss --slow 50ms..2s --loss 0.2 --link-latency regions.json --latency-dist pareto';
  expect(again(...words.split(' '))).toBe(`./maelstrom ${words} --seed s1`);
});

it.each(['./maelstrom', 'npx maelstrom', 'npx @maelstrom-ts/maelstrom', "node '/a b/maelstrom.js'"])(
  'the way to call %s is recovered from the command',
  (program) => {
    const words = ['test', '-w', 'echo', '--bin', './my test -w'];
    expect(calledIn(reproduceCommand({ program, words }, 's1'))).toBe(program);
  },
);

it('falls back to the plain name for other commands', () => {
  expect(calledIn(undefined)).toBe('maelstrom');
  expect(calledIn(' test -w echo')).toBe('maelstrom');
});
