/** `maelstrom check`: reads the options. What judges is loaded only when there is something to judge. */
import { parseCheckWords } from './check-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { asCalled } from '../words/as-called.ts';

export async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const parsed = parseCheckWords(words, Math.min(session.console.width, 110));
  if (parsed.kind === 'help') {
    session.console.line(asCalled(parsed.text.trimEnd(), session.program));
    return EXIT.valid;
  }
  const { runCheck } = await import('./run-check.ts');
  return runCheck(parsed.request, session);
}
