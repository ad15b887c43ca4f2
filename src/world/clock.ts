/** Time as the harness sees it: nanoseconds since the run began, and scheduled calls. */

/** A scheduled call, which can be cancelled. */
export interface Scheduled {
  cancel(): void;
}

export interface Clock {
  /** Nanoseconds since the run began; an integer that never decreases. */
  nowNanos(): number;
  /**
   * Calls `run` at `atNanos`, or on the next turn if that time has passed; never synchronously. Calls are ordered by
   * (time, order of scheduling).
   */
  schedule(atNanos: number, run: () => void): Scheduled;
}

export const NANOS_PER_MS = 1_000_000;
export const NANOS_PER_SECOND = 1_000_000_000;
