/** Draws the skew of a clock, and writes it as histories do. */
import { NANOS_PER_MS } from '../../world/clock.ts';
import type { Chance } from '../../world/random.ts';
import type { ClockSkew } from '../../world/world.ts';
import type { SkewSize, SkewSpan } from '../fault-strengths.ts';

/** The default. Whether clocks jump, drift, or do both is then random too. */
const USUAL: SkewSize = { jumpMs: { from: 10, to: 60_000 }, drift: { from: 0, to: 0.05 } };

type SkewKind = 'jump' | 'drift' | 'both';
const KINDS: readonly SkewKind[] = ['jump', 'drift', 'both'];

export function drawSkew(random: Chance, size: SkewSize | undefined): ClockSkew {
  const kind = size === undefined ? random.pick(KINDS) : 'both';
  const { jumpMs, drift } = size ?? USUAL;
  const jump = jumpMs === undefined ? 0 : drawJumpMs(random, jumpMs);
  const isForwards = kind === 'drift' || jumpMs === undefined || isPositive(random, jumpMs);
  return {
    offsetNanos: kind === 'drift' ? 0 : (isForwards ? 1 : -1) * Math.round(jump * NANOS_PER_MS),
    drift: kind === 'jump' || drift === undefined ? 0 : drawDrift(random, drift),
  };
}

/** Draws a jump; small jumps are as likely as large ones. */
function drawJumpMs(random: Chance, { from, to }: SkewSpan): number {
  // A power, computed by functions that round the same on every version of V8.
  const jumpMs = from * Math.exp(random.float() * Math.log(to / from));
  return from === to ? from : Math.round(jumpMs);
}

const isPositive = (random: Chance, { sign }: SkewSpan): boolean =>
  sign === undefined ? random.boolean() : sign > 0;

/** Draws a drift; too fast and too slow are equally likely unless a sign is given. */
function drawDrift(random: Chance, { from, to, sign }: SkewSpan): number {
  const place = 2 * random.float() - 1;
  const size = from + Math.abs(place) * (to - from);
  return Math.round((sign ?? (place < 0 ? -1 : 1)) * size * 1e4) / 1e4;
}

/** Returns `+1234ms`, `-20ms +1.5%`, or `right`. */
export function skewText({ offsetNanos, drift }: ClockSkew): string {
  const signed = (value: number, unit: string): string => `${value < 0 ? '' : '+'}${value}${unit}`;
  const jump = offsetNanos === 0 ? [] : [signed(offsetNanos / NANOS_PER_MS, 'ms')];
  const speed = drift === 0 ? [] : [signed(Math.round(drift * 1e4) / 100, '%')];
  const parts = [...jump, ...speed];
  return parts.length === 0 ? 'right' : parts.join(' ');
}
