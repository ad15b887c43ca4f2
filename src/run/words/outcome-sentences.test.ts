import { expect, it } from 'vitest';
import { checkStats } from '../../checkers/stats.ts';
import type { Op } from '../../history/op.ts';
import {
  littleSuccessSentences,
  neverSucceededSentences,
  otherErrorsSentence,
  unsuccessfulSentence,
} from './outcome-sentences.ts';

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
    'The only echo operation did not succeed, so the run proved nothing about it:\n  1 echo: no answer in time (n0: 1)',
  ]);
  expect(neverSucceededSentences(checkStats(timedOut(2)), errors(2))).toEqual([
    'Not one of 2 echo operations succeeded, so the run proved nothing about them:\n  2 echo: no answer in time (n0: 2)',
  ]);
  const none = { 'valid?': true as const, errors: [] };
  expect(neverSucceededSentences(checkStats(timedOut(1)), none)).toEqual([
    'The only echo operation did not succeed (0 failed, 1 ended in doubt), so the run proved nothing about it.',
  ]);
});

const crash = { error: 'crash', text: 'TypeError: x at node.ts:5', nodes: { n1: 2 }, log: 'n1.log' };

it('one error of several functions is one line, which names each, its first node and the log', () => {
  const result = {
    'valid?': true as const,
    errors: [
      { ...crash, f: 'broadcast', index: 9, node: 'n2', count: 13 },
      { ...crash, f: 'read', index: 3, node: 'n1', count: 2 },
    ],
    answers: [{ f: 'cas', error: 'precondition-failed', count: 16 }],
    'little-success': [{ of: 'node' as const, name: 'n1', count: 20, succeeded: 3 }],
  };
  expect(unsuccessfulSentence(result)).toBe(
    'Those that did not succeed:\n' +
      '  13 broadcast, 2 read: error 13 (crash), "TypeError: x at node.ts:5", first on n1; its log: n1.log\n' +
      '  16 cas: error 22 (precondition-failed), which is an answer',
  );
  expect(littleSuccessSentences(result)).toEqual([
    'Warning: only 3 of 20 operations at n1 were carried out:\n' +
      '  2 broadcast, 2 read: error 13 (crash), "TypeError: x at node.ts:5", first on n1; its log: n1.log',
  ]);
  expect(unsuccessfulSentence({ 'valid?': true, errors: [] })).toBeUndefined();
});

it('beside a finding, at most three kinds of errors, without those that were named before', () => {
  const one = { error: 'crash', index: 9, node: 'n1', nodes: { n1: 2 }, log: '', count: 2 };
  const result = {
    'valid?': true as const,
    errors: [
      { ...one, f: 'echo', text: 'told before' },
      ...['a', 'b', 'c', 'd'].map((text) => ({ ...one, f: 'read', text })),
    ],
    answers: [{ f: 'cas', error: 'precondition-failed', count: 19 }],
  };
  const stats = checkStats(timedOut(2));
  expect(otherErrorsSentence(stats, { 'valid?': true }, result)).toBe(
    'Those that did not succeed:\n' +
      ['a', 'b', 'c'].map((text) => `  2 read: error 13 (crash), "${text}", first on n1\n`).join('') +
      '  2 other errors: see `errors` in the results\n' +
      '  19 cas: error 22 (precondition-failed), which is an answer',
  );
  // Of too low an availability the errors are the reason.
  expect(otherErrorsSentence(stats, { 'valid?': false }, result)).toBe(
    'Those that did not succeed:\n  19 cas: error 22 (precondition-failed), which is an answer',
  );
  expect(otherErrorsSentence(stats, { 'valid?': true }, errors(2))).toBeUndefined();
});
