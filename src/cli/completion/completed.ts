/** What shells complete, from the tables of the commands: the same for every shell. */
import type { DescribedCommand } from '../commands.ts';
import type { AnyOption, OptionTable } from '../words/option.ts';

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Possible arguments; empty if they are files. */
  readonly args: readonly string[];
}

export interface CompletedOption {
  /** With its dashes: `--workload`. */
  readonly long: string;
  /** With its dash: `-w`. */
  readonly short: string | undefined;
  readonly about: string;
  /** What kind of word follows it. */
  readonly takes: 'nothing' | 'word' | 'file' | 'values';
  readonly values: readonly string[];
  /** Whether several values may follow, separated by commas. */
  readonly isList: boolean;
  /** Whether files are completed, too, once the word looks like a path. */
  readonly orFile: boolean;
}

/** What the command `help` does, which is no command of the tables. */
export const HELP_SUMMARY = 'explain a command or a topic in brief';

const HELP: CompletedOption = {
  long: '--help',
  short: '-h',
  about: 'show this',
  takes: 'nothing',
  values: [],
  isList: false,
  orFile: false,
};

export const completed = (commands: readonly DescribedCommand[]): readonly CompletedCommand[] =>
  commands.map(({ name, summary, text }) => {
    const tables: readonly OptionTable[] = Object.values(text.groups);
    const options = tables.flatMap((table) => Object.values(table).map(completedOption));
    return { name, summary, options: [...options, HELP], args: text.argValues ?? [] };
  });

function completedOption(option: AnyOption): CompletedOption {
  const { flags, about = '', kind, values = [], orFile = false } = option;
  const placeholder = /[<[](\w+)[>\]]/.exec(flags)?.[1] ?? '';
  return {
    long: /--[a-z-]+/.exec(flags)?.[0] ?? flags,
    short: /^-\w(?=,)/.exec(flags)?.[0],
    about,
    takes: takesOf(kind, placeholder, values),
    values,
    isList: placeholder.endsWith('s'),
    orFile,
  };
}

function takesOf(
  kind: AnyOption['kind'],
  placeholder: string,
  values: readonly string[],
): CompletedOption['takes'] {
  if (kind === 'flag' || kind === 'switch') return 'nothing';
  if (values.length > 0) return 'values';
  return ['file', 'folder', 'program', 'path'].includes(placeholder) ? 'file' : 'word';
}
