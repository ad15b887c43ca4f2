/**
 * Values as in real histories, and their equality: by value, within their kind. An integer equals no fraction (1 and
 * 1.0), no string and no boolean; the order of an object's keys does not matter.
 */
import { JsonNumber, type Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';

/** No two are equal. Neighbours are values that a careless table would confuse. */
export const ODD_VALUES: readonly Json[] = [
  2000, 500, 0, 1, 2, 3, 7, 31, 32, 33, 1023, 1025, 5000, 2 ** 22, 2 ** 30 - 1, 2 ** 30, 2 ** 30 + 1, 2 ** 31, 2 ** 32, 2 ** 40,
  Number.MAX_SAFE_INTEGER, -1, -2, -500, -2000, -(2 ** 31), 2n ** 53n, 2n ** 53n + 1n, 2n ** 60n, 2n ** 60n + 1n, -(2n ** 60n), 2n ** 70n,
  0.5, 0.1, new JsonNumber('0.1000000000000000055'), 1.5, -1.5, 2000.5, 1e-7, new JsonNumber('1.0'), new JsonNumber('0.0'), new JsonNumber('2000.0'), new JsonNumber('1e400'), new JsonNumber('1e500'),
  '', 'a', 'b', '0', '1', '500', '2000', 'null', 'true', '[1]', '[]', '{}', '"a"', '-1', '1.0', ':a', '__proto__', 'constructor', 'ä', '\u0000',
  true, false, null, [], [1], [2], [1, 2], [2, 1], [[1]], ['1'], [null], [1, [2]], [2000, 500],
  {}, { a: 1 }, { a: '1' }, { b: 1 }, { a: 1, b: 2 }, { a: 2, b: 1 }, { a: { b: 1 } }, { a: null }, { '1': 1 },
]; // prettier-ignore

const INTEGERS = ODD_VALUES.filter((value) => typeof value === 'number' && Number.isInteger(value));

/** Returns distinct values in random order; often integers of all sizes, which tables may treat specially. */
export const oddValues = (dice: Dice, count: number): Json[] =>
  dice.some(dice.chance(0.4) ? INTEGERS : ODD_VALUES, count);

/** Values that may also be added up. */
export const ODD_INTEGERS: readonly (number | bigint)[] = [
  0, 1, 2, 3, 5, 7, 500, 2000, 2 ** 31, Number.MAX_SAFE_INTEGER, 2n ** 53n, 2n ** 60n + 1n,
]; // prettier-ignore

/**
 * Returns an equal value, perhaps in another form: values that one operation writes and another reads are rarely the
 * same object.
 */
export function written(value: Json, dice: Dice): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof JsonNumber)
    return value.text.endsWith('.0') && dice.chance(0.5) ? new JsonNumber(`${value.text}0`) : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => written(item, dice));
  const entries = Object.entries(value);
  return Object.fromEntries(dice.chance(0.5) ? entries.toReversed() : entries);
}

/** Returns a text that two values share exactly when they are equal. */
export function identity(value: Json | undefined): string {
  switch (typeof value) {
    case 'undefined':
      return 'nil';
    case 'string':
      return `s${value.length}:${value}`;
    case 'number':
      if (Number.isSafeInteger(value)) return `i${value}`;
      return Number.isInteger(value) ? `i${BigInt(value)}` : `f${value}`;
    case 'bigint':
      return `i${value}`;
    case 'boolean':
      return `b${value}`;
    default:
      return value === null ? 'nil' : identityOfObject(value);
  }
}

function identityOfObject(value: object): string {
  if (value instanceof JsonNumber) {
    const double = Number(value.text);
    const isExact = Number.isFinite(double) && value.text.length < 17;
    return `f${isExact ? double : value.text}`;
  }
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(identity).join(' ')}]`;
  const fields = Object.entries(value as { readonly [key: string]: Json }).map(
    ([key, item]) => `${identity(key)}=${identity(item)}`,
  );
  return `{${fields.sort().join(' ')}}`;
}
