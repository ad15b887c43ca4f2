import { expect, test } from 'vitest';
import { eventBeside, type EventPlace } from './event-beside.ts';
import type { Windows } from '../data/window-source.ts';

/** An operation from 0 to 9, with two messages of which the second is lost, and two more sent at the same time. */
const WINDOWS: Windows = {
  messages: {
    from: 0,
    to: 10,
    total: 4,
    arrows: {
      id: [1, 2, 3, 4],
      sent: [1, 3, 5, 5],
      end: [2, 4, 5, null],
      src: [0, 0, 0, 0],
      dest: [1, 1, 1, 1],
      flags: [0, 0, 0, 0],
    },
    copies: [],
    lanes: [],
  },
  operations: {
    from: 0,
    to: 10,
    total: 1,
    functions: ['read'],
    bars: { index: [7], invoked: [1], completed: [5], process: [0], row: [0], outcome: [1], f: [0] },
    latency: {},
    rate: { buckets: 1, ok: [], fail: [], info: [] },
  },
};

function walk(by: 1 | -1, from: EventPlace = { nanos: undefined, selection: undefined }): string[] {
  const seen: string[] = [];
  let place = from;
  for (let step = 0; step < 20; step++) {
    const next = eventBeside(WINDOWS, place, by);
    if (next === undefined) return seen;
    place = next;
    const { selection } = next;
    seen.push(`${next.nanos} ${selection.kind === 'message' ? `m${selection.id}` : `o${selection.index}`}`);
  }
  throw new Error('it goes round');
}

const ALL = ['1 o7', '1 m1', '2 m1', '3 m2', '4 m2', '5 m3', '5 m4', '5 o7'];

test('visits all events once, simultaneous ones in order, forward and back', () => {
  expect(walk(1)).toEqual(ALL);
  expect(walk(-1)).toEqual(ALL.toReversed());
});

test('starts at any moment, whatever is selected', () => {
  const selection = { kind: 'message', id: 4 } as const;
  expect(walk(1, { nanos: 3.5, selection })).toEqual(ALL.slice(4));
  expect(walk(-1, { nanos: 3.5, selection })).toEqual(ALL.slice(0, 4).toReversed());
});
