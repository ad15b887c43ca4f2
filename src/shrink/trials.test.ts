import { expect, it } from 'vitest';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import { SAMPLE_SPEC } from '../../test/support/test-spec-sample.ts';
import { Trials, type TrialLimits, type TrialRunner } from './trials.ts';

it('no run is made beyond those that are allowed, to look at one either', async () => {
  let runs = 0;
  const trial = { signature: ['lost'], serverMessages: 0 };
  const runner: TrialRunner = {
    width: 1,
    run: () => Promise.resolve((runs++, trial)),
    look: () =>
      Promise.resolve((runs++, { ...trial, history: [], journal: new MemoryJournal(), zeroNanos: 0 })),
  };
  const trials = new Trials({ runner, original: ['lost'], hasFinalOps: false, most: 2 });
  const spec = SAMPLE_SPEC;
  expect(await trials.look(spec)).toBeDefined();
  expect(await trials.fails(spec)).toBe(true);
  expect(await trials.look(spec)).toBeUndefined();
  expect([runs, trials.count]).toEqual([2, 2]);
});

it('what has been tried is not run again', async () => {
  let runs = 0;
  const runner: TrialRunner = {
    width: 1,
    run: () => Promise.resolve((runs++, { signature: ['lost'], serverMessages: 3 })),
    look: () => Promise.reject(new Error('nothing is looked at')),
  };
  const trials = new Trials({ runner, original: ['lost'], hasFinalOps: false, most: 9 });
  expect(await trials.fails(SAMPLE_SPEC)).toBe(true);
  expect(await trials.run({ ...SAMPLE_SPEC })).toMatchObject({ serverMessages: 3 });
  expect(runs).toBe(1);
});

it('a candidate may have at most some times as many events as the smallest that fails', async () => {
  const limits: (TrialLimits | undefined)[] = [];
  let events = 100_000;
  const runner: TrialRunner = {
    width: 1,
    run: (_, limit) => {
      limits.push(limit);
      return Promise.resolve({ signature: ['lost'], serverMessages: 3, events });
    },
    look: () => Promise.reject(new Error('nothing is looked at')),
  };
  const trials = new Trials({ runner, original: ['lost', 'node: crashed'], hasFinalOps: false, most: 99 });
  const trySeed = (seed: string): Promise<boolean> => trials.fails({ ...SAMPLE_SPEC, seed });
  await trySeed('1');
  events = 3;
  await trySeed('2');
  await trySeed('3');
  events = 4000;
  await trySeed('4');
  await trySeed('5');
  trials.startAgain();
  await trySeed('6');
  await trials.runWhole({ ...SAMPLE_SPEC, seed: '6' });
  expect(limits.map((limit) => limit?.mostEvents)).toEqual([
    undefined,
    262_144,
    4096,
    4096,
    4096,
    undefined,
    undefined,
  ]);
  expect(limits.map((limit) => limit?.kind)).toEqual([...Array<string>(6).fill('lost'), undefined]);
});

it('the run that was looked at last is not made again', async () => {
  let looks = 0;
  const runner: TrialRunner = {
    width: 1,
    run: () => Promise.reject(new Error('nothing is run')),
    look: () =>
      Promise.resolve({
        signature: [`look ${looks++}`],
        serverMessages: 0,
        history: [],
        journal: new MemoryJournal(),
        zeroNanos: 0,
      }),
  };
  const trials = new Trials({ runner, original: ['lost'], hasFinalOps: false, most: 9 });
  const other = { ...SAMPLE_SPEC, rate: 17 };
  const seen = [];
  for (const spec of [SAMPLE_SPEC, { ...SAMPLE_SPEC }, other, SAMPLE_SPEC])
    seen.push((await trials.look(spec))?.signature[0]);
  expect(seen).toEqual(['look 0', 'look 0', 'look 1', 'look 2']);
  expect(trials.count).toBe(3);
});
