/**
 * `maelstrom new` and `maelstrom init`: write a folder with a node that passes its test, ready to edit. Existing files
 * are left as they are.
 */
import { realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { oneOf } from '../../harness/settings/one-of.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { shellWord } from '../../protocol/shell-word.ts';
import { UserError } from '../../protocol/user-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { isOnPath } from '../../files/access.ts';
import { readSettings, withValue } from '../words/option.ts';
import type { CommandText, Words } from '../words/read-words.ts';
import { LANGUAGE_NAMES, LANGUAGES, STARTERS, type LanguageName, type Starter } from './languages.ts';
import { IMPORTED_AS } from '../../world/own-file.ts';
import { dependencyWord, hasDependency, isFoundFrom, ownPackage } from '../own-package.ts';
import { nearPath } from '../words/near-path.ts';
import { COMMAND, ownCommand } from '../words/own-command.ts';
import { packageManagerOf } from '../words/package-manager.ts';
import { checkNewFolder, packageNameOf } from './package-name.ts';
import { isScripted, planFolder, testLine, type FolderFacts } from './plan-folder.ts';
import { linkPackage, makeFolder, writeFiles, type Written } from './write-folder.ts';

/** Other common names of languages. */
const OTHER_NAMES: Readonly<Record<string, LanguageName>> = {
  typescript: 'ts',
  javascript: 'js',
  py: 'python',
  golang: 'go',
  rs: 'rust',
  rb: 'ruby',
  sh: 'bash',
};

const OPTIONS = {
  lang: withValue('-l, --lang <name>', `language: ${LANGUAGE_NAMES.join(', ')}`, {
    default: 'ts',
    values: LANGUAGE_NAMES,
    read: (word: string, _facts: unknown, option: string): { readonly language: LanguageName } => ({
      language: oneOf(OTHER_NAMES[word.toLowerCase()] ?? word, LANGUAGE_NAMES, { option, kind: 'language' }),
    }),
  }),
  workload: withValue('-w, --workload <name>', `node to start with: ${STARTERS.join(', ')}`, {
    default: 'echo',
    values: STARTERS,
    read: (word: string, _facts: unknown, option: string): { readonly starter: Starter } => ({
      starter: oneOf(word, STARTERS, { option, kind: 'node to begin with for' }),
    }),
  }),
};
type Groups = { readonly 'Options:': typeof OPTIONS };

const NEW: CommandText<Groups> = {
  name: 'new',
  usage: 'NAME [options]',
  about:
    'Creates a folder with a node that passes its test, ready to edit: the program, its test, and settings for editors.',
  args: '[name]',
  groups: { 'Options:': OPTIONS },
  epilogue: `
Examples:
  maelstrom new ../my-node
  maelstrom new ../gossip --lang go -w broadcast`,
};

export const INIT: CommandText<Groups> = {
  name: 'init',
  about: 'Adds the files of "maelstrom new" to the current folder. Existing files are not changed.',
  groups: { 'Options:': OPTIONS },
};

export { NEW as COMMAND };

export async function run({ args: [name], options }: Words<Groups>, session: Session): Promise<ExitCode> {
  if (name === undefined)
    throw new UserError('No folder was named.', 'For example: maelstrom new ../my-node');
  checkNewFolder(name);
  const choice = readSettings(OPTIONS, options, {});
  makeFolder(resolve(name), name);
  writeNode(realpathSync(name), choice, session);
  return EXIT.valid;
}

/** Runs `maelstrom init`. */
export async function initHere({ options }: Words<Groups>, session: Session): Promise<ExitCode> {
  writeNode(process.cwd(), readSettings(OPTIONS, options, {}), session);
  return EXIT.valid;
}

interface Choice {
  readonly language: LanguageName;
  readonly starter: Starter;
}

function writeNode(folder: string, choice: Choice, session: Session): void {
  const own = ownPackage();
  if (folder === realpathSync(own.root))
    throw new UserError(
      "This is Maelstrom's own folder; create a separate one for the node.",
      'For example: maelstrom new ../my-node',
    );
  const title = basename(folder);
  const manager = packageManagerOf(session.env);
  // The package manager puts the command into the folder, because its manifest names the package.
  const namesPackage = isScripted(choice.language) && !own.isClone;
  const facts: FolderFacts = {
    ...choice,
    title,
    packageName: packageNameOf(title),
    manager,
    dependency: dependencyWord(own, folder),
    program: namesPackage
      ? `${manager.exec} ${COMMAND}`
      : ownCommand(folder, { env: session.env, script: process.argv[1] ?? '', cwd: process.cwd() }),
  };
  const outcome = writeFiles(folder, planFolder(facts));
  if (isScripted(choice.language) && own.isClone) linkPackage(folder, own.root);
  tell(folder, facts, outcome, session);
}

function tell(
  folder: string,
  facts: FolderFacts,
  { written, kept }: Written,
  { console, env }: Session,
): void {
  const isHere = folder === process.cwd();
  const shown = isHere ? 'this folder' : shortPath(folder);
  const { needs, title } = LANGUAGES[facts.language];
  if (written.length > 0) console.line(`Wrote into ${shown}: ${written.join(', ')}`);
  if (kept.length > 0) console.line(`Already there and left unchanged: ${kept.join(', ')}`);
  if (!isOnPath(needs, env)) {
    console.line(
      `${console.paint('yellow', 'Warning:')} ${needs} is not on the PATH; it is needed for nodes in ${title}.`,
    );
  }
  if (isScripted(facts.language) && kept.includes('package.json') && !hasDependency(folder)) {
    console.line(
      `${console.paint('yellow', 'Note:')} package.json does not list Maelstrom yet. To add it: ${facts.manager.add} ${shellWord(`${IMPORTED_AS}@${facts.dependency}`)}`,
    );
  }
  console.line('');
  console.line('Next steps:');
  for (const line of nextCommands(folder, facts, kept)) console.line(`  ${line}`);
  console.line('');
  console.line(`How to write nodes: ${nearPath(folder, packageFile(join('docs', 'writing-nodes.md')))}`);
}

function nextCommands(folder: string, facts: FolderFacts, kept: readonly string[]): readonly string[] {
  const isHere = folder === process.cwd();
  const commands = isHere ? [] : [`cd ${shellWord(shortPath(folder))}`];
  if (!isScripted(facts.language)) return [...commands, './test.sh'];
  const { manager } = facts;
  if (!manager.findsAbove || !isFoundFrom(folder)) commands.push(manager.install);
  commands.push(kept.includes('package.json') ? 'node --test test.mjs' : manager.test, testLine(facts));
  return commands;
}
