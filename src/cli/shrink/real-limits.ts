/** Limits for shrinking failures of real clusters: how often candidates are run, and for how long in all. */
import { parseNumber } from '../words/parse-number.ts';
import { parseTime } from '../words/parse-time.ts';

export interface RealLimits {
  /** Number of runs without the failure after which a candidate counts as not failing. */
  readonly repeats: number;
  readonly seconds: number;
}

const MOST_REPEATS = 1000;
const USUAL: RealLimits = { repeats: 5, seconds: 120 };

/** Reads the limits, with defaults for undefined ones. `timeOption` is the name of the time's option. */
export function readRealLimits(
  repeats: string | undefined,
  time: string | undefined,
  timeOption: string,
): RealLimits {
  return {
    repeats:
      repeats === undefined
        ? USUAL.repeats
        : parseNumber('--repeats', repeats, { min: 1, max: MOST_REPEATS, integer: true }),
    seconds: time === undefined ? USUAL.seconds : parseTime(timeOption, time),
  };
}
