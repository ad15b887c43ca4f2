import { describe, expect, it } from 'vitest';
import { decisiveSentences } from './decisive.ts';

const loss = 'the loss of the message of step 3';
const futures = (...fails: readonly number[]) =>
  fails.map((count, at) => ({ event: `message ${at + 1}`, fails: count, of: 20 }));

describe('the decisive moment in words', () => {
  it('names the one thing without which the run does not fail', () => {
    expect(decisiveSentences({ byTrial: [{ what: loss, without: 'passes' }], certainty: [] })).toEqual([
      'Without the loss of the message of step 3 the run passes.',
    ]);
  });

  it('says that no single thing makes the difference', () => {
    const byTrial = [
      { what: loss, without: 'fails' as const },
      { what: 'the partition', without: 'fails' as const },
    ];
    expect(decisiveSentences({ byTrial, certainty: [] })).toEqual([
      'None of 2 things alone makes the difference: without any one of them the run still fails.',
    ]);
  });

  it('names a few of many things, and those with the same words once', () => {
    const passing = (what: string) => ({ what, without: 'passes' as const });
    const others = [1, 2, 3, 4].map((step) => passing(`the delay of step ${step}`));
    const byTrial = [
      passing(loss),
      passing(loss),
      ...others,
      { what: 'the kill', without: 'fails' as const },
    ];
    expect(decisiveSentences({ byTrial, certainty: [] })).toEqual([
      'Without any one of 2: the loss of the message of step 3 the run passes.',
      'It also passes without the delay of step 1.',
      'It also passes without the delay of step 2.',
      'It also passes without the delay of step 3.',
      'It also passes without one other thing.',
      'Without the kill it still fails.',
    ]);
  });

  it('says when randomness has no part in it', () => {
    const certainty = futures(20, 20).map((one, at) => (at === 0 ? { ...one, event: 'the start' } : one));
    expect(decisiveSentences({ byTrial: [], certainty })).toEqual([
      'Chance plays no part: from the start on, 20 of 20 futures fail.',
    ]);
  });

  it('names the event from which all futures fail, and how many did before it', () => {
    expect(decisiveSentences({ byTrial: [], certainty: futures(1, 20, 2, 3, 20, 20) })).toEqual([
      'From message 5 on, 20 of 20 futures fail; before it, 3 of 20.',
    ]);
  });

  it('does not call uncertain things certain', () => {
    expect(decisiveSentences({ byTrial: [], certainty: futures(3, 20, 19) })).toEqual([
      'The failure is never certain: from message 3 on, 19 of 20 futures fail.',
    ]);
  });

  it('says nothing if nothing was tried', () => {
    expect(decisiveSentences({ byTrial: [], certainty: [] })).toEqual([]);
  });
});
