/** `maelstrom doc`: writes the reference pages into a folder. */
import { byCount } from '../../protocol/count-text.ts';
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { readPlain, replaceFile } from '../../files/plain-file.ts';
import { UserError } from '../../protocol/user-error.ts';
import { explainFileError } from '../../store/explain-file-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { asCalled } from '../words/as-called.ts';
import { withDefault } from '../words/with-default.ts';
import { commandErrorText } from '../words/command-error.ts';

interface DocOptions {
  readonly folder: string;
  readonly force?: boolean;
}

export async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const options = readOptions(words, session);
  if (options === undefined) return EXIT.valid;
  const { folder, force = false } = options;
  const { isGenerated, referencePages } = await import('./reference-pages.ts');
  const { WORKLOADS } = await import('../../workloads/index.ts');
  const pages = referencePages(WORKLOADS.values()).map(({ name, text }) => ({
    file: join(folder, name),
    text,
  }));
  // All are looked at before one is written.
  const foreign = force ? [] : pages.filter(({ file }) => isThere(file) && !isGenerated(textOf(file)));
  if (foreign.length > 0) {
    const files = foreign.map(({ file }) => file).join(', ');
    throw new UserError(
      `${files} would be overwritten, and ${byCount(foreign.length, 'was', 'were')} not written by this command. Nothing was written.`,
      'Name another folder (maelstrom doc --folder FOLDER), or overwrite with --force.',
    );
  }
  for (const { file, text } of pages) {
    try {
      mkdirSync(folder, { recursive: true });
      replaceFile(file, text);
    } catch (error) {
      throw new UserError(explainFileError(file, error));
    }
    session.console.line(file);
  }
  return EXIT.valid;
}

/** Undefined when only help was asked for. */
function readOptions(words: readonly string[], session: Session): DocOptions | undefined {
  const command = new Command('maelstrom doc')
    .usage('[FOLDER] [options]')
    .description('Writes the reference pages of the protocol, the workloads and the services, in Markdown.')
    .argument('[folder]')
    .configureHelp({ visibleArguments: () => [] })
    .addOption(withDefault('--folder <folder>', 'where to', 'docs'))
    .option('--force', 'overwrite files of these names that this command did not write')
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => session.console.line(asCalled(text.trimEnd(), session.program)),
      writeErr: () => {},
    });
  try {
    const options = command.parse([...words], { from: 'user' }).opts<DocOptions>();
    const [folder] = command.args;
    return folder === undefined ? options : { ...options, folder };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UserError(commandErrorText(error), 'All options: maelstrom doc --help');
  }
}

const isThere = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined;

/** What is no plain file has no text, and is not ours. */
function textOf(file: string): string {
  try {
    return readPlain(file);
  } catch {
    return '';
  }
}
