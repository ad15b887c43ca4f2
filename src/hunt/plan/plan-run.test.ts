import { expect, it } from 'vitest';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { HuntPlan } from './hunt-plan.ts';
import { planRun } from './plan-run.ts';

const FAULTS = ['partition', 'loss', 'slow', 'flap', 'pause'];

const planOf = (settings: Partial<TestSpec> = {}, more: Partial<HuntPlan> = {}): HuntPlan => ({
  base: completeSpec({
    workload: 'broadcast',
    bin: '/x.ts',
    world: 'simulated',
    nemesis: FAULTS,
    ...settings,
  }),
  asked: [],
  kept: [],
  leastNodes: 1,
  readySeconds: 0,
  hasPrimary: false,
  ...more,
});

const specs = (plan: HuntPlan, count = 400): readonly TestSpec[] =>
  Array.from({ length: count }, (_, n) => planRun(plan, `s-${n}`));

it('the same seed gives the same test, another seed another one', () => {
  const plan = planOf();
  expect(planRun(plan, 'a')).toEqual(planRun(plan, 'a'));
  expect(new Set(specs(plan).map((spec) => JSON.stringify({ ...spec, seed: '' }))).size).toBe(400);
});

it('most runs are small, some are large, and no run has more nodes than allowed', () => {
  const sizes = specs(planOf()).map(({ nodes, rate, timeLimitSeconds }) => ({
    nodes: nodes.length,
    operations: rate * timeLimitSeconds,
  }));
  expect(sizes.filter(({ operations }) => operations <= 31).length).toBeGreaterThan(200);
  expect(sizes.filter(({ operations }) => operations >= 130).length).toBeGreaterThan(15);
  expect(new Set(sizes.map(({ nodes }) => nodes))).toEqual(new Set([1, 2, 3, 4, 5]));
});

it('requested sizes are maximums, which some runs have', () => {
  const settings: Partial<TestSpec> = {
    nodes: ['a', 'b', 'c'],
    concurrency: 6,
    rate: 10,
    timeLimitSeconds: 4,
    latency: { distribution: 'constant', meanMs: 20 },
    nemesisIntervalSeconds: 1,
  };
  const asked: HuntPlan['asked'] = [
    'nodes',
    'concurrency',
    'rate',
    'timeLimitSeconds',
    'latency',
    'nemesisIntervalSeconds',
  ];
  const runs = specs(planOf(settings, { asked, readySeconds: 1 }));
  const most = (of: (spec: TestSpec) => number): number => Math.max(...runs.map(of));
  expect(most(({ nodes }) => nodes.length)).toBe(3);
  expect(most(({ concurrency }) => concurrency)).toBe(6);
  expect(most(({ rate }) => rate)).toBe(10);
  expect(most(({ timeLimitSeconds }) => timeLimitSeconds)).toBe(4);
  expect(most(({ latency }) => latency.meanMs)).toBe(20);
  expect(
    most(({ nemesis, nemesisIntervalSeconds }) => (nemesis.length === 0 ? 0 : nemesisIntervalSeconds)),
  ).toBe(1);
});

it('what is kept is the same in every run', () => {
  const settings: Partial<TestSpec> = {
    nodes: ['a', 'b', 'c', 'd'],
    concurrency: 7,
    rate: 30,
    timeLimitSeconds: 9,
    latency: { distribution: 'pareto', meanMs: 33 },
    nemesisIntervalSeconds: 2,
  };
  const kept: HuntPlan['kept'] = [
    'nodes',
    'concurrency',
    'rate',
    'timeLimitSeconds',
    'latency',
    'nemesisIntervalSeconds',
  ];
  for (const spec of specs(planOf(settings, { kept, readySeconds: 3 }))) expect(spec).toMatchObject(settings);
});

it('no run has fewer nodes than the minimum', () => {
  const counts = specs(planOf({}, { leastNodes: 3 })).map(({ nodes }) => nodes.length);
  expect(Math.min(...counts)).toBe(3);
  expect(Math.max(...counts)).toBe(5);
});

it('each fault is left out of some runs and alone in others, and some runs have none', () => {
  const chosen = specs(planOf(), 2000).map(({ nemesis }) => nemesis);
  expect(chosen.filter((faults) => faults.length === 0).length).toBeGreaterThan(300);
  expect(chosen.some((faults) => faults.length === FAULTS.length)).toBe(true);
  for (const fault of FAULTS) {
    expect(chosen.some((faults) => faults.join() === fault)).toBe(true);
    expect(chosen.filter((faults) => faults.includes(fault)).length).toBeLessThan(1000);
  }
});

it('a fault that is allowed only by name is in more runs than the usual ones, and not in all', () => {
  const count = 2000;
  const chosen = specs(planOf({ nemesis: [...FAULTS, 'kill'] }), count).map(({ nemesis }) => nemesis);
  const withFault = (fault: string): number => chosen.filter((faults) => faults.includes(fault)).length;
  expect(withFault('kill')).toBeGreaterThan(count * 0.33);
  expect(withFault('kill')).toBeLessThan(count * 0.45);
  expect(withFault('pause')).toBeLessThan(count * 0.3);
});

it('a strength comes only with its fault, and a requested one stays', () => {
  for (const { nemesis, faultStrengths = {}, latency } of specs(planOf({ faultStrengths: { loss: 0.42 } }))) {
    const faults = Object.keys(faultStrengths).map((name) => (name === 'flapPeriodMs' ? 'flap' : name));
    expect(nemesis).toEqual(expect.arrayContaining(faults));
    expect(faultStrengths.loss ?? 0.42).toBe(0.42);
    expect(faultStrengths.slow?.kind === 'factor' && latency.meanMs === 0).toBe(false);
  }
});

