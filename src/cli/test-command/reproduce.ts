/** The command that shows a run again. */
import { shellWord } from '../../protocol/shell-word.ts';

export interface Invocation {
  /** How the program was called, as it would be typed: `./maelstrom`, `npx maelstrom`; quoted already. */
  readonly program: string;
  /** The words after it, as given: `test -w echo ...`. */
  readonly words: readonly string[];
}

/** The same words with that seed, and once only; quoted for a POSIX shell. */
export function reproduceCommand(invocation: Invocation, seed: string): string {
  const own: string[] = [];
  const { words } = invocation;
  let index = 0;
  for (; index < words.length && words[index] !== '--'; index++) {
    const word = words[index] ?? '';
    if (word === '--seed' || word === '--test-count') index++;
    else if (!word.startsWith('--seed=') && !word.startsWith('--test-count=')) own.push(word);
  }
  const quoted = [...own, '--seed', seed, ...words.slice(index)].map(shellWord);
  return [invocation.program, ...quoted].join(' ');
}
