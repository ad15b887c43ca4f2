/** Thrown by a run in which more happens than it may: a timer without delay that sets itself again makes no end of it. */
export class EventBudgetError extends Error {
  constructor(
    /** How many events it had. */
    readonly events: number,
    /** The virtual time that it had come to. */
    readonly atSeconds: number,
  ) {
    super(
      `The run was given up at virtual time ${atSeconds.toFixed(3)} s, after ${events} events: more than it may have. ` +
        `It has no verdict. A timer without delay that sets itself again, or nodes that answer each other without end, may be the cause.`,
    );
    this.name = 'EventBudgetError';
  }
}
