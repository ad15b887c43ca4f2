/** One object's history and its rules, as small integers: what a search for a linearization works on, and its answer. */

/** The object's rules: states count from 0, the initial one; kinds are (function, arguments). */
export interface Transitions {
  /** The state after an operation of that kind, or -1 where the operation is impossible. */
  transition(state: number, kind: number): number;
  /** Whether operations of that kind never change any state. */
  isReadOnly(kind: number): boolean;
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

/** What the object could have been in: a state, and the open operations that had not taken effect yet. */
export interface Configuration {
  readonly state: number;
  readonly pending: readonly number[];
}

/**
 * `operation` is the first at whose completion the history so far has no linearization. Some searches can show one: the
 * operations in the order in which they took effect.
 */
export type SearchOutcome =
  | { readonly valid: true; linearization?(): readonly number[] }
  | { readonly valid: false; readonly operation: number; readonly configurations: readonly Configuration[] }
  | { readonly valid: 'unknown'; readonly reason: string; readonly event: number };

/** What the frontier asks of an object beyond its transitions. */
export interface FrontierObject extends Transitions {
  /** Whether operations of that kind are possible in every state, and all lead to the same one: a register's writes. */
  isOverwrite(kind: number): boolean;
  /** States are below this. */
  readonly stateCount: number;
}
