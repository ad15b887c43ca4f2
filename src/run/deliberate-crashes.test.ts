import { expect, it } from 'vitest';
import { checkStats } from '../checkers/outcomes/stats.ts';
import type { Op } from '../history/op.ts';
import { SAMPLE_SPEC } from '../../test/support/test-spec-sample.ts';
import { verdictSentence } from './words/verdict-sentence.ts';

it('a client that crashes on purpose leaves nothing in doubt', () => {
  const op = { time: 0, process: 0, value: null } as const;
  const ops: readonly Op[] = [
    { ...op, index: 0, type: 'ok', f: 'send' },
    { ...op, index: 1, type: 'info', f: 'send' },
    { ...op, index: 2, type: 'info', f: 'crash' },
    { ...op, index: 3, type: 'info', f: 'crash' },
  ];
  const sentence = (some: readonly Op[]) =>
    verdictSentence({ ...SAMPLE_SPEC, workload: 'kafka' }, { 'valid?': true, stats: checkStats(some) });
  expect(sentence(ops)).toBe(
    'Of 2 operations 1 succeeded, 0 failed, 1 ended in doubt; 2 clients crashed on purpose; nothing wrong was found.',
  );
  expect(sentence(ops.slice(0, 3))).toContain('; 1 client crashed on purpose;');
});
