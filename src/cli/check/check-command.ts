/** `maelstrom check`: reads the options, and loads the checkers only if there is a history to check. */
import { CHECK_COMMAND, requestsOf } from './check-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { shownLines } from '../../protocol/shown-text.ts';
import type { Session } from '../session.ts';
import type { WordsOf } from '../words/read-words.ts';

export { CHECK_COMMAND as COMMAND } from './check-options.ts';

export async function run(given: WordsOf<typeof CHECK_COMMAND>, session: Session): Promise<ExitCode> {
  const requests = requestsOf(given);
  const { runCheck } = await import('./run-check.ts');
  const codes: ExitCode[] = [];
  for (const request of requests) codes.push(await runCheck(request, session));
  if (codes.length > 1) {
    for (const [at, { path }] of requests.entries()) {
      session.console.line(`${shownLines(path)}\t${SAID[codes[at] ?? EXIT.unknown] ?? 'unknown'}`);
    }
  }
  return [EXIT.invalid, EXIT.unknown].find((code) => codes.includes(code)) ?? EXIT.valid;
}

/** The words that elle-cli prints after the name of a file. */
const SAID: Readonly<Partial<Record<ExitCode, string>>> = { [EXIT.valid]: 'true', [EXIT.invalid]: 'false' };
