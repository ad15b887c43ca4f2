/** How strong faults are, and what holds where nothing else is asked for. */
import type { Slowness } from '../network/link-rules.ts';
import { largestMeanMs, type LatencySpec } from '../network/latency.ts';

export interface FaultStrengths {
  /** Probability that a message is lost. */
  readonly loss: number;
  /** Probability that a message comes twice. */
  readonly duplicate: number;
  /** Probability that a message is held back. */
  readonly reorder: number;
  readonly slow: Slowness;
  /** From one time a link goes down to the next, in milliseconds. */
  readonly flapPeriodMs: number;
  /** How wrong clocks are set; without it they jump or drift or do both, as `skew-fault.ts` has it. */
  readonly skew?: SkewSize;
}

/** What is given happens: a jump, a drift, or both. */
export interface SkewSize {
  readonly jumpMs?: SkewSpan;
  /** Fractions: 0.01 is one per cent too fast or too slow. */
  readonly drift?: SkewSpan;
}

/** Drawn between two sizes. The sign is which way: 1 is forwards, or too fast; without it, it is drawn too. */
export interface SkewSpan {
  readonly from: number;
  readonly to: number;
  readonly sign?: 1 | -1;
}

const TEN_FOLD: Slowness = { kind: 'factor', factor: 10 };
/** Ten times nothing would be nothing. */
const SLOW_WITHOUT_LATENCY: Slowness = { kind: 'range', fromMs: 50, toMs: 500 };
/** A message is held back for up to that long, plus that many mean latencies. */
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

/** For how long `reorder` holds a message back at most. */
export function longestHoldMs(latency: LatencySpec): number {
  return LONGEST_HOLD_MS + LONGEST_HOLD_LATENCIES * largestMeanMs(latency);
}

/** `10x` or `50ms..2000ms`: as it may be typed. */
export function slownessText(slowness: Slowness): string {
  return slowness.kind === 'factor' ? `${slowness.factor}x` : `${slowness.fromMs}ms..${slowness.toMs}ms`;
}
