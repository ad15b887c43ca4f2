/**
 * Chooses which of several values seen at one offset represents it.
 *
 * Any would do, but the choice decides whether a history with inconsistent offsets also counts as nonmonotonic. Jepsen
 * takes the first of a hash set, whose order follows Murmur3 of the 64-bit integer, five bits at a time from the
 * lowest. To give the same verdict, integers are ordered the same way here. Among other values the largest is chosen.
 */
import { compareJson, type Json } from '../../protocol/json.ts';

export function representative(values: readonly Json[]): Json {
  return [...values].sort(byPreference)[0] ?? null;
}

function byPreference(a: Json, b: Json): number {
  if (typeof a !== 'number' || typeof b !== 'number') return -compareJson(a, b);
  let x = hashOfLong(a);
  let y = hashOfLong(b);
  while (x !== y) {
    const difference = (x & 31) - (y & 31);
    if (difference !== 0) return difference;
    x >>>= 5;
    y >>>= 5;
  }
  return a - b;
}

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** Murmur3 (Appleby), 32-bit, seed 0, of a 64-bit integer's low and high word; zero hashes to zero. */
function hashOfLong(value: number): number {
  if (value === 0) return 0;
  let h = 0;
  for (const word of [value | 0, Math.floor(value / 0x100000000) | 0]) {
    const k = Math.imul(rotateLeft(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
    h = (Math.imul(rotateLeft(h ^ k, 13), 5) + 0xe6546b64) | 0;
  }
  h ^= 8;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
