/**
 * Calls the command in this process. Starting one takes a quarter of a second of CPU time, so that tests start it only
 * where the process itself is what they are about.
 */
import { runCli } from '../../src/cli/cli.ts';
import { Console } from '../../src/cli/show/console.ts';

export interface Said {
  readonly code: number;
  /** Both streams, as they came. */
  readonly output: string;
}

export async function commandHere(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Said> {
  let output = '';
  const terminal = new Console({ write: (text) => (output += text) }, {});
  const code = await runCli(words, {
    console: terminal,
    errors: terminal,
    async *stdin() {},
    env,
    program: 'maelstrom',
  });
  return { code, output };
}
