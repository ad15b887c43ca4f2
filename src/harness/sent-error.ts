/** Errors that processes report to their parent: an error loses its class when it is sent. */
import { OwnFault, UserError } from '../protocol/user-error.ts';

export interface SentError {
  readonly message: string;
  readonly stack?: string | undefined;
  readonly isUsers: boolean;
  readonly hint?: string | undefined;
  /** For an error of a user's file: true if it has ended the run. */
  readonly isOwnFault?: boolean;
}

export function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error), isUsers: false };
  const { message, stack } = error;
  if (!(error instanceof UserError)) return { message, stack, isUsers: false };
  return { message, hint: error.hint, isUsers: true, isOwnFault: error instanceof OwnFault };
}

export function readSentError({ message, stack, isUsers, isOwnFault, hint }: SentError): Error {
  if (isOwnFault === true) return new OwnFault(message, hint);
  if (isUsers) return new UserError(message, hint);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
