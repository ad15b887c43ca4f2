import { describe, expect, test } from 'vitest';
import { NANOS_PER_MS } from '../../world/clock.ts';
import { Random } from '../../world/random.ts';
import { largestMeanMs, LatencyModel, type LatencySpec } from './latency.ts';

/** Returns 20,000 latencies from n1 to n2, in milliseconds, sorted. */
function draw(spec: LatencySpec, seed = 'latency'): readonly number[] {
  const model = new LatencyModel(spec);
  const random = Random.fromSeed(seed);
  const values = Array.from({ length: 20_000 }, () => model.drawNanos('n1', 'n2', random));
  expect(values.every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true);
  return values.map((nanos) => nanos / NANOS_PER_MS).toSorted((a, b) => a - b);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const quantile = (values: readonly number[], share: number): number =>
  values[Math.floor(share * values.length)] ?? Number.NaN;

/** Expects the value to be within `percent` of the expected one. */
function expectAbout(value: number, expected: number, percent: number): void {
  expect(Math.abs(value / expected - 1)).toBeLessThan(percent / 100);
}

describe('a distribution', () => {
  test('that is exponential has its mean, its median at 0.69 and 1 % above 4.6 of it', () => {
    const values = draw({ distribution: 'exponential', meanMs: 10 });
    expectAbout(mean(values), 10, 3);
    expectAbout(quantile(values, 0.5), 6.93, 3);
    expectAbout(quantile(values, 0.99), 46.1, 7);
  });

  test('that is lognormal has its mean, its median at 0.61 and 1 % above 6.2 of it', () => {
    const values = draw({ distribution: 'lognormal', meanMs: 10 });
    expectAbout(mean(values), 10, 5);
    expectAbout(quantile(values, 0.5), 6.07, 3);
    expectAbout(quantile(values, 0.99), 62.1, 8);
    const logs = values.map((value) => Math.log(value / 10));
    expectAbout(mean(logs.map((log) => (log + 0.5) ** 2)), 1, 4);
  });

  test('that is pareto has its mean, nothing below 0.6, its median at 0.79 and 1 % above 3.8 of it', () => {
    const values = draw({ distribution: 'pareto', meanMs: 10 });
    expectAbout(mean(values), 10, 6);
    expect(values[0]).toBeGreaterThanOrEqual(6);
    expectAbout(quantile(values, 0.5), 7.92, 3);
    expectAbout(quantile(values, 0.99), 37.9, 8);
  });

  test('that was measured gives the measured values, equally often', () => {
    const values = draw({ distribution: 'measured', meanMs: 4, valuesMs: [1, 1, 10] });
    expect(new Set(values)).toEqual(new Set([1, 10]));
    expectAbout(values.filter((value) => value === 10).length, 20_000 / 3, 4);
  });

  test('is the same for the same seed', () => {
    const spec = { distribution: 'pareto', meanMs: 10 } as const;
    expect(draw(spec)).toEqual(draw(spec));
    expect(draw(spec, 'another')).not.toEqual(draw(spec));
  });

  test('with a mean of 0 takes no time', () => {
    expect(new LatencyModel({ distribution: 'lognormal', meanMs: 0 }).isZero).toBe(true);
  });
});

describe('regions', () => {
  const spec: LatencySpec = {
    distribution: 'constant',
    meanMs: 1,
    regions: {
      regions: { eu: ['n1', 'n2'], us: ['n3'], asia: ['n4', 'lin-kv'] },
      latency: { 'eu->us': 80, 'us->eu': 90, 'eu->asia': 120, 'us->asia': 100, 'us->us': 3 },
    },
  };

  test('give each link its mean; the way back has the same unless another is given', () => {
    const model = new LatencyModel(spec);
    const ms = (src: string, dest: string): number =>
      model.drawNanos(src, dest, Random.fromSeed('regions')) / NANOS_PER_MS;
    expect([ms('n1', 'n3'), ms('n3', 'n1')]).toEqual([80, 90]);
    expect([ms('n1', 'n4'), ms('n4', 'n1'), ms('n2', 'lin-kv')]).toEqual([120, 120, 120]);
    expect([ms('n1', 'n2'), ms('n3', 'n3')]).toEqual([1, 3]);
    expect([ms('n1', 'seq-kv'), ms('seq-kv', 'n1')]).toEqual([1, 1]);
  });

  test('keep the shape of the distribution, measured ones scaled to the link’s mean', () => {
    const values = draw({
      distribution: 'measured',
      meanMs: 2,
      valuesMs: [1, 3],
      regions: { regions: { a: ['n1'], b: ['n2'] }, latency: { 'a->b': 20 } },
    });
    expect(new Set(values)).toEqual(new Set([10, 30]));
  });

  test('count for timeouts: by their slowest link', () => {
    expect(largestMeanMs(spec)).toBe(120);
    expect(new LatencyModel({ ...spec, meanMs: 0 }).isZero).toBe(false);
  });
});
