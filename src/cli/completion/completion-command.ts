/** `maelstrom completion`: prints a script with which a shell completes commands, options and their values. */
import { oneOf } from '../../harness/settings/one-of.ts';
import { UserError } from '../../protocol/user-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';
import { bashScript } from './bash-script.ts';
import { completed } from './completed.ts';
import { fishScript } from './fish-script.ts';
import { zshScript } from './zsh-script.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export const COMMAND: CommandText<Readonly<Record<string, never>>> = {
  name: 'completion',
  usage: 'bash|zsh|fish',
  about: "Prints a script that completes this program's commands, options and values in the given shell.",
  args: '[shell]',
  argValues: SHELLS,
  groups: {},
  epilogue: `
For every shell that is opened from now on:
  maelstrom completion bash >> ~/.bashrc
  maelstrom completion zsh > ~/.zfunc/_maelstrom         where fpath has ~/.zfunc, before compinit
  maelstrom completion fish > ~/.config/fish/completions/maelstrom.fish`,
};

export async function run({ args: [word] }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  if (word === undefined)
    throw new UserError('No shell was named.', 'For example: maelstrom completion bash >> ~/.bashrc');
  const shell = oneOf(word, SHELLS, { option: 'completion', kind: 'shell' });
  // Imported only here because they load every command, and every page of the reference.
  const [{ describedCommands }, { topicWords }] = await Promise.all([
    import('../commands.ts'),
    import('../help/help-topic.ts'),
  ]);
  const commands = completed(await describedCommands());
  const explained = [...new Set([...commands.map(({ name }) => name), ...(await topicWords()), 'topics'])];
  session.console.line(SCRIPTS[shell](commands, explained).trimEnd());
  return EXIT.valid;
}
