/** Strengths of faults, and their defaults. */
import type { Slowness } from '../network/rules/link-rules.ts';
import { largestMeanMs, type LatencySpec } from '../network/rules/latency.ts';

export interface FaultStrengths {
  readonly loss: number;
  readonly duplicate: number;
  /** Probability that a message is held back. */
  readonly reorder: number;
  readonly slow: Slowness;
  /** Period between two times that a link goes down, in milliseconds. */
  readonly flapPeriodMs: number;
  /** How wrong clocks are set; by default they jump or drift or do both, see `faults/skew-fault.ts`. */
  readonly skew?: SkewSize;
}

/** Each given part happens: a jump, a drift, or both. */
export interface SkewSize {
  readonly jumpMs?: SkewSpan;
  /** A fraction: 0.01 is one per cent too fast or too slow. */
  readonly drift?: SkewSpan;
}

/** A size drawn between two limits. The sign is the direction: 1 is forwards, or too fast; random if undefined. */
export interface SkewSpan {
  readonly from: number;
  readonly to: number;
  readonly sign?: 1 | -1;
}

const TEN_FOLD: Slowness = { kind: 'factor', factor: 10 };
/** Used without latency, as ten times nothing would be nothing. */
const SLOW_WITHOUT_LATENCY: Slowness = { kind: 'range', fromMs: 50, toMs: 500 };
/** Maximum time for which a message is held back: this, plus that many mean latencies. */
const LONGEST_HOLD_MS = 100;
const LONGEST_HOLD_LATENCIES = 4;

/** Fills in the defaults. */
export function completeStrengths(given: Partial<FaultStrengths>, latency: LatencySpec): FaultStrengths {
  return {
    loss: 0.1,
    duplicate: 0.1,
    reorder: 0.1,
    slow: largestMeanMs(latency) > 0 ? TEN_FOLD : SLOW_WITHOUT_LATENCY,
    flapPeriodMs: 1000,
    ...given,
  };
}

/** Returns the maximum time for which `reorder` holds a message back. */
export function longestHoldMs(latency: LatencySpec): number {
  return LONGEST_HOLD_MS + LONGEST_HOLD_LATENCIES * largestMeanMs(latency);
}

/** Returns `10x` or `50ms..2000ms`, in the syntax of the option. */
export function slownessText(slowness: Slowness): string {
  return slowness.kind === 'factor' ? `${slowness.factor}x` : `${slowness.fromMs}ms..${slowness.toMs}ms`;
}
