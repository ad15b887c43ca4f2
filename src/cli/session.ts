/** What a command gets besides its words: the terminal, the environment, and how the program was called. */
import type { reportRun } from '../harness/one-test/report-run.ts';
import type { Console } from './show/console.ts';

export interface Session {
  readonly console: Console;
  /** Standard error, for errors and warnings. */
  readonly errors: Console;
  /** Standard input; opened only by a command that reads it. */
  stdin(): AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How the program was called, for commands shown to the user: `./maelstrom`. */
  readonly program: string;
  /** Replaces the thread that writes reports, for many runs that are made only for their output. */
  readonly reportRun?: typeof reportRun;
}
