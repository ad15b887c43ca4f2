/** `maelstrom init`: adds to the current folder what `maelstrom new` would write. */
import type { ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { initHere } from './new-command.ts';

export { INIT as COMMAND } from './new-command.ts';

export const run = (words: readonly string[], session: Session): Promise<ExitCode> =>
  initHere(words, session);
