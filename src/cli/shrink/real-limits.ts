/** Limits for shrinking failures of real clusters: how often candidates are run, and for how long in all. */
import { parseNumber } from '../words/parse-number.ts';
import { parseTime } from '../words/parse-time.ts';
import { readWorkers } from '../words/shared-options.ts';

export interface RealLimits {
  /** Number of runs without the failure after which a candidate counts as not failing. */
  readonly repeats: number;
  readonly seconds: number;
  /** Maximum number of clusters at once. */
  readonly clusters: number;
}

const MOST_REPEATS = 1000;
const USUAL = { repeats: 5, seconds: 120 };
/** Real clusters mostly wait, and of the failure it is known that it is one. */
const CLUSTERS_PER_PROCESSOR = 4;

export interface RealLimitWords {
  readonly repeats: string | undefined;
  readonly workers: string | undefined;
  readonly time: string | undefined;
}

/** Reads the limits, with defaults for undefined ones. `timeOption` is the name of the time's option. */
export function readRealLimits({ repeats, workers, time }: RealLimitWords, timeOption: string): RealLimits {
  const processes = readWorkers(workers);
  return {
    repeats:
      repeats === undefined
        ? USUAL.repeats
        : parseNumber('--repeats', repeats, { min: 1, max: MOST_REPEATS, integer: true }),
    seconds: time === undefined ? USUAL.seconds : parseTime(timeOption, time),
    clusters: workers === undefined ? CLUSTERS_PER_PROCESSOR * processes : processes,
  };
}
