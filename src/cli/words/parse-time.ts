/** Parses durations as people write them. */
import { UserError } from '../../protocol/user-error.ts';

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: 86_400,
};
/** Timers of Node cannot wait longer. */
const LONGEST_DAYS = 24;

/** Returns seconds from `30s`, `10m`, `8h`, or a number of seconds. Throws a UserError for anything else. */
export function parseTime(option: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d+\.?\d*|\.\d+)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = SECONDS_PER_UNIT[unit];
  const seconds = Number(digits) * (factor ?? Number.NaN);
  if (digits !== '' && seconds > 0 && seconds <= LONGEST_DAYS * 86_400) return seconds;
  throw new UserError(
    `${option} must be a time such as 30s, 10m or 8h, up to ${LONGEST_DAYS}d, but is ${JSON.stringify(text)}.`,
  );
}
