/**
 * How long a message between servers takes. Messages to and from clients take no time at all.
 *
 * A distribution has a shape and a mean; the mean may differ by link. The shapes, for a mean of 1:
 *
 *     constant      1
 *     uniform       whole milliseconds in [0, 2 x mean)
 *     exponential   half below 0.69, one in a hundred above 4.6
 *     lognormal     half below 0.61, one in a hundred above 6.2 (sigma is 1)
 *     pareto        none below 0.6, half below 0.79, one in a hundred above 3.8, one in 10,000 above 24 (alpha is 2.5)
 *     measured      one of the measured values, all equally likely
 */
import { NANOS_PER_MS } from '../../world/clock.ts';
import type { Chance } from '../../world/random.ts';

export const LATENCY_SHAPES = ['constant', 'uniform', 'exponential', 'lognormal', 'pareto'] as const;
export const DISTRIBUTIONS = [...LATENCY_SHAPES, 'measured'] as const;

export interface LatencySpec {
  readonly distribution: (typeof DISTRIBUTIONS)[number];
  readonly meanMs: number;
  /** For `measured`: the measured values in milliseconds, at least one. `meanMs` is their mean. */
  readonly valuesMs?: readonly number[];
  /** Links whose mean differs from `meanMs`. */
  readonly regions?: RegionalLatency;
}

/** Which nodes are in which region, and the latency between regions. */
export interface RegionalLatency {
  /** Region -> its nodes and services. Each is in at most one region; those in none have `meanMs` to all others. */
  readonly regions: Readonly<Record<string, readonly string[]>>;
  /**
   * `eu->us` -> mean in milliseconds. The reverse direction is the same unless given; `eu->eu` is `meanMs` unless
   * given.
   */
  readonly latency: Readonly<Record<string, number>>;
}

const LOGNORMAL_SIGMA = 1;
const PARETO_ALPHA = 2.5;

/** A spec prepared for drawing latencies. */
export class LatencyModel {
  /** True when no message takes any time. */
  readonly isZero: boolean;
  private readonly regionOf = new Map<string, string>();
  private readonly means = new Map<string, number>();

  constructor(private readonly spec: LatencySpec) {
    for (const [region, names] of Object.entries(spec.regions?.regions ?? {})) {
      for (const name of names) this.regionOf.set(name, region);
    }
    for (const [way, meanMs] of Object.entries(spec.regions?.latency ?? {})) this.means.set(way, meanMs);
    this.isZero = largestMeanMs(spec) <= 0;
  }

  /** The latency of one message, in nanoseconds. */
  drawNanos(src: string, dest: string, random: Chance): number {
    return drawLatencyNanos(this.spec, this.meanMs(src, dest), random);
  }

  private meanMs(src: string, dest: string): number {
    if (this.means.size === 0) return this.spec.meanMs;
    const from = this.regionOf.get(src);
    const to = this.regionOf.get(dest);
    if (from === undefined || to === undefined) return this.spec.meanMs;
    return this.means.get(`${from}->${to}`) ?? this.means.get(`${to}->${from}`) ?? this.spec.meanMs;
  }
}

/** Fills in what is not given: no latency, constant; with measured values, those and their mean. */
export function completeLatency(given: Partial<LatencySpec>): LatencySpec {
  const { valuesMs = [] } = given;
  const meanMs = valuesMs.reduce((sum, value) => sum + value, 0) / Math.max(1, valuesMs.length);
  return {
    ...given,
    distribution: given.distribution ?? (valuesMs.length === 0 ? 'constant' : 'measured'),
    meanMs: given.meanMs ?? meanMs,
  };
}

/** Returns the spec in which every message takes the mean of its link. */
export function calmLatency({ meanMs, regions }: LatencySpec): LatencySpec {
  return { distribution: 'constant', meanMs, ...(regions === undefined ? {} : { regions }) };
}

/** Returns the mean of the slowest link, from which timeouts are derived. */
export function largestMeanMs({ meanMs, regions }: LatencySpec): number {
  return Math.max(meanMs, ...Object.values(regions?.latency ?? {}));
}

function drawLatencyNanos(spec: LatencySpec, meanMs: number, random: Chance): number {
  if (meanMs <= 0) return 0;
  const meanNanos = meanMs * NANOS_PER_MS;
  switch (spec.distribution) {
    case 'constant':
      return Math.round(meanNanos);
    case 'uniform':
      return random.int(Math.ceil(2 * meanMs)) * NANOS_PER_MS;
    case 'exponential':
      return Math.round(random.exponential(meanNanos));
    case 'lognormal':
      return Math.round(meanNanos * Math.exp(LOGNORMAL_SIGMA * (normal(random) - LOGNORMAL_SIGMA / 2)));
    case 'pareto': {
      const least = (meanNanos * (PARETO_ALPHA - 1)) / PARETO_ALPHA;
      // A power, computed by functions that round the same on every version of V8.
      return Math.round(least * Math.exp(-Math.log(1 - random.float()) / PARETO_ALPHA));
    }
    case 'measured': {
      // Scaled where the link has its own mean.
      const stretch = spec.meanMs > 0 ? meanMs / spec.meanMs : 1;
      return Math.round(random.pick(spec.valuesMs ?? [meanMs]) * stretch * NANOS_PER_MS);
    }
  }
}

/** A number from the normal distribution with mean 0 and variance 1, after Box and Muller. */
function normal(random: Chance): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.float()));
  return radius * Math.cos(2 * Math.PI * random.float());
}
