/** What a finding says below its story. */
import { expect, it } from 'vitest';
import type { StoryStep } from '../../src/recording/story.ts';
import { beyondStory } from './beyond-story.ts';

const step = (kind: StoryStep['kind'], text: string): StoryStep => ({
  number: 1,
  timeNanos: 0,
  kind,
  text,
  messages: [],
  operations: [],
  arrows: [],
});

it('leaves out what the verdict of the story has said, and nothing else', () => {
  const steps = [step('operation', 'c1 reads 1'), step('verdict', 'G1a: T2 read 1.')];
  const story = {
    story: { version: 1, title: '', steps, notes: [], lanes: [], wrong: 2 },
    picture: '',
  } as const;
  const text = 'G1a: T2 read 1.\n\nG1a: T3 read 1.\n  c1 reads 1';
  expect(beyondStory({ text, story })).toBe('G1a: T3 read 1.\n  c1 reads 1');
  expect(beyondStory({ text: 'G1a: T2 read 1.', story })).toBe('');
  expect(beyondStory({ text })).toBe(text);
});
