/** The command that shows a run again. */
import { shellWord } from '../../protocol/shell-word.ts';

export interface Invocation {
  /** How the program was called, as it would be typed: `./maelstrom`, `npx maelstrom`; quoted already. */
  readonly program: string;
  /** The words after it, as given: `test -w echo ...`. */
  readonly words: readonly string[];
}

/** What says how often it is run and who is told of it, and takes a word. */
const LEFT_OUT = ['--seed', '--test-count', '--jobs', '--reporter'];

/** The same words with that seed, once only, and for a person; quoted for a POSIX shell. */
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
