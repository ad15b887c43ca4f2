import { describe, expect, it } from 'vitest';
import { decisiveMoment, decisiveSentences } from './decisive.ts';

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
      'Without the loss of the message of step 3 (any one of 2) the run passes.',
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

  it('names the event at which the failure became likely, even if one future escapes later', () => {
    const sentences = (...fails: readonly number[]) =>
      decisiveSentences({ byTrial: [], certainty: futures(...fails) });
    expect(sentences(3, 20, 19)).toEqual([
      'From message 2 on, at least 19 of 20 futures fail; before it, 3 of 20.',
    ]);
    expect(sentences(0, 0, 16, 16, 20)).toEqual([
      'From message 3 on, at least 16 of 20 futures fail; before it, 0 of 20.',
      'From message 5 on, all futures fail.',
    ]);
    expect(sentences(5, 5, 5, 8, 12, 20, 20)).toEqual([
      'From message 6 on, 20 of 20 futures fail; before it, 12 of 20.',
    ]);
  });

  it('says that chance plays hardly any part if nearly all futures fail from the start on', () => {
    const certainty = futures(19, 19, 20).map((one, at) => (at === 0 ? { ...one, event: 'the start' } : one));
    expect(decisiveSentences({ byTrial: [], certainty })).toEqual([
      'Chance plays hardly any part: from the start on, at least 19 of 20 futures fail.',
    ]);
  });

  it('does not call uncertain things certain', () => {
    expect(decisiveSentences({ byTrial: [], certainty: futures(3, 5, 4) })).toEqual([
      'The failure is never certain: from message 3 on, 4 of 20 futures fail.',
    ]);
  });

  it('is the moment at which the failure became likely', () => {
    const at = (timeNanos: number) => ({ timeNanos });
    const certainty = futures(3, 18, 19, 20).map((one, index) => ({ ...one, at: at(index) }));
    const byTrial = [{ what: loss, without: 'passes' as const, at: at(7) }];
    expect(decisiveMoment(byTrial, certainty)).toEqual(at(1));
    expect(decisiveMoment(byTrial, certainty.slice(1))).toEqual(at(7));
  });

  it('says nothing if nothing was tried', () => {
    expect(decisiveSentences({ byTrial: [], certainty: [] })).toEqual([]);
  });
});
