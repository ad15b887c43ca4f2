/**
 * Mistakes of the person at the keyboard, and among them those in a file of theirs that takes part in runs, such as a workload: they say
 * nothing about the program under test.
 */

/** Printed without a stack, with a hint, exit code 254. */
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

/** A run that such a file has ended, and that has no verdict. */
export class OwnFault extends UserError {}
