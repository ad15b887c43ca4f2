/**
 * Errors of the user's files that come when nothing waits for them: of a promise that was rejected, or of a timer. What a process does
 * with an error that nothing caught asks here whose it is, without loading all that files of the user's need.
 */
import { OwnFault } from '../../protocol/user-error.ts';

/** Describes an error of one of the modules that it knows, with the place; undefined for others. */
type Describe = (error: unknown) => string | undefined;

let describe: Describe = () => undefined;

/** Called by what loads such files. */
export function knowOwnErrors(byFile: Describe): void {
  describe = byFile;
}

/** Undefined where no file of the user's is at fault. */
export function lateOwnError(error: unknown): OwnFault | undefined {
  const text = describe(error);
  if (text === undefined) return undefined;
  return new OwnFault(
    `A file of yours is at fault: what it had left for later threw ${text}.`,
    'Its functions must do all that they do before they return: nothing waits for a promise or a timer. The run proves nothing.',
  );
}
