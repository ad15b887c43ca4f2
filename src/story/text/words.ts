/** Text fragments used throughout a story. */
import { valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';

/** Formats a value within a sentence: short, and safe to show. */
export const brief = (value: Json): string => shownText(valueText(value), 60);

/** Formats a duration: `0.8 s`, `12 ms`, `0.3 ms`, `4 us`. */
export function duration(nanos: number): string {
  if (nanos >= 0.1 * NANOS_PER_SECOND) return `${rounded(nanos / NANOS_PER_SECOND)} s`;
  if (nanos >= 10_000 || nanos === 0) return `${rounded(nanos / 1e6)} ms`;
  return nanos >= 1000 ? `${rounded(nanos / 1000)} us` : `${nanos} ns`;
}

/** Rounds to at least two significant digits. */
function rounded(value: number): string {
  if (value >= 10) return value.toFixed(0);
  return value >= 1 ? trimmed(value.toFixed(1)) : trimmed(value.toFixed(2));
}

const trimmed = (text: string): string => text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');

/** Formats a time of the run: `1.234 s`. */
export const moment = (nanos: number): string => `${(nanos / NANOS_PER_SECOND).toFixed(3)} s`;

/** Formats the name of an error as words: `key does not exist`. */
export const inPlainWords = (name: string): string => name.replaceAll('-', ' ');

/** Returns ` at n2`, or nothing if the node is unknown, as in an external history. */
export const atNode = (node: string | undefined): string => (node === undefined ? '' : ` at ${node}`);
