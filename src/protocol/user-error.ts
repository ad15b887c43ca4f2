/**
 * Errors of the user, including those in a file of theirs that takes part in runs, such as a workload. They say nothing
 * about the program under test.
 */

/** Printed without a stack, with a hint; exit code 254. */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(
    message: string,
    /** What to do next, in one or two sentences. */
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** Thrown when such a file has ended a run, which then has no verdict. */
export class OwnFault extends UserError {}
