/** Divides a run into windows of equal length, a round number of seconds. */
import { format } from 'd3-format';

export interface TimeWindows {
  readonly count: number;
  readonly seconds: number;
  /** Their length in words: `stretches of 0.5 s`, `the whole run`. */
  readonly text: string;
  /** Returns the number of the window that contains a time. */
  readonly at: (nanos: number) => number;
  /** Returns when a window begins; the one after the last begins at the end of the run. */
  readonly fromSeconds: (window: number) => number;
}

const NANOS = 1e9;

/** Returns about `about` windows, never more, and at least one. */
export function timeWindows(endNanos: number, about: number): TimeWindows {
  const endSeconds = Math.max(endNanos / NANOS, 1e-6);
  const seconds = roundUp(endSeconds / Math.max(1, about));
  const count = Math.max(1, Math.ceil(endSeconds / seconds - 1e-9));
  return {
    count,
    seconds,
    text: count === 1 ? 'the whole run' : `stretches of ${format('~g')(seconds)} s`,
    at: (nanos) => Math.min(count - 1, Math.max(0, Math.floor(nanos / NANOS / seconds))),
    fromSeconds: (window) => Math.min(window * seconds, endSeconds),
  };
}

/** Rounds up to 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((candidate) => candidate * power >= value * 0.999_999) ?? 10;
  return Number((step * power).toPrecision(1));
}
