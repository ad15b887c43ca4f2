import { expect, it } from 'vitest';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { Random } from '../world/random.ts';
import type { Coursed } from './course-edits.ts';
import { RealTrials, type RealRun } from './real-trials.ts';
import { shrinkReal } from './shrink-real.ts';

const SECOND = 1e9;

/** 40 operations of four clients and three partitions. */
const original: Coursed = {
  ...completeSpec({
    workload: 'broadcast',
    bin: '/x.py',
    nodes: ['n1', 'n2', 'n3'],
    concurrency: 4,
    seed: 's',
  }),
  timeLimitSeconds: 10,
  course: {
    ops: Array.from({ length: 40 }, (_, label) => ({
      label,
      thread: label % 4,
      atNanos: (label * SECOND) / 4,
      f: 'broadcast',
      value: label,
    })),
    finalOps: [0, 1].map((thread) => ({
      label: 40 + thread,
      thread,
      atNanos: 0,
      f: 'read',
      value: null,
      final: true,
    })),
    faults: [1, 4, 7].flatMap((at) => [
      { label: 2 * at, atNanos: at * SECOND, f: 'start-partition', value: [['n1'], ['n2', 'n3']] },
      { label: 2 * at + 1, atNanos: (at + 1) * SECOND, f: 'stop-partition', value: null },
    ]),
    healing: [{ label: 99, atNanos: 0, f: 'stop-partition', value: null }],
    chance: 'seeded',
    messages: [],
  },
};

/** May fail when operation 17, the second partition and another node besides n1 are present. */
const mayFail = ({ course, nodes }: TestSpec): boolean =>
  course?.ops.some(({ label }) => label === 17) === true &&
  course.faults?.some(({ label }) => label === 8) === true &&
  course.finalOps.length > 0 &&
  nodes.length > 1;

function shrinkWith(
  outcomeOf: (spec: TestSpec, run: number) => readonly string[],
  { clusters = 4, repeats = 8, stopAfter = Infinity, from = original } = {},
) {
  const searching = new AbortController();
  let [running, most, runs] = [0, 0, 0];
  const trials = new RealTrials({
    carryOut: async (spec, signal): Promise<RealRun | undefined> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (signal.aborted) return undefined;
      if (++runs === stopAfter) searching.abort();
      return {
        outcome: { signature: outcomeOf(spec, runs) },
        stored: { folder: `/nowhere/${runs}`, sentence: `run ${runs}`, results: { 'valid?': false } },
      };
    },
    signature: ['lost'],
    clusters,
    repeats,
    history: [],
    searching: searching.signal,
    signal: new AbortController().signal,
  });
  return shrinkReal(from, { trials, signature: ['lost'], searching: searching.signal }).then((shrunk) => ({
    shrunk,
    most,
  }));
}

it('shrinks to what is required although it fails in only half of its runs, and reports how often', async () => {
  const random = Random.fromSeed('half');
  const { shrunk, most } = await shrinkWith((spec) => (mayFail(spec) && random.boolean() ? ['lost'] : []));
  expect(shrunk?.spec.course.ops.map(({ label }) => label)).toEqual([17]);
  expect(shrunk?.spec.course.faults?.map(({ label }) => label)).toEqual([8, 9]);
  expect(shrunk?.weight).toMatchObject({ faults: 1, nodes: 2 });
  expect(shrunk?.isCutShort).toBe(false);
  const { runs = 0, failures = 0 } = shrunk?.tried ?? {};
  expect(runs).toBeGreaterThanOrEqual(8);
  expect(failures).toBeGreaterThan(0);
  expect(failures).toBeLessThan(runs);
  expect(most).toBe(4);
});

it('a different failure does not count, nor does an additional crash', async () => {
  const { shrunk } = await shrinkWith((spec) =>
    mayFail(spec) ? ((spec.course?.ops.length ?? 0) > 5 ? ['lost'] : ['lost', 'node: crashed']) : ['unseen'],
  );
  expect(shrunk?.spec.course.ops.length).toBe(6);
});

it('the best result so far is kept when time is up, and its rate is still measured', async () => {
  const { shrunk } = await shrinkWith((spec) => (mayFail(spec) ? ['lost'] : []), {
    stopAfter: 5,
    repeats: 3,
  });
  expect(shrunk?.isCutShort).toBe(true);
  expect(shrunk?.spec.course.ops.length).toBeLessThanOrEqual(40);
  expect(shrunk?.tried.failures).toBe(shrunk?.tried.runs);
  expect(shrunk?.tried.runs).toBeGreaterThanOrEqual(3);
  expect(mayFail(shrunk?.spec ?? original)).toBe(true);
});

it('there is nothing smaller if it does not fail again', async () => {
  const { shrunk } = await shrinkWith(() => []);
  expect(shrunk).toBeUndefined();
});

it('what fails only for want of time is not taken, and the run in the end has its whole quiet period', async () => {
  const isHasty = ({ recoverySeconds }: TestSpec): boolean => recoverySeconds < 10;
  const { shrunk } = await shrinkWith((spec) => (isHasty(spec) || mayFail(spec) ? ['lost'] : []));
  expect(shrunk?.spec.recoverySeconds).toBe(10);
  expect(shrunk?.spec.course.ops.map(({ label }) => label)).toEqual([17]);
  expect(shrunk?.tried.failures).toBe(shrunk?.tried.runs);
});

it('candidates have a quarter of the quiet period', async () => {
  const periods: number[] = [];
  await shrinkWith((spec) => {
    periods.push(spec.recoverySeconds);
    return mayFail(spec) ? ['lost'] : [];
  });
  expect(periods.filter((seconds) => seconds === 2.5).length).toBeGreaterThan((2 * periods.length) / 3);
});

it.each([10, 15, 20, 25, 30])(
  'the smallest that failed is kept if time is up after %i runs, although it was not run with its whole quiet period',
  async (stopAfter) => {
    let smallest = Infinity;
    const { shrunk } = await shrinkWith(
      (spec, run) => {
        if (!mayFail(spec)) return [];
        if (run <= stopAfter) smallest = Math.min(smallest, spec.course?.ops.length ?? Infinity);
        return ['lost'];
      },
      { stopAfter, repeats: 1, clusters: 1 },
    );
    expect(shrunk?.isCutShort).toBe(true);
    expect(shrunk?.spec.course.ops.length).toBe(smallest);
    expect(shrunk?.spec.recoverySeconds).toBe(10);
  },
);

it('without final requests there is no quiet period to shorten, and nothing to prove again', async () => {
  const periods = new Set<number>();
  const { shrunk } = await shrinkWith(
    (spec) => {
      periods.add(spec.recoverySeconds);
      return spec.course?.ops.some(({ label }) => label === 17) === true ? ['lost'] : [];
    },
    { from: { ...original, course: { ...original.course, finalOps: [] } } },
  );
  expect(shrunk?.spec.course.ops.map(({ label }) => label)).toEqual([17]);
  expect([...periods]).toEqual([10]);
});
