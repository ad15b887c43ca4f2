/** Time as the harness sees it: nanoseconds since the run began, and "call me at". */

/** Something that will be called later, and can be called off. */
export interface Scheduled {
  cancel(): void;
}

export interface Clock {
  /** Nanoseconds since the run began; an integer that never decreases. */
  nowNanos(): number;
  /**
   * Calls `run` once `atNanos` has come (at once on the next turn if it has passed, never synchronously).
   * Calls are ordered by (time, order of scheduling).
   */
  schedule(atNanos: number, run: () => void): Scheduled;
}

export const NANOS_PER_MS = 1_000_000;
export const NANOS_PER_SECOND = 1_000_000_000;
