/** Numbers drawn so that small ones are as likely as large ones, and short enough to be typed. */
import type { Chance } from '../world/random.ts';

/** From the lower bound to the upper one; each doubling is as likely as any other. */
export function logUniform(random: Chance, [from, to]: readonly [number, number]): number {
  return from * Math.exp(random.float() * Math.log(to / from));
}

/** A whole number of the range, which includes both ends. */
export function wholeLogUniform(random: Chance, [from, to]: readonly [number, number]): number {
  return Math.min(to, Math.floor(logUniform(random, [from, to + 1])));
}

/** To two digits that count: 0.73, 12, 340. */
export const rounded = (value: number): number => Number(value.toPrecision(2));
