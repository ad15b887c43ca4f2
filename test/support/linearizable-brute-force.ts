/**
 * Linearizability by trying everything: the oracle for tests, for histories of at most a dozen operations.
 *
 * An operation that returned must take effect between its invocation and its return; one that did not return may take
 * effect at any time after its invocation, or never.
 */

export interface Interval<Operation> {
  readonly operation: Operation;
  /** Positions in the history; `returned` is undefined for an operation that crashed. */
  readonly invoked: number;
  readonly returned: number | undefined;
}

/** True when some order of the operations that respects real time is accepted step by step. */
export function isLinearizableByBruteForce<State, Operation>(
  intervals: readonly Interval<Operation>[],
  init: State,
  step: (state: State, operation: Operation) => State | undefined,
): boolean {
  const search = (state: State, left: readonly Interval<Operation>[]): boolean => {
    const mustReturn = left.filter((interval) => interval.returned !== undefined);
    if (mustReturn.length === 0) return true;
    const deadline = Math.min(...mustReturn.map((interval) => interval.returned ?? Infinity));
    return left.some((interval) => {
      if (interval.invoked > deadline) return false;
      const after = step(state, interval.operation);
      return (
        after !== undefined &&
        search(
          after,
          left.filter((other) => other !== interval),
        )
      );
    });
  };
  return search(init, intervals);
}
