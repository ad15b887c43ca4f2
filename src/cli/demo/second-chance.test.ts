import { expect, it } from 'vitest';
import type { TestResults } from '../../run/verdict/test-results.ts';
import type { DemoOutcome } from './demo-case.ts';
import type { DemoCase } from './demo-plan.ts';
import { busyShare, processorTimes } from './machine-load.ts';
import { provedNothing } from './proved-nothing.ts';
import { secondChance, whyAgain } from './second-chance.ts';

const RAFT: DemoCase = {
  workload: 'lin-kv',
  program: 'raft',
  world: 'real',
  expected: true,
  settings: { timeLimitSeconds: 5, recoverySeconds: 2, rate: 20 },
};

const NOTHING: DemoOutcome = {
  validity: false,
  sentence: 'Not one of 80 operations succeeded.',
  operations: 80,
  messages: 400,
  seconds: 9,
  folder: 'store/lin-kv/1',
  provedNothing: true,
  busyShare: 0.973,
};

// Only the verdicts of the parts matter.
const results = (parts: Readonly<Record<string, boolean | 'unknown'>>): TestResults =>
  Object.fromEntries(
    Object.entries(parts).map(([name, valid]) => [name, name === 'valid?' ? valid : { 'valid?': valid }]),
  ) as unknown as TestResults;

it('an example that proved nothing on a busy machine is run again, for longer', () => {
  expect(secondChance(RAFT, NOTHING)?.settings).toEqual({
    timeLimitSeconds: 20,
    recoverySeconds: 8,
    rate: 20,
  });
  expect(whyAgain(NOTHING)).toBe(
    "That proves nothing: the machine's processors were busy for 97 % of the time. It is repeated alone, for 4 times as long.",
  );
});

it('an example that proved nothing under faults is run again', () => {
  const cut: DemoCase = { ...RAFT, settings: { ...RAFT.settings, nemesis: ['partition'] } };
  const idle = { ...NOTHING, busyShare: 0.5 };
  expect(secondChance(cut, idle)?.settings.timeLimitSeconds).toBe(20);
  expect(secondChance(cut, { ...idle, provedNothing: false })).toBeUndefined();
  expect(whyAgain(idle)).toBe(
    'That proves nothing: by chance, faults may have kept some clients from getting any answer. It is repeated alone, for 4 times as long.',
  );
});

it('no other outcome is repeated: not on an idle machine, not in virtual time, not one that shows a fault', () => {
  expect(secondChance(RAFT, { ...NOTHING, busyShare: 0.5 })).toBeUndefined();
  expect(secondChance({ ...RAFT, world: 'simulated' }, NOTHING)).toBeUndefined();
  expect(secondChance(RAFT, { ...NOTHING, provedNothing: false })).toBeUndefined();
  expect(secondChance(RAFT, { ...NOTHING, validity: true })).toBeUndefined();
});

it('a run proved nothing only if no part of it except the counts of replies is invalid', () => {
  const fine = { protocol: true, nodes: true, net: true, errors: true };
  expect(provedNothing(results({ 'valid?': false, stats: false, workload: true, ...fine }))).toBe(true);
  expect(provedNothing(results({ 'valid?': 'unknown', stats: true, workload: 'unknown', ...fine }))).toBe(
    true,
  );
  expect(provedNothing(results({ 'valid?': false, stats: false, workload: false, ...fine }))).toBe(false);
  for (const part of ['protocol', 'nodes'])
    expect(
      provedNothing(results({ 'valid?': false, stats: false, workload: true, ...fine, [part]: false })),
    ).toBe(false);
  expect(provedNothing(results({ 'valid?': true, stats: true, workload: true, ...fine }))).toBe(false);
});

it('the share of busy time is that of all processors together', () => {
  expect(busyShare({ idle: 100, all: 200 }, { idle: 110, all: 400 })).toBeCloseTo(0.95);
  expect(busyShare({ idle: 1, all: 1 }, { idle: 1, all: 1 })).toBe(0);
  const { idle, all } = processorTimes();
  expect(all).toBeGreaterThan(idle);
});
