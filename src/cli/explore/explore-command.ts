/** `maelstrom explore`: reads the options. The explorer is loaded only when needed, so that `--help` answers at once. */
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { readWords } from '../words/read-words.ts';
import { EXPLORE_COMMAND } from './explore-options.ts';

export { EXPLORE_COMMAND as COMMAND } from './explore-options.ts';

export async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const given = readWords(EXPLORE_COMMAND, words, session);
  if (given === undefined) return EXIT.valid;
  const { runExplore } = await import('./run-explore.ts');
  return runExplore(given, session);
}
