/**
 * Equality and order of values.
 *
 * Equality is by value: the order of keys does not matter, and numbers compare by size within their kind. There are two
 * kinds, as in EDN: numbers written as integers, and numbers written with a fraction or an exponent. So 1.0 equals 1.00
 * and 1e0, but not 1.
 */
import { decimalOf, fractionOf, type Decimal } from './json-decimal.ts';
import { JsonNumber, RichValue, isJsonArray, type Json, type JsonObject } from './json-value.ts';

/**
 * Returns a text that is the same for two values exactly when they are equal: key order does not matter, 1 and 1.0
 * differ.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof JsonNumber) return canonicalFraction(value);
  if (value instanceof RichValue) return value.canonical;
  if (isJsonArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${fields.join(',')}}`;
}

function canonicalNumber(value: number): string {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return BigInt(value).toString();
  return Number.isFinite(value) ? String(value) : `##${value}`;
}

/** Returns texts such as `0.1e1`, as which no integer and no plain number is written. */
function canonicalFraction(number: JsonNumber): string {
  const plain = fractionOf(number.text);
  if (typeof plain === 'number') return String(plain);
  const { negative, digits, exponent } = decimalOf(number.text);
  return `${negative ? '-' : ''}0.${digits}e${exponent}`;
}

/** Whether two values are equal: key order does not matter, 1 and 1.0 differ. */
export function jsonEquals(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (left instanceof RichValue || right instanceof RichValue) {
    return canonicalJson(left) === canonicalJson(right);
  }
  if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
    // Only numbers have several representations of one value, and only if one of them is not a plain safe integer.
    return isNumber(left) && isNumber(right) && canonicalJson(left) === canonicalJson(right);
  }
  if (left instanceof JsonNumber || right instanceof JsonNumber) {
    return isNumber(left) && isNumber(right) && canonicalJson(left) === canonicalJson(right);
  }
  if (isJsonArray(left)) {
    if (!isJsonArray(right) || left.length !== right.length) return false;
    for (let index = 0; index < left.length; index++) {
      if (!jsonEquals(left[index] ?? null, right[index] ?? null)) return false;
    }
    return true;
  }
  return !isJsonArray(right) && objectsEqual(left, right);
}

function objectsEqual(left: JsonObject, right: JsonObject): boolean {
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && jsonEquals(left[key] ?? null, right[key] ?? null));
}

type JsonAnyNumber = number | bigint | JsonNumber;

function isNumber(value: Json): value is JsonAnyNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber;
}

/**
 * A total order, for showing values sorted: null, booleans, numbers by size (1 before 1.0), strings by UTF-16 code
 * units, arrays element by element, objects by their sorted keys and then values, all else by canonical text. Returns 0
 * exactly when the values are equal.
 */
export function compareJson(left: Json, right: Json): number {
  if (typeof left === 'number' && typeof right === 'number') return comparePlain(left, right);
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  if (left instanceof RichValue || right instanceof RichValue) return compareRich(left, right);
  const rank = rankOf(left) - rankOf(right);
  if (rank !== 0) return rank;
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right);
  if (isJsonArray(left) && isJsonArray(right)) return compareArrays(left, right);
  if (typeof left === 'object' && left !== null && typeof right === 'object' && right !== null) {
    return compareObjects(left as JsonObject, right as JsonObject); // by their rank they are objects
  }
  return Number(left) - Number(right); // null and null, or two booleans
}

function compareRich(left: Json, right: Json): number {
  const [one, other] = [plainOf(left), plainOf(right)];
  if (!(one instanceof RichValue) && !(other instanceof RichValue)) return compareJson(one, other);
  const rank = rankOf(one) - rankOf(other);
  return rank !== 0 ? rank : compareTexts(canonicalJson(one), canonicalJson(other));
}

const plainOf = (value: Json): Json => (value instanceof RichValue ? value.plain : value);

function rankOf(value: Json): number {
  if (value === null) return 0;
  if (typeof value === 'boolean') return 1;
  if (isNumber(value)) return 2;
  if (typeof value === 'string') return 3;
  if (value instanceof RichValue) return 6;
  return isJsonArray(value) ? 4 : 5;
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareArrays(left: readonly Json[], right: readonly Json[]): number {
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index++) {
    const order = compareJson(left[index] ?? null, right[index] ?? null);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareObjects(left: JsonObject, right: JsonObject): number {
  const leftKeys = Object.keys(left).toSorted();
  const rightKeys = Object.keys(right).toSorted();
  const byKeys = compareArrays(leftKeys, rightKeys);
  if (byKeys !== 0) return byKeys;
  for (const key of leftKeys) {
    const order = compareJson(left[key] ?? null, right[key] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

/** Compares by size, with NaN last. (The difference of two infinities would be NaN.) */
function comparePlain(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return left === right ? 0 : Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}

function compareNumbers(left: JsonAnyNumber, right: JsonAnyNumber): number {
  if (typeof left !== 'object' && typeof right !== 'object') return comparePlain(left, right);
  if (!isFiniteNumber(left) || !isFiniteNumber(right)) return comparePlain(sizeOf(left), sizeOf(right));
  const bySize = compareDecimals(decimalOfNumber(left), decimalOfNumber(right));
  return bySize !== 0 ? bySize : Number(isFraction(left)) - Number(isFraction(right));
}

function isFiniteNumber(number: JsonAnyNumber): boolean {
  return typeof number !== 'number' || Number.isFinite(number);
}

/** Returns a rough size for comparison with a number that is not finite: 1e400 is less than infinity. */
function sizeOf(number: JsonAnyNumber): number | bigint {
  if (typeof number !== 'object') return number;
  const { negative, digits } = decimalOf(number.text);
  return digits === '' ? 0 : negative ? -1 : 1;
}

function isFraction(number: JsonAnyNumber): boolean {
  return typeof number === 'object' || (typeof number === 'number' && !Number.isInteger(number));
}

function decimalOfNumber(number: JsonAnyNumber): Decimal {
  return decimalOf(typeof number === 'object' ? number.text : String(number));
}

function compareDecimals(left: Decimal, right: Decimal): number {
  const sign = signOf(left);
  if (sign !== signOf(right)) return sign - signOf(right);
  if (left.exponent !== right.exponent) return left.exponent < right.exponent ? -sign : sign;
  return sign * compareTexts(left.digits, right.digits);
}

function signOf({ negative, digits }: Decimal): number {
  return digits === '' ? 0 : negative ? -1 : 1;
}
