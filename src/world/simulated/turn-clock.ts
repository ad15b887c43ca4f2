/** How far a process comes within one turn: it computes in no time, but looking at the clock takes some, and so does its disk. */
import type { Clock } from '../clock.ts';

export const MICROSECOND = 1_000;

export class TurnClock {
  /** Beyond the time at which the turn began, which is the world's. */
  private aheadNanos = 0;

  constructor(private readonly clock: Clock) {}

  begin(): void {
    this.aheadNanos = 0;
  }

  /** The time for the process. Looking takes a microsecond, so that waiting in a loop comes to an end. */
  look(): number {
    this.aheadNanos += MICROSECOND;
    return this.clock.nowNanos() + this.aheadNanos;
  }

  spend(nanos: number): void {
    this.aheadNanos += nanos;
  }

  /** Does something that takes no time of the process, although it may look at the clock. */
  undisturbed<T>(act: () => T): T {
    const { aheadNanos } = this;
    try {
      return act();
    } finally {
      this.aheadNanos = aheadNanos;
    }
  }

  /** Until when the turn has lasted. */
  endNanos(): number {
    return this.clock.nowNanos() + this.aheadNanos;
  }
}
