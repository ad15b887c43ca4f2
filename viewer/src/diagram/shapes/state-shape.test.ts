import { expect, test } from 'vitest';
import { partsOf, stateAt } from './state-shape.ts';
import { GUTTER } from '../surface.ts';
import type { MessagePicture } from './message-lanes.ts';

/** One pixel per nanosecond, with the axis starting at 0. */
const AXIS = { range: { from: 0, to: 1000 }, width: GUTTER + 1000 };

test('a part lasts until the next, the last until the end of the run, and none is drawn without a state', () => {
  const said = { time: [-50, 100, 300, 400], value: [0, 1, -1, 2] };
  expect(partsOf(AXIS, said, 900)).toEqual([
    { left: GUTTER, width: 100, value: 0, begins: false },
    { left: GUTTER + 100, width: 200, value: 1, begins: true },
    { left: GUTTER + 400, width: 500, value: 2, begins: true },
  ]);
});

test('many changes within a pixel are one part, the last', () => {
  const time = Array.from({ length: 1000 }, (_, at) => 100 + at / 1000);
  const parts = partsOf(AXIS, { time, value: time.map((_, at) => at) }, 900);
  expect(parts.length).toBeLessThan(4);
  expect(parts.at(-1)).toMatchObject({ value: 999, width: expect.closeTo(799, 0) });
});

test('under the pointer is the nearest change, otherwise the value of the chosen field', () => {
  const picture: MessagePicture = {
    data: {
      from: 0,
      to: 1000,
      total: 0,
      arrows: { id: [], sent: [], end: [], src: [], dest: [], flags: [] },
      copies: [],
      lanes: [
        { label: 'c1', kind: 'client' },
        { label: 'n1', kind: 'node' },
      ],
    },
    states: {
      from: 0,
      to: 1000,
      field: 'role',
      values: [
        { number: 0, text: 'follower' },
        { number: 3, text: 'leader\u202e' },
      ],
      lanes: [
        {
          node: 'n1',
          time: [100, 300],
          value: [0, 3],
          changes: [100, 300, 303],
          changeTexts: ['a', 'role: follower → leader', 'b\u001b'],
        },
      ],
    },
    hasPayload: true,
    tops: [0, 40, 80],
    scroll: 0,
    selected: undefined,
    related: new Set(),
    isMarking: false,
    faults: [],
    endNanos: 900,
  };
  const at = (x: number, y = 60) => stateAt(AXIS, picture, GUTTER + x, y);
  expect(at(200)).toEqual({ label: 'n1: role follower', at: undefined });
  expect(at(299)).toEqual({ label: 'n1: role: follower → leader', at: 300 });
  expect(at(304)).toEqual({ label: 'n1: b\\u001b', at: 303 });
  expect(at(600)).toEqual({ label: 'n1: role leader\\u202e', at: undefined });
  expect(at(50)).toBeUndefined();
  expect(at(950)).toBeUndefined();
  expect(at(200, 20)).toBeUndefined();
});
