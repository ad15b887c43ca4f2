import { expect, it } from 'vitest';
import type { Op } from '../history/op.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { SAMPLE_SPEC } from '../../test/support/test-spec-sample.ts';
import { withCourse, type Coursed } from './course-edits.ts';
import { longEnough } from './long-enough.ts';
import { Trials, type TrialRunner } from './trials.ts';

const SPEC: Coursed = {
  ...SAMPLE_SPEC,
  course: {
    ops: [
      { label: 0, thread: 0, atNanos: 0, f: 'broadcast', value: 1 },
      { label: 1, thread: 1, atNanos: 0, f: 'read', value: null },
    ],
    finalOps: [],
    chance: 'calm',
    messages: [],
  },
};

/** The read gets no answer for 5 s. The run fails if its main phase lasts that long. */
const endsAt = ({ course, timeLimitSeconds }: TestSpec): number =>
  Math.max(timeLimitSeconds, course?.ops.some(({ f }) => f === 'read') === true ? 5 : 0);

const runner: TrialRunner = {
  width: 1,
  run: (spec) => Promise.resolve({ signature: endsAt(spec) >= 5 ? ['lost'] : [], serverMessages: 0 }),
  look: (spec) => {
    const op = (type: Op['type'], process: number, seconds: number): Op => ({
      index: 0,
      type,
      process,
      time: seconds * 1e9,
      f: 'read',
      value: null,
    });
    const history = [
      op('invoke', 0, 0),
      op('ok', 0, 0.1),
      op('invoke', 1, 0),
      op('info', 1, endsAt(spec)),
      op('invoke', 0, 15),
      op('ok', 0, 16),
    ];
    return Promise.resolve({
      signature: ['lost'],
      serverMessages: 0,
      history,
      journal: new MemoryJournal(),
      zeroNanos: 0,
    });
  },
};

const withoutReads = (spec: Coursed): Coursed =>
  withCourse(spec, { ops: spec.course.ops.filter(({ f }) => f !== 'read') });

const trials = (): Trials => new Trials({ runner, original: ['lost'], hasFinalOps: false, most: 10 });

it('a request whose only effect is that the run lasts longer is replaced by the time it takes', async () => {
  const smaller = await longEnough(SPEC, trials(), (longer) => Promise.resolve(withoutReads(longer)));
  expect(smaller.timeLimitSeconds).toBe(5);
  expect(smaller.course.ops.map(({ f }) => f)).toEqual(['broadcast']);
});

it('a run that gets no smaller by that keeps its length', async () => {
  expect(await longEnough(SPEC, trials(), (longer) => Promise.resolve(longer))).toBe(SPEC);
});
