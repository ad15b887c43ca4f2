/** How failures of real clusters are made small: how often candidates are run, and for how long. */
import { parseNumber } from '../words/parse-number.ts';
import { parseTime } from '../words/parse-time.ts';

export interface RealLimits {
  /** How often a candidate is run before it is taken not to fail. */
  readonly repeats: number;
  readonly seconds: number;
}

const MOST_REPEATS = 1000;
const USUAL: RealLimits = { repeats: 5, seconds: 120 };

/** What is left out is as usual. `timeOption` is what the option of the time is called. */
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
