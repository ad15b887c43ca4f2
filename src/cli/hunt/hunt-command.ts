/** `maelstrom hunt`: reads the options. The hunt is loaded only when needed, so that `--help` answers at once. */
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { readWords } from '../words/read-words.ts';
import { HUNT_COMMAND } from './hunt-options.ts';

export { HUNT_COMMAND as COMMAND } from './hunt-options.ts';

export async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const given = readWords(HUNT_COMMAND, words, session);
  if (given === undefined) return EXIT.valid;
  const { runHunt } = await import('./run-hunt.ts');
  return runHunt(given, session);
}
