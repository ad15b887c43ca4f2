/** The time of day as one node has it: true time, unless its clock has been set wrong. */
import type { ClockSkew } from '../world.ts';

export class WallClock {
  private offsetNanos = 0;
  private drift = 0;
  /** Since when it drifts. */
  private sinceNanos = 0;

  set({ offsetNanos, drift }: ClockSkew, nowNanos: number): void {
    this.offsetNanos = offsetNanos;
    this.drift = drift;
    this.sinceNanos = nowNanos;
  }

  /** From which another makes the same of a time. */
  get setting(): ClockSkew & { readonly sinceNanos: number } {
    return { offsetNanos: this.offsetNanos, drift: this.drift, sinceNanos: this.sinceNanos };
  }

  /** What the clock shows at that true time, both in nanoseconds since the run began; it may be negative. */
  shown(nowNanos: number): number {
    return nowNanos + this.offsetNanos + Math.round(this.drift * (nowNanos - this.sinceNanos));
  }
}
