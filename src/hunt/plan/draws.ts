/** Random numbers on a logarithmic scale, so that small ones are as likely as large ones, and short enough to type. */
import type { Chance } from '../../world/random.ts';

/** Draws from the range so that each doubling is equally likely. */
export function logUniform(random: Chance, [from, to]: readonly [number, number]): number {
  return from * Math.exp(random.float() * Math.log(to / from));
}

/** Draws an integer from the range, both ends included. */
export function wholeLogUniform(random: Chance, [from, to]: readonly [number, number]): number {
  return Math.min(to, Math.floor(logUniform(random, [from, to + 1])));
}

/** Rounds to two significant digits: 0.73, 12, 340. */
export const rounded = (value: number): number => Number(value.toPrecision(2));
