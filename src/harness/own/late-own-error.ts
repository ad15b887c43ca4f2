/**
 * Errors of the user's files that no code awaits, from a rejected promise or a timer. The handler of uncaught errors
 * asks here whether one is the user's, without loading everything that such files need.
 */
import { OwnFault } from '../../protocol/user-error.ts';

/** Describes an error of one of the known modules, with its place; undefined for other errors. */
type Describe = (error: unknown) => string | undefined;

let describe: Describe = () => undefined;

/** Registers the description; called by the code that loads such files. */
export function knowOwnErrors(byFile: Describe): void {
  describe = byFile;
}

/** Returns undefined if no file of the user's is at fault. */
export function lateOwnError(error: unknown): OwnFault | undefined {
  const text = describe(error);
  if (text === undefined) return undefined;
  return new OwnFault(
    `One of your own files threw an error after it had returned: ${text}.`,
    'Its functions must finish their work before they return; promises and timers are not awaited. The run proves nothing.',
  );
}
