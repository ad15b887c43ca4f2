/** `maelstrom test`: reads the options. What runs tests is loaded only when one is to be run, so that `--help` answers at once. */
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { asCalled } from '../words/as-called.ts';
import { parseTestWords } from './test-options.ts';

export async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const parsed = parseTestWords(words, Math.min(session.console.width, 110));
  if (parsed.kind === 'help') {
    session.console.line(asCalled(parsed.text.trimEnd(), session.program));
    return EXIT.valid;
  }
  const { runTests } = await import('./run-tests.ts');
  return runTests(parsed.words, { program: session.program, words: ['test', ...words] }, session);
}
