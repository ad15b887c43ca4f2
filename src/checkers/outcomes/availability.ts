/**
 * The fraction of requests that succeeded, and whether it reaches the required minimum.
 *
 * The fraction is of all invocations in the history; without any it is 1.
 */
import type { Op } from '../../history/op.ts';
import { resultOver, type Checker, type OrNoVerdict, type Validity } from '../checker.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';
import { singlePrecision } from '../../protocol/single-precision.ts';

export interface AvailabilityOptions {
  /** `total` (every request), or the minimum fraction from 0 to 1. By default there is no requirement. */
  readonly availability?: 'total' | number;
}

export type AvailabilityResult = { readonly 'valid?': Validity; readonly 'ok-fraction': number };

export const AVAILABILITY_MEANINGS = {
  'ok-fraction': 'the fraction of requests that succeeded, from 0 to 1; 1 if there were none',
} as const satisfies Meanings<AvailabilityResult>;

export class AvailabilityChecker implements Checker<AvailabilityResult> {
  private oks = 0;
  private invocations = 0;

  constructor(private readonly options: AvailabilityOptions = {}) {}

  observe(op: Op): void {
    if (op.process === 'nemesis') return;
    if (op.type === 'invoke') this.invocations += 1;
    else if (op.type === 'ok') this.oks += 1;
  }

  result(): AvailabilityResult {
    const fraction = this.invocations === 0 ? 1 : this.oks / this.invocations;
    return { 'valid?': this.isEnough(fraction), 'ok-fraction': singlePrecision(fraction) };
  }

  private isEnough(fraction: number): boolean {
    const { availability } = this.options;
    if (availability === undefined) return true;
    return availability === 'total' ? fraction === 1 : fraction >= availability;
  }
}

/** Checks a whole history. */
export function checkAvailability(ops: Iterable<Op>, options: AvailabilityOptions = {}): AvailabilityResult {
  return resultOver(new AvailabilityChecker(options), ops);
}

/** Explains a failed result; undefined if it is valid. */
export function explainAvailability(
  result: OrNoVerdict<AvailabilityResult>,
  options: AvailabilityOptions = {},
): string | undefined {
  if (result['valid?'] === true) return undefined;
  const { availability = 0 } = options;
  const wanted = availability === 'total' || availability === 1 ? 'all' : `at least ${percent(availability)}`;
  return `${percent(Number(result['ok-fraction']))} of the requests succeeded; ${wanted} had to.`;
}

/** Returns the fraction; undefined if there is no verdict. */
export function availabilityFigure({
  'ok-fraction': fraction,
}: OrNoVerdict<AvailabilityResult>): string | undefined {
  return fraction === undefined ? undefined : `${percent(fraction)} of the requests succeeded`;
}

// Three decimals, never rounded up to a 100 % that was not reached.
const percent = (fraction: number): string => `${Math.floor(fraction * 100_000) / 1000} %`;
