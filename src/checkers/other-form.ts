/** Values that come back as strings or floats, which happens in many languages if elements are used as map keys. */
import { jsonEquals, valueText, type Json } from '../protocol/json.ts';

/** Returns the first of `others` that is another form of the element: 7, 7.0 and "7" are. */
export const otherFormOf = (element: Json, others: readonly Json[]): Json | undefined =>
  others.find((other) => digitsOf(other) === digitsOf(element) && !jsonEquals(other, element));

/** Says as what an element came back: `a string`. */
export const formOf = (read: Json, added: Json): string =>
  typeof read === 'string' ? 'a string' : typeof added === 'string' ? 'a number' : 'a float';

const digitsOf = (element: Json): string =>
  (typeof element === 'string' ? element : valueText(element)).replace(/^(-?\d+)\.0*$/, '$1');
