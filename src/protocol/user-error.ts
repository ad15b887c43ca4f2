/** A mistake of the person at the keyboard: printed without a stack, with a hint, exit code 254. */
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
