import { expect, it } from 'vitest';
import { checkStats } from '../checkers/stats.ts';
import type { Op } from '../history/op.ts';
import { neverSucceededSentences } from './outcome-sentences.ts';

const timedOut = (count: number): readonly Op[] =>
  Array.from({ length: count }).flatMap((_, process): Op[] => [
    { index: 2 * process, time: 0, type: 'invoke', process, f: 'echo', value: 1 },
    { index: 2 * process + 1, time: 1, type: 'info', process, f: 'echo', value: 1, error: 'net-timeout' },
  ]);

const errors = (count: number) => ({
  'valid?': true as const,
  errors: [
    {
      f: 'echo',
      error: 'net-timeout',
      text: '',
      index: 1,
      node: 'n0',
      count,
      nodes: { n0: count },
      log: 'n0.log',
    },
  ],
});

it('one operation is not counted as several', () => {
  expect(neverSucceededSentences(checkStats(timedOut(1)), errors(1))).toEqual([
    'The only echo operation did not succeed, so the run proved nothing about it: 1 timeout (n0: 1).',
  ]);
  expect(neverSucceededSentences(checkStats(timedOut(2)), errors(2))).toEqual([
    'Not one of 2 echo operations succeeded, so the run proved nothing about them: 2 timeouts (n0: 2).',
  ]);
  const none = { 'valid?': true as const, errors: [] };
  expect(neverSucceededSentences(checkStats(timedOut(1)), none)).toEqual([
    'The only echo operation did not succeed (0 failed, 1 ended in doubt), so the run proved nothing about it.',
  ]);
});
