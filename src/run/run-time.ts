/**
 * The time of a run. The world's clock begins with the world; the run's zero is the moment in which the first operations may
 * begin, so that histories and plots do not begin with the start of the nodes. What happened before it has a negative time, or,
 * while it is unknown how long the start will take, a time since that start.
 */
import { NANOS_PER_SECOND, type Clock } from '../world/clock.ts';

export class RunTime {
  private zero: number | undefined;

  constructor(private readonly clock: Clock) {}

  /** The zero on the world's clock; 0 until there is one. */
  get zeroNanos(): number {
    return this.zero ?? 0;
  }

  /** The first operations may begin now. */
  begin(): void {
    this.zero ??= this.clock.nowNanos();
  }

  nowNanos(): number {
    return this.clock.nowNanos() - this.zeroNanos;
  }

  /** A time of the world's clock for a line of a log: `12.345`, or `start+0.412` before the zero. */
  label(clockNanos: number = this.clock.nowNanos()): string {
    const seconds = ((clockNanos - this.zeroNanos) / NANOS_PER_SECOND).toFixed(3);
    return this.zero === undefined ? `start+${seconds}` : seconds;
  }
}
