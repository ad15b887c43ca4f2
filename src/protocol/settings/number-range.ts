/** Allowed numbers for an option or a setting, as a check and in words. */

export interface NumberRange {
  readonly min?: number;
  /** True when the number must be greater than `min`, not equal. */
  readonly minExcluded?: boolean;
  readonly max?: number;
  readonly integer?: boolean;
  /** What the number counts, for the message: `seconds`, `requests per second`. */
  readonly unit?: string;
}

export function isInRange(value: number, { min, minExcluded, max, integer }: NumberRange): boolean {
  return (
    Number.isFinite(value) &&
    (integer !== true || Number.isSafeInteger(value)) &&
    (min === undefined || (minExcluded === true ? value > min : value >= min)) &&
    (max === undefined || value <= max)
  );
}

/** `a whole number of nodes from 1 to 1000`. */
export function rangeText({ min, max, minExcluded, integer, unit }: NumberRange): string {
  const kind = `${integer === true ? 'a whole number' : 'a number'}${unit === undefined ? '' : ` of ${unit}`}`;
  if (min === undefined) return kind;
  if (max !== undefined) return `${kind} from ${min} to ${max}`;
  if (minExcluded === true) return `${kind}${unit === undefined ? '' : ','} greater than ${min}`;
  return unit === undefined ? `${kind} of at least ${min}` : `${kind}, at least ${min}`;
}
