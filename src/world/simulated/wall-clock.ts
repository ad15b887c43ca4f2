/** The time of day on one node: true time, unless its clock has been set wrong. */
import type { ClockSkew } from '../world.ts';

export class WallClock {
  private offsetNanos = 0;
  private drift = 0;
  /** When the drift began. */
  private sinceNanos = 0;

  set({ offsetNanos, drift }: ClockSkew, nowNanos: number): void {
    this.offsetNanos = offsetNanos;
    this.drift = drift;
    this.sinceNanos = nowNanos;
  }

  /** The settings from which another instance computes the same times. */
  get setting(): ClockSkew & { readonly sinceNanos: number } {
    return { offsetNanos: this.offsetNanos, drift: this.drift, sinceNanos: this.sinceNanos };
  }

  /** Returns what the clock shows at that true time, both in nanoseconds since the run began; may be negative. */
  shown(nowNanos: number): number {
    return nowNanos + this.offsetNanos + Math.round(this.drift * (nowNanos - this.sinceNanos));
  }
}
