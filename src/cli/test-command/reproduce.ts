/** The command that reproduces a run. */
import { shellWord } from '../../protocol/shell-word.ts';

export interface Invocation {
  /** How the program was called, as it would be typed and quoted: `./maelstrom`, `npx maelstrom`. */
  readonly program: string;
  /** The words after it, as given: `test -w echo ...`. */
  readonly words: readonly string[];
}

/** Options with a value that set how often the test is run and where it is reported. */
const LEFT_OUT = ['--seed', '--test-count', '--jobs', '--reporter'];

/** Returns the same command with this seed, for one run with output for a person; quoted for a POSIX shell. */
export function reproduceCommand(invocation: Invocation, seed: string): string {
  const own: string[] = [];
  const { words } = invocation;
  let index = 0;
  for (; index < words.length && words[index] !== '--'; index++) {
    const word = words[index] ?? '';
    if (LEFT_OUT.includes(word)) index++;
    else if (word !== '--quiet' && !LEFT_OUT.some((name) => word.startsWith(`${name}=`))) own.push(word);
  }
  const quoted = [...own, '--seed', seed, ...words.slice(index)].map(shellWord);
  return [invocation.program, ...quoted].join(' ');
}
