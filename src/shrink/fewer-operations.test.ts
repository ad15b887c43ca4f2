import { expect, it } from 'vitest';
import type { ScriptedOp } from '../run/course.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { SAMPLE_SPEC } from '../../test/support/test-spec-sample.ts';
import type { Coursed } from './course-edits.ts';
import { withFewerOperations } from './fewer-operations.ts';
import type { TrialRunner } from './trials.ts';

const op = (label: number, thread: number, f: string): ScriptedOp => ({
  label,
  thread,
  atNanos: 0,
  f,
  value: null,
});
const SPEC: Coursed = {
  ...SAMPLE_SPEC,
  course: {
    ops: [op(0, 0, 'write'), op(1, 1, 'write')],
    finalOps: [op(2, 0, 'read'), op(3, 1, 'read'), op(4, 2, 'read')],
    chance: 'calm',
    faults: [{ label: 0, atNanos: 1, f: 'start-partition', value: [['n1'], ['n2']] }],
    healing: [{ label: 1, atNanos: 0, f: 'stop-partition', value: null }],
    messages: [{ from: 'n1', to: 'n2', type: 'tell', nth: 0, do: 'drop' }],
  },
};

const runner = (fails: (spec: TestSpec) => boolean): TrialRunner => ({
  width: 2,
  run: (spec) => Promise.resolve({ signature: fails(spec) ? ['nonlinearizable'] : [], serverMessages: 1 }),
  look: () => Promise.reject(new Error('nothing is looked at')),
});
const signature = ['nonlinearizable'];

it('of several observations the one that shows the failure remains, with all deviations', async () => {
  // One write, and the read of the third client.
  const fails = ({ course }: TestSpec): boolean =>
    course?.ops.some(({ label }) => label === 0) === true &&
    course.finalOps.some(({ thread }) => thread === 2);
  const { course, nodes } = await withFewerOperations(SPEC, { runner: runner(fails), signature });
  expect(course).toEqual({ ...SPEC.course, ops: [op(0, 0, 'write')], finalOps: [op(4, 2, 'read')] });
  expect(nodes).toEqual(SPEC.nodes);
});

it('a run that does not fail in this way stays as it is', async () => {
  expect(await withFewerOperations(SPEC, { runner: runner(() => false), signature })).toBe(SPEC);
});
