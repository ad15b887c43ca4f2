/**
 * Thrown when a run exceeds its maximum number of events, for example because a timer without delay sets itself again
 * endlessly.
 */
export class EventBudgetError extends Error {
  constructor(
    /** The number of events so far. */
    readonly events: number,
    /** The virtual time so far. */
    readonly atSeconds: number,
  ) {
    super(
      `The run was given up at virtual time ${atSeconds.toFixed(3)} s, after ${events} events: more than it may have. ` +
        `It has no verdict. A timer without delay that sets itself again, or nodes that answer each other without end, may be the cause.`,
    );
    this.name = 'EventBudgetError';
  }
}
