import { expect, it } from 'vitest';
import type { Op, Process } from '../../history/op.ts';
import { faultMeetings } from './fault-meetings.ts';

const history = (...ops: readonly (readonly [Process, Op['type'], string])[]): readonly Op[] =>
  ops.map(([process, type, f], index) => ({ index, time: index, type, process, f, value: null }));

/** The two history entries of each nemesis operation: invocation and completion. */
const fault = (f: string): readonly (readonly [Process, Op['type'], string])[] => [
  ['nemesis', 'info', f],
  ['nemesis', 'info', f],
];

it('counts what was in flight when a fault began, and what succeeded until it ended', () => {
  const meetings = faultMeetings(
    history(
      [0, 'invoke', 'read'],
      ...fault('start-partition'),
      [0, 'ok', 'read'],
      ...fault('stop-partition'),
      [0, 'invoke', 'read'],
      [0, 'ok', 'read'],
      ...fault('start-partition'),
      [0, 'invoke', 'read'],
      [0, 'info', 'read'],
    ),
  );
  expect(meetings).toEqual({ partition: { began: 2, underWay: 1, succeeded: 1 } });
});

it("recognizes faults by upstream's names, and several at once", () => {
  const meetings = faultMeetings(
    history(
      ...fault('kill'),
      ...fault('pause'),
      [1, 'invoke', 'read'],
      [1, 'ok', 'read'],
      ...fault('start'),
      [1, 'invoke', 'read'],
      [1, 'ok', 'read'],
      ...fault('resume'),
    ),
  );
  expect(meetings).toEqual({
    kill: { began: 1, underWay: 0, succeeded: 1 },
    pause: { began: 1, underWay: 0, succeeded: 2 },
  });
});

it('a cluster whose members have changed stays changed', () => {
  const meetings = faultMeetings(
    history(...fault('remove-member'), [1, 'invoke', 'read'], [1, 'ok', 'read'], ...fault('add-member')),
  );
  expect(meetings).toEqual({ membership: { began: 2, underWay: 0, succeeded: 1 } });
});
