/** One object's history and its rules, as small integers: what the search for a linearization works on. */

/** The object's rules: states count from 0, the initial one; kinds are (function, arguments). */
export interface Transitions {
  /** The state after an operation of that kind, or -1 where the operation is impossible. */
  transition(state: number, kind: number): number;
  /** Whether operations of that kind never change any state. */
  isReadOnly(kind: number): boolean;
  /** Whether operations of that kind are possible in every state, and all lead to the same one: a register's writes. */
  isOverwrite(kind: number): boolean;
  /** States are below this; undefined where they are not known beforehand. */
  readonly stateCount: number | undefined;
}

/** One object's history in columns, without operations that failed or say nothing. */
export interface ObjectEvents {
  /** Events in order: operation * 2 for an invocation, operation * 2 + 1 for an ok completion. */
  readonly events: Int32Array;
  readonly eventCount: number;
  /** Per operation: its kind. Operations of equal function and arguments share one. */
  readonly kindOf: Int32Array;
  /** Per operation: 1 when it never completed or ended in info. */
  readonly crashed: Uint8Array;
  readonly operationCount: number;
  readonly kindCount: number;
}
