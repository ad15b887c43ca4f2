/** Values that come back as strings or floats, which happens in many languages if elements are used as map keys. */
import { jsonEquals, valueText, type Json } from '../protocol/json.ts';

/** Returns the first of `others` that is another form of the element: 7, 7.0 and "7" are. */
export const otherFormOf = (element: Json, others: readonly Json[]): Json | undefined =>
  others.find((other) => digitsOf(other) === digitsOf(element) && !jsonEquals(other, element));

/** Says as what an element came back: `a string`. */
export const formOf = (read: Json, added: Json): string =>
  typeof read === 'string' ? 'a string' : typeof added === 'string' ? 'a number' : 'a float';

const FLOAT = /^(-?\d+)(?:\.0*)?$/;
const WITH_EXPONENT = /^-?\d+(?:\.\d+)?[eE]\+?\d{1,2}$/;

function digitsOf(element: Json): string {
  const text = typeof element === 'string' ? element : valueText(element);
  const number = WITH_EXPONENT.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? String(number) : text.replace(FLOAT, '$1');
}

/**
 * Describes a value that a history of integers does not hold: `3.0 is 3 as a float, which is a different value`.
 * Returns undefined for any other value.
 */
export function asOtherForm(value: Json): string | undefined {
  const text = valueText(value);
  const digits = digitsOf(value);
  if (text === digits || !/^-?\d{1,20}$/.test(digits)) return undefined;
  return `${text} is ${digits} as ${typeof value === 'string' ? 'a string' : 'a float'}, which is a different value`;
}
