/**
 * The time of a run. The world's clock begins with the world; the run's zero is the moment at which the first
 * operations may begin, so that histories and plots do not begin with the start of the nodes. Events before it have a
 * negative time or, while the zero is still unknown, a time since the start.
 */
import { NANOS_PER_SECOND, type Clock } from '../world/clock.ts';

export class RunTime {
  private zero: number | undefined;

  constructor(private readonly clock: Clock) {}

  /** The zero on the world's clock; 0 until it is set. */
  get zeroNanos(): number {
    return this.zero ?? 0;
  }

  /** Sets the zero: the first operations may begin now. */
  begin(): void {
    this.zero ??= this.clock.nowNanos();
  }

  nowNanos(): number {
    return this.clock.nowNanos() - this.zeroNanos;
  }

  /** Formats a time of the world's clock for a log line: `12.345`, or `start+0.412` before the zero. */
  label(clockNanos: number = this.clock.nowNanos()): string {
    const seconds = (since: number): string => ((clockNanos - since) / NANOS_PER_SECOND).toFixed(3);
    return this.zero === undefined || clockNanos < this.zero ? `start+${seconds(0)}` : seconds(this.zero);
  }
}
