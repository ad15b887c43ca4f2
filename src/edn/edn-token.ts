/** The single tokens of EDN: numbers, characters and strings. */
import { fractionOf, integerOf } from '../protocol/json/json-decimal.ts';
import { NAMED_CHARACTERS } from './edn-text.ts';
import { EdnChar, EdnDecimal, EdnRatio, type Edn } from './edn-value.ts';

const INTEGER = /^([+-]?)(?:0[xX]([\da-fA-F]+)|(0|[1-9]\d*)|0([0-7]+)|([1-9]\d?)[rR]([\da-zA-Z]+))N?$/;
const RATIO = /^([+-]?\d+)\/(\d+)$/;
const FLOAT = /^([+-]?)0*(\d+)(?:\.(\d*))?([eE][+-]?\d+)?(M?)$/;

/** Maximum number of characters of a number: arithmetic on longer ones could be made to take minutes. */
const LONGEST_NUMBER = 1000;

/** Returns the number that a token represents, or undefined if none. */
export function readNumber(token: string): Edn | undefined {
  if (token.length > LONGEST_NUMBER) return undefined;
  const integer = INTEGER.exec(token);
  if (integer !== null) {
    const [, sign = '', hex, decimal, octal, radix, digits = ''] = integer;
    const value =
      decimal !== undefined
        ? integerOf(decimal)
        : hex !== undefined
          ? inRadix(hex, 16)
          : inRadix(octal ?? digits, octal === undefined ? Number(radix) : 8);
    if (value === undefined) return undefined;
    return sign === '-' && value !== 0 ? -value : value;
  }
  const ratio = RATIO.exec(token);
  if (ratio !== null) return readRatio(ratio[1] ?? '', ratio[2] ?? '');
  const float = FLOAT.exec(token);
  if (float === null) return undefined;
  const [, sign = '', whole = '', fraction, exponent = '', isDecimal] = float;
  const minus = sign === '-' ? '-' : '';
  if (isDecimal === 'M') {
    return new EdnDecimal(minus + whole + (fraction === undefined ? '' : `.${fraction}`) + exponent);
  }
  // What is left has a leading zero and is not octal.
  if (fraction === undefined && exponent === '') return undefined;
  return fractionOf(minus + whole + (fraction === undefined ? '' : `.${fraction || '0'}`) + exponent);
}

/** Returns undefined if there is no such radix, or if it lacks one of the digits. */
function inRadix(digits: string, radix: number): number | bigint | undefined {
  if (radix < 2 || radix > 36) return undefined;
  let value = 0n;
  for (const digit of digits) {
    const one = parseInt(digit, radix);
    if (Number.isNaN(one)) return undefined;
    value = value * BigInt(radix) + BigInt(one);
  }
  return integerOf(value.toString());
}

function readRatio(above: string, below: string): Edn | undefined {
  const numerator = BigInt(above.replace('+', ''));
  const denominator = BigInt(below);
  if (denominator === 0n) return undefined;
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
  return denominator === divisor
    ? integerOf((numerator / divisor).toString())
    : new EdnRatio(numerator / divisor, denominator / divisor);
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  while (right !== 0n) [left, right] = [right, left % right];
  return left;
}

/** Returns the character that a token after a backslash represents, or undefined if none. */
export function readCharacter(token: string): EdnChar | undefined {
  const named = NAMED_CHARACTERS.get(token);
  if (named !== undefined) return new EdnChar(named);
  const code = /^u([\da-fA-F]{4})$/.exec(token)?.[1];
  if (code !== undefined) return new EdnChar(String.fromCharCode(parseInt(code, 16)));
  const octal = /^o([0-3]?[0-7]{1,2})$/.exec(token)?.[1];
  if (octal !== undefined) return new EdnChar(String.fromCharCode(parseInt(octal, 8)));
  return Array.from(token).length === 1 ? new EdnChar(token) : undefined;
}

const ESCAPE = /\\(?:u([\da-fA-F]{4})|([0-3]?[0-7]{1,2})|([\s\S]?))/g;
const ESCAPED = new Map([
  ['t', '\t'],
  ['b', '\b'],
  ['n', '\n'],
  ['r', '\r'],
  ['f', '\f'],
  ['\\', '\\'],
  ['"', '"'],
]);

/**
 * Returns the string whose opening quote is at `start`, and where it ends. Without a value, `end` is the position of an
 * unknown escape, or the end of the text when the string is not closed.
 */
export function readString(text: string, start: number): { readonly value?: string; readonly end: number } {
  const end = endOfString(text, start);
  if (end === -1) return { end: text.length };
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) return { value: raw, end: end + 1 };
  let unknownAt = -1;
  const value = raw.replaceAll(
    ESCAPE,
    (_escape, unicode: string | undefined, octal: string | undefined, letter: string, at: number) => {
      if (unicode !== undefined) return String.fromCharCode(parseInt(unicode, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
      const character = ESCAPED.get(letter);
      if (character === undefined && unknownAt === -1) unknownAt = at;
      return character ?? '';
    },
  );
  return unknownAt === -1 ? { value, end: end + 1 } : { end: start + 1 + unknownAt };
}

/** Returns the position of the quote that closes the one at `start`, or -1. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && backslashesBefore(text, end) % 2 === 1) end = text.indexOf('"', end + 1);
  return end;
}

function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (text.charCodeAt(at - 1 - count) === 0x5c) count++;
  return count;
}
