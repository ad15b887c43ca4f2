/** How long a hunt goes on, and by how many processes. */
import { availableParallelism } from 'node:os';
import { parseNumber } from '../words/parse-number.ts';
import { parseTime } from '../words/parse-time.ts';
import type { HuntWords } from './hunt-options.ts';

export interface HuntLimits {
  readonly mostRuns: number | undefined;
  readonly seconds: number;
  readonly workers: number;
}

const MOST_WORKERS = 256;

export function readLimits({ options }: HuntWords): HuntLimits {
  const { runs, time, workers } = options;
  const range = { min: 1, integer: true };
  return {
    mostRuns: runs === undefined ? undefined : parseNumber('--runs', runs, range),
    seconds: parseTime('--time', time),
    workers:
      workers === undefined
        ? availableParallelism()
        : parseNumber('--workers', workers, { ...range, max: MOST_WORKERS }),
  };
}
