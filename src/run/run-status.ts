/** What can be said of a run while it goes: for the status line, and later for live pages. */

export type RunPhase =
  | 'starting'
  | 'set-up'
  | 'main'
  | 'liveness'
  | 'healing'
  | 'recovery'
  | 'final reads'
  | 'stopping'
  | 'analysis'
  | 'done';

export interface RunStatus {
  readonly phase: RunPhase;
  /** Seconds left in a phase of known length. */
  readonly secondsLeft?: number;
  readonly invoked: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** Messages sent so far. */
  readonly messages: number;
  /** Words such as `partition n1 | n2 n3`. */
  readonly activeFaults: readonly string[];
}
