import { describe, expect, it } from 'vitest';
import { COMMAND as EXPLORE } from '../explore/explore-command.ts';
import { COMMAND as HUNT } from '../hunt/hunt-command.ts';
import { COMMAND as TEST } from '../test-command/test-command.ts';
import { parseWords } from './read-words.ts';

const split = (words: string): string[] => words.split(' ');

describe('a word without dashes that would be passed to the program of a hunt or an exploration', () => {
  it.each([
    [
      'broadcast --bin b',
      'broadcast is the name of a workload, but no workload was given. Did you mean -w broadcast?',
    ],
    [
      '-w echo --bin b workers 3',
      'workers is the name of an option, but has no dashes. Did you mean --workers?',
    ],
  ])('%s is refused', (words, message) => {
    expect(() => parseWords(HUNT, split(words), 80)).toThrow(message);
    expect(() => parseWords(EXPLORE, split(words), 80)).toThrow(message);
  });

  it('is refused if it is a fault', () => {
    expect(() => parseWords(HUNT, split('-w echo --bin b --nemesis kill partition'), 80)).toThrow(
      'partition is the name of a fault, but would be passed to the program. Did you mean --nemesis kill,partition?',
    );
  });

  it('is passed on otherwise, and behind --', () => {
    const args = (words: string): unknown => {
      const parsed = parseWords(HUNT, split(words), 80);
      return parsed.kind === 'words' ? parsed.words.args : parsed;
    };
    expect(args('-w echo --bin b --nemesis kill fast -- partition workers')).toEqual([
      'fast',
      'partition',
      'workers',
    ]);
  });
});

describe('an option of another command', () => {
  it.each([
    ['--node-count 2', "Unknown option '--node-count'. Did you mean --nodes?"],
    [
      '--simulate',
      "Unknown option '--simulate'. Runs of this command are simulated without it: leave it out.",
    ],
  ])('%s of explore', (words, message) => {
    expect(() => parseWords(EXPLORE, split(`-w echo --bin b ${words}`), 80)).toThrow(message);
  });

  it('that is misspelt is not taken for one', () => {
    expect(() => parseWords(TEST, split('-w echo --bin b --simulated'), 80)).toThrow(
      "Unknown option '--simulated'. Did you mean --simulate?",
    );
  });
});
