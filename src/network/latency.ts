/**
 * How long a message between servers takes. Messages in which a client takes part take no time at all.
 */
import { NANOS_PER_MS } from '../world/clock.ts';
import type { Random } from '../world/random.ts';

export interface LatencySpec {
  readonly distribution: 'constant' | 'uniform' | 'exponential';
  /** Mean, in milliseconds. */
  readonly meanMs: number;
}

/**
 * Draws the latency of one message, in nanoseconds. Constant is the mean; uniform a whole number of milliseconds in
 * [0, 2 x mean); exponential has that mean.
 */
export function drawLatencyNanos(spec: LatencySpec, random: Random): number {
  const { meanMs } = spec;
  if (meanMs <= 0) return 0;
  switch (spec.distribution) {
    case 'constant':
      return Math.round(meanMs * NANOS_PER_MS);
    case 'uniform':
      return random.int(Math.ceil(2 * meanMs)) * NANOS_PER_MS;
    case 'exponential':
      return Math.round(random.exponential(meanMs * NANOS_PER_MS));
  }
}
