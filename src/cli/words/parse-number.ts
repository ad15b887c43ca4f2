/** Reads the numbers of a command line, and reports invalid ones. */
import { isInRange, rangeText, type NumberRange } from '../../protocol/settings/number-range.ts';
import { UserError } from '../../protocol/user-error.ts';

/** `10s`, `5 ms`, `50%` */
const WITH_UNIT = /^[\d.]+ ?(?:%|ns|µs|us|ms|s|sec|m|min|h|hz)$/i;

/** Parses a number. Throws a UserError that names the option if the text is not a number in the range. */
export function parseNumber(option: string, text: string, range: NumberRange, advice?: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  if (isInRange(value, range)) return value === 0 ? 0 : value;
  const hint = WITH_UNIT.test(text.trim()) ? 'Write the number alone, without a unit.' : advice;
  throw new UserError(`${option} must be ${rangeText(range)}, but is ${JSON.stringify(text)}.`, hint);
}
