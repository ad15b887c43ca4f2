/** One object's history and rules as small integers: the input of a search for a linearization, and its result. */

/** The object's rules. States count from 0, the initial one; a kind stands for a function and its arguments. */
export interface Transitions {
  /** Returns the state after an operation of that kind, or -1 if the operation is impossible. */
  transition(state: number, kind: number): number;
  /** Whether operations of that kind never change any state. */
  isReadOnly(kind: number): boolean;
}

/** One object's history in columns, without operations that failed or prove nothing. */
export interface ObjectEvents {
  /** Events in order: operation * 2 for an invocation, operation * 2 + 1 for an ok completion. */
  readonly events: Int32Array;
  readonly eventCount: number;
  /** Indexed by operation: its kind. Operations with equal function and arguments share one. */
  readonly kindOf: Int32Array;
  /** Indexed by operation: 1 if it never completed or ended in info. */
  readonly crashed: Uint8Array;
  readonly operationCount: number;
  readonly kindCount: number;
}

/** A possible configuration of the object: a state, and the open operations that had not taken effect yet. */
export interface Configuration {
  readonly state: number;
  readonly pending: readonly number[];
}

/**
 * `operation` is the first at whose completion the history so far has no linearization. Some searches can return one:
 * the operations in the order in which they took effect.
 */
export type SearchOutcome =
  | { readonly valid: true; linearization?(): readonly number[] | undefined }
  | { readonly valid: false; readonly operation: number; readonly configurations: readonly Configuration[] }
  | { readonly valid: 'unknown'; readonly reason: string; readonly event: number };

/** What the frontier requires from an object beyond its transitions. */
export interface FrontierObject extends Transitions {
  /** Whether operations of that kind are possible in every state and all lead to the same one: a register's writes. */
  isOverwrite(kind: number): boolean;
  /** Number of states. */
  readonly stateCount: number;
}
