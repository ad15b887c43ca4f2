import { expect, it } from 'vitest';
import type { Story } from '../../recording/story.ts';
import { storyPicture } from './story-picture.ts';

const killOf = (nodes: readonly string[]): Story => ({
  version: 1,
  title: 'A story',
  steps: [
    {
      number: 1,
      timeNanos: 0,
      kind: 'fault',
      text: `${nodes.join(' and ')} are killed`,
      messages: [],
      operations: [],
      arrows: [],
      band: { fault: 'kill', about: nodes.join(' '), nodes, endNanos: undefined },
    },
  ],
  notes: [],
  lanes: ['n1', 'n2', 'n3', 'n4'].map((name) => ({ name, kind: 'node' })),
  wrong: undefined,
});

const widthsOfBands = (story: Story): readonly number[] =>
  [...storyPicture(story).body.matchAll(/<rect class="band b0" x="[\d.]+" y="[\d.]+" width="([\d.]+)"/g)].map(
    ([, width]) => Number(width),
  );

it('a fault covers the lanes of its nodes, and no lane between them', () => {
  const [apart, one] = [widthsOfBands(killOf(['n1', 'n3'])), widthsOfBands(killOf(['n2']))];
  expect(apart).toEqual([...one, ...one]);
  expect(widthsOfBands(killOf(['n1', 'n2', 'n4']))).toHaveLength(2);
  expect(widthsOfBands(killOf(['n1', 'n2', 'n3', 'n4']))).toHaveLength(1);
});
