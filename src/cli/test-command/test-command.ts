/** `maelstrom test`: reads the options. The test runner is loaded only when needed, so that `--help` answers at once. */
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { readWords } from '../words/read-words.ts';
import { TEST_COMMAND } from './test-options.ts';

export { TEST_COMMAND as COMMAND } from './test-options.ts';

export async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const given = readWords(TEST_COMMAND, words, session);
  if (given === undefined) return EXIT.valid;
  const { runTests } = await import('./run-tests.ts');
  return runTests(given, { program: session.program, words: ['test', ...words] }, session);
}
