/** The limits of a hunt: its duration, runs and processes. */
import { UserError } from '../../protocol/user-error.ts';
import { readRealLimits, type RealLimits } from '../shrink/real-limits.ts';
import { parseNumber } from '../words/parse-number.ts';
import { parseTime } from '../words/parse-time.ts';
import { readWorkers } from '../words/shared-options.ts';
import type { HuntWords } from './hunt-command.ts';

export interface HuntLimits {
  readonly mostRuns: number | undefined;
  readonly seconds: number;
  readonly workers: number;
  /** Limits of shrinking a failure of real clusters. */
  readonly real: RealLimits;
}

export function readLimits({ options }: HuntWords, isReal: boolean): HuntLimits {
  const { runs, time, workers, repeats, shrinkTime } = options;
  if (!isReal) refuseUnlessReal({ '--repeats': repeats, '--shrink-time': shrinkTime });
  return {
    mostRuns: runs === undefined ? undefined : parseNumber('--runs', runs, { min: 1, integer: true }),
    seconds: parseTime('--time', time),
    workers: readWorkers(workers),
    real: readRealLimits({ repeats, workers, time: shrinkTime }, '--shrink-time'),
  };
}

function refuseUnlessReal(given: Readonly<Record<string, string | undefined>>): void {
  const [option] = Object.entries(given).find(([, word]) => word !== undefined) ?? [];
  if (option === undefined) return;
  throw new UserError(
    `${option} is for shrinking failures of real clusters, but this hunt is simulated.`,
    'A simulated candidate needs only one run. Add --real, or leave the option out.',
  );
}
