/** The exact value of a number's text. */
import { isJsonInteger, JsonNumber, type Json } from './json-value.ts';

/** Returns the value of a number written as an integer: a `bigint` if a double would lose digits. */
export function integerOf(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/**
 * Returns the value of a number written with a fraction or an exponent: a `JsonNumber` if a plain number would not
 * represent it.
 */
export function fractionOf(text: string): number | JsonNumber {
  const value = Number(text);
  const faithful =
    Number.isFinite(value) &&
    !Number.isInteger(value) &&
    sameDecimal(decimalOf(String(value)), decimalOf(text));
  return faithful ? value : new JsonNumber(text);
}

/** A decimal number: 0.digits x 10^exponent, with the digits stripped of zeros at both ends; zero has no digits. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: bigint;
}

/** Splits the text of a number into its parts. */
export function decimalOf(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const all = whole + fraction;
  let from = 0;
  while (from < all.length && all[from] === '0') from++;
  let to = all.length;
  while (to > from && all[to - 1] === '0') to--;
  if (from === to) return { negative: false, digits: '', exponent: 0n };
  const exponent = BigInt(power.replace('+', '')) + BigInt(whole.length - from);
  return { negative: sign === '-', digits: all.slice(from, to), exponent };
}

/** Maximum number of digits of an integer that is written as a fraction; longer ones do not count as integers. */
const LONGEST_WHOLE = 1000n;

/** Returns the integer that a number equals, even if written as a fraction (3.0, 3e2), or undefined if none. */
export function wholeNumberOf(value: Json): number | bigint | undefined {
  if (isJsonInteger(value)) return value;
  if (!(value instanceof JsonNumber)) return undefined;
  const { negative, digits, exponent } = decimalOf(value.text);
  if (digits === '') return 0;
  const zeros = exponent - BigInt(digits.length);
  if (zeros < 0n || exponent > LONGEST_WHOLE) return undefined;
  return integerOf(`${negative ? '-' : ''}${digits}${'0'.repeat(Number(zeros))}`);
}

function sameDecimal(left: Decimal, right: Decimal): boolean {
  return left.negative === right.negative && left.digits === right.digits && left.exponent === right.exponent;
}
