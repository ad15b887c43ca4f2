/** `maelstrom doc`: writes the reference pages into a folder. */
import { byCount } from '../../protocol/count-text.ts';
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolders } from '../../files/make-folders.ts';
import { readPlain, replaceFile } from '../../files/plain-file.ts';
import { UserError } from '../../protocol/user-error.ts';
import { explainFileError } from '../../store/explain-file-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { isGenerated } from './markdown.ts';
import { flag, withValue } from '../words/option.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';

const OPTIONS = {
  folder: withValue('--folder <folder>', 'output folder', { default: 'docs', isPath: true }),
  force: flag('--force', 'overwrite files with these names even if this command did not write them'),
};

export const COMMAND: CommandText<{ readonly 'Options:': typeof OPTIONS }> = {
  name: 'doc',
  usage: '[FOLDER] [options]',
  about:
    'Writes the reference pages in Markdown, with their pictures: protocol, workloads, services, results, options, faults, errors, models, anomalies.',
  args: '[folder]',
  groups: { 'Options:': OPTIONS },
};

export async function run({ args, options }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  const { force } = options;
  const [folder = options.folder] = args;
  const { referencePages } = await import('./reference-pages.ts');
  const pages = (await referencePages()).map(({ name, text }) => ({
    file: join(folder, name),
    text,
  }));
  // All are checked before one is written.
  const foreign = force ? [] : pages.filter(({ file }) => isThere(file) && !isGenerated(textOf(file)));
  if (foreign.length > 0) {
    const files = foreign.map(({ file }) => file).join(', ');
    throw new UserError(
      `${files} would be overwritten, and ${byCount(foreign.length, 'was', 'were')} not written by this command. Nothing was written.`,
      'Choose another folder (maelstrom doc --folder FOLDER), or overwrite them with --force.',
    );
  }
  for (const { file, text } of pages) {
    try {
      makeFolders(dirname(file));
      if (isLink(file) || textOf(file) !== text) replaceFile(file, text);
    } catch (error) {
      throw new UserError(explainFileError(file, error));
    }
  }
  const written = pages.filter(({ file }) => file.endsWith('.md'));
  for (const { file } of written) session.console.line(file);
  session.console.line(`${pages.length - written.length} pictures`);
  return EXIT.valid;
}

const isThere = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined;

const isLink = (file: string): boolean =>
  lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/** Returns '' if it is not a plain file, so that it counts as foreign. */
function textOf(file: string): string {
  try {
    return readPlain(file);
  } catch {
    return '';
  }
}
