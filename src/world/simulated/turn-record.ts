/**
 * Which turn of which node goes on, where another thread can read it: when a turn fills the memory, its thread is lost with
 * everything in it. The same seed gives the same turns, so that the run can be repeated, and the node ended where that turn
 * would begin.
 */

/** Turns are counted from 1, over all nodes. */
export class TurnRecord {
  private count = 0;

  constructor(
    /** One number: the turn that goes on, 0 between turns. */
    private readonly running: Float64Array = new Float64Array(1),
    /** Turns that are known to fill the memory. */
    private readonly fatal: readonly number[] = [],
    /** Called as the last of those would begin. */
    private readonly onLastFatal: () => void = () => {},
  ) {}

  /** Says whether the turn that begins may go on. */
  begin(): boolean {
    this.count++;
    if (this.fatal.length > 0 && this.fatal.includes(this.count)) {
      if (this.count === Math.max(...this.fatal)) this.onLastFatal();
      return false;
    }
    this.running[0] = this.count;
    return true;
  }

  end(): void {
    this.running[0] = 0;
  }
}

/** A turn takes longer than its thread waits: the run must be repeated where a turn can be watched. */
export class LongTurnError extends Error {}
