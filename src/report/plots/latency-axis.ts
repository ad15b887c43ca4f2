/** The axis of latencies: milliseconds, logarithmic, in whole decades. */
import { format } from 'd3-format';
import { straightScale, type YAxis } from './plot-frame.ts';

/** Shorter latencies are drawn at this value: in the simulated world a reply may take no time at all. */
export const LEAST_MS = 0.001;
const NANOS_PER_MS = 1e6;
const MOST_LABELS = 9;

export function latencyMs(nanos: number): number {
  return Math.max(LEAST_MS, nanos / NANOS_PER_MS);
}

/** Returns an axis for latencies of that range, in pixels from the bottom to the top. */
export function latencyAxis(leastMs: number, mostMs: number, bottom: number, top: number): YAxis {
  const from = 10 ** Math.floor(Math.log10(Math.max(LEAST_MS, Math.min(leastMs, mostMs))));
  const to = Math.max(10 ** Math.ceil(Math.log10(Math.max(mostMs, LEAST_MS))), from * 10);
  const ofLog = straightScale([Math.log(from), Math.log(to)], [bottom, top]);
  const scale = (ms: number): number => ofLog(Math.log(ms));
  const decades = Math.round(Math.log10(to / from));
  const steps = decades <= 2 && bottom - top > 120 ? [1, 2, 5] : [1];
  const every = Math.ceil((decades * steps.length) / Math.min(MOST_LABELS, (bottom - top) / 18));
  const ticks: { value: number; text: string }[] = [];
  for (let decade = 0; decade <= decades; decade++) {
    for (const step of steps) {
      const value = from * 10 ** decade * step;
      if (value <= to * 1.0001) ticks.push({ value, text: milliseconds(value) });
    }
  }
  return { scale, ticks: ticks.filter((_, at) => at % every === 0), name: 'latency (ms)' };
}

function milliseconds(value: number): string {
  return value >= 1 ? format(',')(Math.round(value)) : String(Number(value.toPrecision(1)));
}
