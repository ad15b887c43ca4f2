/** Parses times with units, `50ms` or `2s`, and ranges of them. */
import { UserError } from '../protocol/user-error.ts';

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000 };
const LONGEST_MS = 3_600_000;

/**
 * Returns milliseconds. Throws a UserError naming the option when the text is not a time, has no unit, or exceeds an
 * hour.
 */
export function parseDuration(option: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d+\.?\d*|\.\d+)\s*([a-zµ]*)$/i.exec(text.trim()) ?? [];
  const expected = `${option} must be a time such as 200ms or 1.5s, but is ${JSON.stringify(text)}.`;
  if (digits === '') throw new UserError(expected);
  const factor = MS_PER_UNIT[unit];
  if (factor === undefined) {
    const hint = unit === '' ? `Add a unit: ${digits}ms or ${digits}s.` : 'The units are ms and s.';
    throw new UserError(expected, hint);
  }
  const milliseconds = Number(digits) * factor;
  if (milliseconds > LONGEST_MS) throw new UserError(`${option} must be at most an hour, but is ${text}.`);
  return milliseconds;
}

/** Parses `50ms..2s`: both limits in milliseconds, the first at most the second. */
export function parseDurationRange(
  option: string,
  text: string,
): { readonly fromMs: number; readonly toMs: number } {
  const parts = text.split('..');
  const [from = '', to = ''] = parts;
  if (parts.length !== 2) {
    throw new UserError(`${option} must be a range such as 50ms..2s, but is ${JSON.stringify(text)}.`);
  }
  const range = { fromMs: parseDuration(option, from), toMs: parseDuration(option, to) };
  if (range.fromMs > range.toMs) {
    throw new UserError(`${option}: the range ${text} is reversed.`, `Did you mean ${to}..${from}?`);
  }
  return range;
}
