/** `maelstrom doc`: writes the reference pages into a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { UserError } from '../../protocol/user-error.ts';
import { explainFileError } from '../../store/explain-file-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { asCalled } from '../words/as-called.ts';
import { withDefault } from '../words/with-default.ts';
import { commandErrorText } from '../words/command-error.ts';

export async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const command = new Command('maelstrom doc')
    .description('Writes the reference pages of the protocol, the workloads and the services, in Markdown.')
    .addOption(withDefault('--folder <folder>', 'where to', 'docs'))
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => session.console.line(asCalled(text.trimEnd(), session.program)),
      writeErr: () => {},
    });
  let folder: string;
  try {
    folder = command.parse([...words], { from: 'user' }).opts<{ readonly folder: string }>().folder;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.valid;
    throw new UserError(commandErrorText(error), 'All options: maelstrom doc --help');
  }
  const { referencePages } = await import('./reference-pages.ts');
  const { WORKLOADS } = await import('../../workloads/index.ts');
  for (const { name, text } of referencePages(WORKLOADS.values())) {
    const file = join(folder, name);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    } catch (error) {
      throw new UserError(explainFileError(file, error));
    }
    session.console.line(file);
  }
  return EXIT.valid;
}
