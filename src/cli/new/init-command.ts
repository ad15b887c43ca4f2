/** `maelstrom init`: what `maelstrom new` writes, added to the current folder. */
import type { ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { initHere } from './new-command.ts';

export { INIT as COMMAND } from './new-command.ts';

export const run = (words: readonly string[], session: Session): Promise<ExitCode> =>
  initHere(words, session);
