import { expect, test } from 'vitest';
import { coinciding } from './coinciding.ts';
import type { MessagePicture } from '../shapes/message-lanes.ts';

test('arrows between the same lanes at the same pixels are counted at the first of them, others are not', () => {
  const pictureWith = (type?: readonly string[]): MessagePicture => ({
    data: {
      from: 0,
      to: 1000,
      total: 6,
      arrows: {
        id: [10, 11, 12, 13, 14, 15],
        sent: [100, 100.4, 100, 100, 100, 500],
        end: [300, 300.4, 300, 700, null, 900],
        // The last four: the reverse direction, another end, in flight, and later.
        src: [0, 0, 1, 0, 0, 0],
        dest: [1, 1, 0, 1, 1, 1],
        flags: [0, 0, 0, 0, 0, 0],
        ...(type === undefined ? {} : { type }),
      },
      copies: [],
      lanes: [
        { label: 'n1', kind: 'node' },
        { label: 'n2', kind: 'node' },
      ],
    },
    states: undefined,
    hasPayload: true,
    tops: [0, 40, 80],
    scroll: 0,
    selected: undefined,
    related: new Set(),
    isMarking: false,
    faults: [],
    endNanos: 1000,
  });
  const at = (type?: readonly string[]) => [
    ...coinciding({ range: { from: 0, to: 1000 }, width: 1092 }, pictureWith(type)),
  ];
  expect(at()).toEqual([[0, { count: 2, areAlike: true }]]);
  const polls = ['poll', 'poll', 'poll', 'poll', 'poll', 'poll'];
  expect(at(polls)).toEqual([[0, { count: 2, areAlike: true }]]);
  // A poll and the commit after it are not two polls.
  expect(at(polls.with(1, 'commit_offsets'))).toEqual([[0, { count: 2, areAlike: false }]]);
});
