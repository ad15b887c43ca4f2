/** Times and durations as text, and the ticks of a time axis. */

const UNITS = [
  { nanos: 1e9, name: 's' },
  { nanos: 1e6, name: 'ms' },
  { nanos: 1e3, name: 'µs' },
  { nanos: 1, name: 'ns' },
] as const;

/** Returns a duration in the unit that suits it: `12.3 ms`. */
export function spanText(nanos: number): string {
  const size = Math.abs(nanos);
  const unit = UNITS.find((each) => size >= each.nanos) ?? UNITS[3];
  const value = nanos / unit.nanos;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${trimmed(value.toFixed(digits))} ${unit.name}`;
}

/** Returns how long after another event something happened: `after 12.3 ms`, or `at once` for 0. */
export const afterText = (nanos: number): string => (nanos === 0 ? 'at once' : `after ${spanText(nanos)}`);

/** Returns a time in seconds, with enough digits to resolve `stepNanos`: `12.345678 s`. */
export function momentText(nanos: number, stepNanos = 1e3): string {
  const digits = Math.max(0, Math.min(9, 9 - Math.floor(Math.log10(Math.max(1, stepNanos)))));
  return `${(nanos / 1e9).toFixed(digits)} s`;
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export interface Tick {
  readonly nanos: number;
  readonly label: string;
}

/** Returns ticks at round times, at least `spacing` pixels apart, labelled in seconds. */
export function timeTicks(from: number, to: number, width: number, spacing = 110): Tick[] {
  const raw = ((to - from) * spacing) / Math.max(1, width);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= raw) ?? raw;
  const ticks: Tick[] = [];
  const first = Math.ceil(from / step);
  for (let number = first; number * step <= to && ticks.length < 200; number++) {
    const nanos = number * step;
    ticks.push({ nanos, label: momentText(nanos, step) });
  }
  return ticks;
}

/** Returns the powers of ten within [low, high], in nanoseconds, for a logarithmic axis: 1 µs, 10 µs, ... */
export function decades(low: number, high: number): number[] {
  const found: number[] = [];
  for (let value = 10 ** Math.ceil(Math.log10(Math.max(1, low))); value <= high; value *= 10)
    found.push(value);
  return found;
}

export const countText = (count: number): string => count.toLocaleString('en');

/** `1 message`, `2 messages` */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}
