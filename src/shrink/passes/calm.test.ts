import { expect, it } from 'vitest';
import { MemoryJournal } from '../../network/journal/memory-journal.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Packet } from '../../world/world.ts';
import { SAMPLE_SPEC } from '../../../test/support/test-spec-sample.ts';
import type { Coursed } from '../course-edits.ts';
import { Trials, type TrialRunner } from '../trials.ts';
import { calmer } from './calm.ts';
import { lossesForFaults } from './losses-for-faults.ts';

const SPEC: Coursed = {
  ...SAMPLE_SPEC,
  course: {
    ops: [],
    finalOps: [],
    chance: 'seeded',
    messages: [],
    faults: [
      { label: 0, atNanos: 0, f: 'start-reorder', value: ['n1'] },
      { label: 1, atNanos: 0, f: 'start-flap', value: ['n1'] },
      { label: 2, atNanos: 9e8, f: 'stop-flap', value: null },
      { label: 3, atNanos: 9e8, f: 'stop-reorder', value: null },
    ],
  },
};

/** The run fails if the only message is lost: it is when it comes late, while the link is down. */
const fails = ({ course }: TestSpec): boolean =>
  course?.messages.some((one) => one.do === 'drop') === true ||
  (course?.chance !== 'calm' && course?.faults?.some(({ f }) => f === 'start-flap') === true);

function journal(): MemoryJournal {
  const made = new MemoryJournal();
  const packet: Packet = {
    id: 0,
    src: 'n2',
    dest: 'n1',
    body: Buffer.from('{"type":"tell"}'),
    cause: { id: 7, origin: { message: undefined, byTimer: false } },
  };
  made.sent(0, packet);
  made.dropped(5e6, packet, 'flap');
  return made;
}

const trialsOf = (isAlike: (spec: TestSpec) => boolean): Trials => {
  const trialOf = (spec: TestSpec) => ({ signature: isAlike(spec) ? ['lost'] : [], serverMessages: 0 });
  const runner: TrialRunner = {
    width: 1,
    run: (spec) => Promise.resolve(trialOf(spec)),
    look: (spec) => Promise.resolve({ ...trialOf(spec), history: [], journal: journal(), zeroNanos: 0 }),
  };
  return new Trials({ runner, original: ['lost'], hasFinalOps: false, most: 20 });
};

it('a message lost by a link that was down is lost by itself, without the faults', async () => {
  const { course } = await calmer.reduce(SPEC, trialsOf(fails));
  expect(course.faults).toEqual([]);
  expect(course.messages).toMatchObject([{ from: 'n2', to: 'n1', type: 'tell', do: 'drop' }]);
});

it('two faults that together lose one message become its loss, a single fault stays', async () => {
  const { course } = SPEC;
  const calm = { ...SPEC, course: { ...course, chance: 'calm' } } as const;
  const trials = trialsOf((spec) => spec.course?.messages.length === 1 || spec.course?.faults?.length === 4);
  const found = await lossesForFaults.reduce(calm, trials);
  expect(found.course.faults).toEqual([]);
  expect(found.course.messages).toMatchObject([{ from: 'n2', to: 'n1', type: 'tell', do: 'drop' }]);
  const single = { ...calm, course: { ...calm.course, faults: course.faults?.slice(1, 3) ?? [] } };
  expect(await lossesForFaults.reduce(single, trials)).toBe(single);
});
