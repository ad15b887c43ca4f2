/** What the text of a number stands for, to the last digit. */
import { isJsonInteger, JsonNumber, type Json } from './json-value.ts';

/** The value of a number written as an integer: a `bigint` where a double would lose digits. */
export function integerOf(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** The value of a number written with a fraction or an exponent: a `JsonNumber` where a number would not do. */
export function fractionOf(text: string): number | JsonNumber {
  const value = Number(text);
  const faithful =
    Number.isFinite(value) &&
    !Number.isInteger(value) &&
    sameDecimal(decimalOf(String(value)), decimalOf(text));
  return faithful ? value : new JsonNumber(text);
}

/** A decimal number: 0.digits x 10^exponent, the digits without zeros at either end; zero has none. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: bigint;
}

/** Takes the text of a number apart. */
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

/** Digits of an integer written as a fraction; beyond them it counts as none, whatever its exponent says. */
const LONGEST_WHOLE = 1000n;

/** The integer that a number stands for, be it written as a fraction: 3.0, 3e2; undefined where it is none. */
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
