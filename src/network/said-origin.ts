/**
 * Parses the field `cause` of an envelope, in which a node reports what a message follows from (docs/protocol.md).
 *
 *     "cause": 17              sent while handling message 17, which the node received
 *     "cause": {"timer": 17}   sent by a timer that was set while handling message 17
 *     "cause": null            follows from no message; {"timer": null} likewise
 */
import { NO_ORIGIN, type Origin } from '../world/cause.ts';

const ZERO = 0x30;
/** Maximum length of a valid value. */
const LONGEST = 100;
/** Numbers below 10^15 are exact. */
const MOST_DIGITS = 15;

/** Returns undefined for any other value. The value is valid JSON, as the scanner has checked. */
export function saidOrigin(bytes: Uint8Array, start: number, end: number): Origin | undefined {
  const number = digits(bytes, start, end);
  if (number !== undefined) return { message: number, byTimer: false };
  if (end - start > LONGEST) return undefined;
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)));
  if (value === null) return NO_ORIGIN;
  if (typeof value !== 'object' || !Object.hasOwn(value, 'timer') || !('timer' in value)) return undefined;
  const { timer } = value;
  if (timer === null) return NO_ORIGIN;
  const isId = typeof timer === 'number' && Number.isSafeInteger(timer) && timer >= 0;
  return isId ? { message: timer, byTimer: true } : undefined;
}

function digits(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start > MOST_DIGITS) return undefined;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}
