import { expect, test } from 'vitest';
import { coinciding } from './coinciding.ts';
import type { MessagePicture } from '../shapes/message-lanes.ts';

test('arrows between the same lanes at the same pixels are counted at the first of them, others are not', () => {
  const picture: MessagePicture = {
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
  };
  expect([...coinciding({ range: { from: 0, to: 1000 }, width: 1092 }, picture)]).toEqual([[0, 2]]);
});
