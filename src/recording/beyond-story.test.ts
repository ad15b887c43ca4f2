/** The texts around a story. */
import { expect, it } from 'vitest';
import { findingViews } from './finding-view.ts';
import type { StoryStep } from './story.ts';
import { aroundStories, beyondStory } from './beyond-story.ts';

const step = (kind: StoryStep['kind'], text: string): StoryStep => ({
  number: 1,
  timeNanos: 0,
  kind,
  text,
  messages: [],
  operations: [],
  arrows: [],
});

const told = (...verdicts: readonly string[]) => ({
  story: {
    story: {
      version: 1,
      title: '',
      steps: verdicts.map((text) => step('verdict', text)),
      notes: [],
      lanes: [],
      wrong: 2,
    } as const,
    picture: '',
  },
  text: '',
});

it('leaves out what the verdict of the story has said, and nothing else', () => {
  const steps = [step('operation', 'c1 reads 1'), step('verdict', 'G1a: T2 read 1.')];
  const story = {
    story: { version: 1, title: '', steps, notes: [], lanes: [], wrong: 2 },
    picture: '',
  } as const;
  const text = '  G1a: T2 read 1.\n\nG1a: T3 read 1.\n  c1 reads 1';
  expect(beyondStory({ text, story })).toBe('G1a: T3 read 1.\n  c1 reads 1');
  expect(beyondStory({ text: 'G1a: T2 read 1.', story })).toBe('');
  expect(beyondStory({ text })).toBe(text);
});

it('leaves out a text that is shown above, and only a complete one', () => {
  const text = 'G1a: T2 read 1.\n  T1 is operation 3';
  expect(beyondStory({ text }, ['Another.', '  G1a: T2 read 1.', 'T1 is operation 3'])).toBe('');
  expect(beyondStory({ text }, ['G1a: T2 read 1.'])).toBe(text);
  // The story contains one line, the verdict the other.
  expect(beyondStory({ ...told('G1a: T2 read 1.'), text }, ['T1 is operation 3'])).toBe('');
});

it('leaves out repetitions', () => {
  expect(beyondStory({ text: 'T3 read 1.\n\nT3 read 1.\n\nT4 read 1.' })).toBe('T3 read 1.\n\nT4 read 1.');
});

it('the verdict surrounds the stories without the lines that they end with', () => {
  const sentence = [
    'n1 crashed.',
    'G1a: T2 read 1.',
    'G1b: T3 read 2.',
    'There are 1,062 more anomalies in the results.',
    'So this is not read-committed.',
  ].join('\n');
  expect(aroundStories(sentence, [told('G1a: T2 read 1.'), told('G1b: T3 read 2.')])).toEqual({
    above: ['n1 crashed.'],
    below: ['So this is not read-committed.'],
  });
  // Without a story the whole verdict is shown.
  const other = sentence.split('\n');
  expect(aroundStories(sentence, [told('T9 read 9.'), { text: '' }])).toEqual({ above: other, below: [] });
});

it('text that a title has, or that a story ends with as one paragraph, is in the story alone, with its indented lines', () => {
  const { story } = told('After this turn two nodes lead.');
  const titled = { story: { ...story, story: { ...story.story, title: 'a.ts: two leaders' } }, text: '' };
  const sentence =
    'a.ts: two leaders\n  This was at 3.2 s. The states at that point:\n  n1: {}\nThose that did not succeed:\n  1 read';
  expect(aroundStories(sentence, [titled])).toEqual({
    above: [],
    below: ['Those that did not succeed:', '  1 read'],
  });
  const few =
    'n1 crashed.\n98 % succeeded; all had to. The others:\n  1 read: no answer\n  2 write: no answer';
  expect(
    aroundStories(few, [
      told('98 % succeeded; all had to. The others: 1 read: no answer 2 write: no answer'),
    ]),
  ).toEqual({ above: ['n1 crashed.'], below: [] });
});

it('the outcomes of other operations are below the story, even if the story does not give the reason in the same words', () => {
  const sentence = 'Key 0 is not linearizable.\nThose that did not succeed:\n  4 read: error 20';
  expect(aroundStories(sentence, [told('c1 reads 2.')])).toEqual({
    above: ['Key 0 is not linearizable.'],
    below: ['Those that did not succeed:', '  4 read: error 20'],
  });
  expect(aroundStories(sentence, [{ text: '' }]).above).toHaveLength(3);
});

it('an introduction is shown where its further lines are', () => {
  const sentence =
    'n1 to n5, such as:\nn1 ended by itself. The last lines of its stderr:\n  boom\nn1 has a log.';
  expect(aroundStories(sentence, [told('n1 ended by itself.', 'boom')])).toEqual({
    above: ['n1 to n5, such as:'],
    below: ['n1 has a log.'],
  });
});

it('an example that a later story tells is not separated from its introduction', () => {
  const sentence =
    'n0 to n2, 327 times in all, such as:\nn1 answered wrongly.\n  Seen: {}\nduplicate: one id.';
  expect(aroundStories(sentence, [told('duplicate: one id.'), told('n1 answered wrongly.')])).toEqual({
    above: ['n0 to n2, 327 times in all, such as:', 'n1 answered wrongly.', '  Seen: {}'],
    below: [],
  });
});

it('the text of the first finding is not repeated below', () => {
  const sentence =
    'internal: T2 read 1.\nG1c: T1 -> T2 -> T1.\n  T1 is operation 21\nSo this is not read-committed.';
  const cycle = { ...told('T2 came before T1.'), text: 'G1c: T1 -> T2 -> T1.\n  T1 is operation 21' };
  expect(aroundStories(sentence, [cycle, told('internal: T2 read 1.')])).toEqual({
    above: [],
    below: ['So this is not read-committed.'],
  });
});

it('an example of a single event is part of its story; the number of several events is not', () => {
  const stories = [told('poll-skip: a reader jumped: operation 3.')];
  const around = (often: string) =>
    aroundStories(`poll-skip: a reader jumped (${often}, for example operation 3).`, stories).above;
  expect(around('once')).toEqual([]);
  expect(around('4 times')).toEqual(['poll-skip: a reader jumped (4 times).']);
});

it('a finding links to the operation that its story blames, even if its drawing names another', () => {
  const { story } = told('The read lacks 0.').story;
  const drawn = { file: 'evidence/lost-0', title: '', text: '', operations: [1, 4], hasPicture: true };
  const [view] = findingViews({
    stories: { version: 1, stories: [{ ...story, evidence: 'evidence/lost-0' }] },
    findings: [drawn],
    suspects: [],
  });
  expect(view?.operations).toEqual([1, 2, 4]);
});
