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

it('messages from one node that end at one time have different slopes, and a lost one has its own', () => {
  const arrow = { from: 'n1', sentNanos: 1e9, endNanos: 2e9, label: 'replicate' };
  const story: Story = {
    ...killOf(['n1']),
    steps: [
      {
        number: 1,
        timeNanos: 1e9,
        kind: 'lost',
        text: 'n1 sends replicate to n2 and n3',
        messages: [1, 2],
        operations: [],
        arrows: [
          { ...arrow, message: 1, to: 'n2', isLost: true },
          { ...arrow, message: 2, to: 'n3', isLost: false },
        ],
      },
    ],
  };
  const { body } = storyPicture(story);
  const slopes = [...body.matchAll(/d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)/g)].map((found) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = found.slice(1).map(Number);
    return (y2 - y1) / (x2 - x1);
  });
  const [lost = 0, other = 0] = slopes;
  expect(slopes).toHaveLength(2);
  expect(lost).toBeGreaterThan(other * 1.5);
});
