import { expect, it } from 'vitest';
import { readDashes } from './dashes.ts';

it('reads any mixture of dashes before a long name as two', () => {
  const { words, notes } = readDashes(['–-nemesis', 'partition', '—rate', '−−latency', '-–seed=1']);
  expect(words).toEqual(['--nemesis', 'partition', '--rate', '--latency', '--seed=1']);
  expect(notes).toHaveLength(4);
  expect(notes[0]).toBe('–-nemesis was read as --nemesis (it begins with a typographic dash)');
});

it('reads a dash before one letter or a number as one', () => {
  expect(readDashes(['–w', 'echo', '--rate', '−5', '—0.5']).words).toEqual([
    '-w',
    'echo',
    '--rate',
    '-5',
    '-0.5',
  ]);
});

it('leaves words alone that only contain dashes, or plain ones', () => {
  const words = ['--rate', '-n', '-', '--', 'a–b', ''];
  expect(readDashes(words)).toEqual({ words, notes: [] });
});

it('leaves the arguments of the program alone, also after a typographic --', () => {
  expect(readDashes(['-w', 'echo', '--', '–x']).words).toEqual(['-w', 'echo', '--', '–x']);
  expect(readDashes(['-w', 'echo', '—', '–x']).words).toEqual(['-w', 'echo', '--', '–x']);
});
