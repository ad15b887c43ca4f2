/** The virtual time within one turn. Computing takes none, but reading the clock does, and so does the disk. */
import type { Clock } from '../../clock.ts';

export const MICROSECOND = 1_000;

export class TurnClock {
  /** How far it is ahead of the world's clock, which stands at the beginning of the turn. */
  private aheadNanos = 0;

  constructor(private readonly clock: Clock) {}

  begin(): void {
    this.aheadNanos = 0;
  }

  /** Returns the time for the process. Each reading takes a microsecond, so that busy waiting ends. */
  look(): number {
    this.aheadNanos += MICROSECOND;
    return this.clock.nowNanos() + this.aheadNanos;
  }

  spend(nanos: number): void {
    this.aheadNanos += nanos;
  }

  /** Runs `act` without taking any of the process's time, even if it reads the clock. */
  undisturbed<T>(act: () => T): T {
    const { aheadNanos } = this;
    try {
      return act();
    } finally {
      this.aheadNanos = aheadNanos;
    }
  }

  /** Returns when the turn ends. */
  endNanos(): number {
    return this.clock.nowNanos() + this.aheadNanos;
  }
}
