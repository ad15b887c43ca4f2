/** Times and spans in words, and where the ticks of a time axis go. */

const UNITS = [
  { nanos: 1e9, name: 's' },
  { nanos: 1e6, name: 'ms' },
  { nanos: 1e3, name: 'µs' },
  { nanos: 1, name: 'ns' },
] as const;

/** A span in the unit that suits it: `12.3 ms`. */
export function spanText(nanos: number): string {
  const size = Math.abs(nanos);
  const unit = UNITS.find((each) => size >= each.nanos) ?? UNITS[3];
  const value = nanos / unit.nanos;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${trimmed(value.toFixed(digits))} ${unit.name}`;
}

/** How long after something else: `after 12.3 ms`; at once where no time passed, as without latency. */
export const afterText = (nanos: number): string => (nanos === 0 ? 'at once' : `after ${spanText(nanos)}`);

/** A moment, in seconds, as precise as `stepNanos` asks for: `12.345678 s`. */
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

/** Ticks at round times, some `spacing` pixels apart. Labels are in seconds, or relative to the first second shown. */
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

/** Round values for a logarithmic axis of latencies: 1 µs, 10 µs, ... within [low, high]. */
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
