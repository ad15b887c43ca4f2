/** The state of a run in progress, for the status line and for callers of `runTest`. */

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
  /** Number of messages sent so far. */
  readonly messages: number;
  /** In words, such as `partition n1 | n2 n3`. */
  readonly activeFaults: readonly string[];
}
