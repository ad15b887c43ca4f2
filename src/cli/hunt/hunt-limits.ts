/** How long a hunt goes on, and by how many processes. */
import { availableParallelism } from 'node:os';
import { UserError } from '../../protocol/user-error.ts';
import { parseNumber } from '../words/parse-number.ts';
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

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: 86_400,
};
/** A timer of Node's can wait no longer. */
const LONGEST_DAYS = 24;

/** In seconds: of `30s`, `10m`, `8h`, or a number of seconds. */
export function parseTime(option: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d+\.?\d*|\.\d+)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = SECONDS_PER_UNIT[unit];
  const seconds = Number(digits) * (factor ?? Number.NaN);
  if (digits !== '' && seconds > 0 && seconds <= LONGEST_DAYS * 86_400) return seconds;
  throw new UserError(
    `${option} must be a time such as 30s, 10m or 8h, up to ${LONGEST_DAYS}d, but is ${JSON.stringify(text)}.`,
  );
}
