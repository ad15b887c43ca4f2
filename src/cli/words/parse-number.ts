/** Reads the numbers of a command line, and says what is wrong with those that are none. */
import { UserError } from '../../protocol/user-error.ts';

export interface NumberRange {
  readonly min?: number;
  /** The number must be greater than `min`, not equal. */
  readonly minExcluded?: boolean;
  readonly max?: number;
  readonly integer?: boolean;
  /** What it counts, for the message: `seconds`, `requests per second`. */
  readonly unit?: string;
}

/** Throws a UserError naming the option when the text is no such number. */
export function parseNumber(option: string, text: string, range: NumberRange): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  const wrong =
    !Number.isFinite(value) ||
    (range.integer === true && !Number.isSafeInteger(value)) ||
    (range.min !== undefined && (range.minExcluded === true ? value <= range.min : value < range.min)) ||
    (range.max !== undefined && value > range.max);
  if (!wrong) return value === 0 ? 0 : value;
  throw new UserError(`${option} must be ${describe(range)}, but is ${JSON.stringify(text)}.`);
}

function describe({ min, max, minExcluded, integer, unit }: NumberRange): string {
  const kind = `${integer === true ? 'a whole number' : 'a number'}${unit === undefined ? '' : ` of ${unit}`}`;
  if (min === undefined) return kind;
  if (max !== undefined) return `${kind} from ${min} to ${max}`;
  if (minExcluded === true) return `${kind}${unit === undefined ? '' : ','} greater than ${min}`;
  return unit === undefined ? `${kind} of at least ${min}` : `${kind}, at least ${min}`;
}