it('in small runs of lin-kv a node may be asked for two writes of a key at once', () => {
  const small = specs(planOf({ workload: 'lin-kv' })).filter(({ nodes }) => nodes.length === 2);
  // Of n clients in a group the second half writes; client i works for node i % 2.
  const isShared = ({ concurrency }: TestSpec): boolean => concurrency === 6;
  expect(small.filter(isShared).length).toBeGreaterThan(small.length / 8);
});

it('a third of the runs in which faults are aimed at all are aimed at the primary, where there is one', () => {
  const targets = specs(planOf({ workload: 'lin-kv' }, { hasPrimary: true }), 2000).flatMap(
    ({ nemesisTargets }) => nemesisTargets ?? [],
  );
  const aimed = targets.filter((target) => target === 'primary').length;
  expect(aimed).toBeGreaterThan(targets.length / 3);
  expect(aimed).toBeLessThan(targets.length / 2);
});

it('faults may follow each other so fast that a node is down, or cut off, for a twentieth of a run', () => {
  const shares = specs(planOf()).flatMap(({ nemesis, nemesisIntervalSeconds, timeLimitSeconds }) =>
    nemesis.length === 0 ? [] : [nemesisIntervalSeconds / timeLimitSeconds],
  );
  expect(shares.filter((share) => share < 1 / 10).length).toBeGreaterThan(shares.length / 8);
  expect(Math.min(...shares)).toBeGreaterThan(1 / 22);
});

it('the quiet period before the final reads is never shortened', () => {
  for (const { recoverySeconds } of specs(planOf({ recoverySeconds: 7 }))) expect(recoverySeconds).toBe(7);
});

it('every run is extended by the time that the program takes to get ready', () => {
  const [short, long] = [planOf(), planOf({}, { readySeconds: 3 })].map((plan) =>
    Math.min(...specs(plan).map(({ timeLimitSeconds }) => timeLimitSeconds)),
  );
  expect(short).toBeLessThan(1);
  expect(long).toBeGreaterThanOrEqual(3.5);
});

it('faults are aimed at a primary only if there is one', () => {
  const aimed = (plan: HuntPlan): boolean =>
    specs(plan).some(({ nemesisTargets = [] }) => nemesisTargets.includes('primary'));
  expect(aimed(planOf())).toBe(false);
  expect(aimed(planOf({ workload: 'lin-kv' }, { hasPrimary: true }))).toBe(true);
});

const deposed = (settings: Partial<TestSpec> = {}, more: Partial<HuntPlan> = {}): readonly TestSpec[] => {
  const plan = planOf({ workload: 'lin-kv', ...settings }, { hasPrimary: true, ...more });
  const usual = specs(plan);
  return specs({ ...plan, failoverSeconds: 0.4 }).filter(
    (spec, n) => spec.timeLimitSeconds !== usual[n]?.timeLimitSeconds,
  );
};

it('half of the runs depose one primary after the other, a part of them at intervals of about a failover', () => {
  const some = deposed();
  expect(some.length).toBeGreaterThan(400 / 3);
  const patient = some.filter(({ nemesisAfter }) => nemesisAfter === undefined);
  expect(patient.length).toBeGreaterThan(some.length / 8);
  for (const { nodes, nemesisIntervalSeconds: interval, nemesisTargets, timeLimitSeconds } of patient) {
    expect(nodes.length).toBeGreaterThanOrEqual(3);
    expect(nemesisTargets).toContain('primary');
    expect(interval).toBeGreaterThanOrEqual(0.2);
    expect(interval).toBeLessThanOrEqual(1.2);
    expect(timeLimitSeconds).toBeGreaterThan(2.5 * interval);
  }
});

it('most of these depose a primary as soon as a few requests have succeeded, and read at the end what was lost', () => {
  const some = deposed();
  const hasty = some.filter(({ nemesisAfter }) => nemesisAfter !== undefined);
  expect(hasty.length).toBeGreaterThan(some.length / 2);
  const soonest = hasty.filter(({ nemesisAfter }) => nemesisAfter === 1);
  expect(soonest.length).toBeGreaterThan(hasty.length / 3);
  for (const { nemesisAfter, nemesisMoves, finalReads, nemesisIntervalSeconds } of hasty) {
    expect(nemesisAfter).toBeLessThanOrEqual(3);
    expect([nemesisMoves, finalReads]).toEqual([true, true]);
    expect(nemesisIntervalSeconds).toBeGreaterThan(0.4);
  }
});

it.each<[string, Partial<TestSpec>, Partial<HuntPlan>]>([
  ['fewer than three nodes are allowed', { nodes: ['n1', 'n2'] }, {}],
  ['no allowed fault deposes one', { nemesis: ['loss', 'reorder'] }, {}],
  ['targets are given', { nemesisTargets: ['one'] }, { asked: ['nemesisTargets'] }],
  ['the workload has none', {}, { hasPrimary: false }],
])('no run deposes primaries if %s', (_, settings, more) => {
  expect(deposed(settings, more)).toEqual([]);
});

it('sizes that the user gave hold for runs that depose primaries', () => {
  const some = deposed(
    { rate: 3, concurrency: 4, timeLimitSeconds: 2 },
    { asked: ['rate', 'concurrency', 'timeLimitSeconds'] },
  );
  expect(some.length).toBeGreaterThan(50);
  for (const { rate, concurrency, timeLimitSeconds } of some) {
    expect(rate).toBeLessThanOrEqual(3);
    expect(concurrency).toBeLessThanOrEqual(4);
    expect(timeLimitSeconds).toBeLessThanOrEqual(2);
  }
});
