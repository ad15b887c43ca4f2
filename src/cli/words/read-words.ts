/** Parses the words after a command by its table of options, with commander, and prints its help. */
import { Command, CommanderError, Option } from 'commander';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { EXIT } from '../exit-code.ts';
import type { Console } from '../show/console.ts';
import { asCalled } from './as-called.ts';
import { commandErrorText } from './command-error.ts';
import { refuseTilde } from './home-path.ts';
import { longFlag, type AnyOption, type Given, type Intersection, type OptionTable } from './option.ts';

const WIDEST_HELP = 110;

/** Options under their headings. */
export type Groups = Readonly<Record<string, OptionTable>>;

/** A command as its help shows it. */
export interface CommandText<Options extends Groups = Groups> {
  readonly name: string;
  readonly usage?: string;
  readonly about: string;
  /** Arguments besides the options, in commander's notation: `[args...]`. */
  readonly args?: string;
  /** Possible arguments, for shell completion. */
  readonly argValues?: readonly string[];
  readonly groups: Options;
  /** The heading under which `--help` is listed. */
  readonly helpGroup?: string;
  /** Text after the options: examples, exit codes. */
  readonly epilogue?: string;
  /** Checks the arguments that are not options, given all words; throws a UserError for ones that cannot be intended. */
  readonly checkArgs?: (args: readonly string[], words: readonly string[]) => void;
  /** Indexed by commander's error code: a better message than commander's. */
  readonly messages?: Readonly<Record<string, { readonly text?: string; readonly hint?: string }>>;
}

export interface Words<Options extends Groups> {
  readonly options: Given<Intersection<Options>>;
  /** The words that are not options, and those after `--`. */
  readonly args: readonly string[];
  /** Notes on options that take one value but were given more than once: which values are ignored. */
  readonly notes: readonly string[];
  /** All words after the command, as typed. */
  readonly typed: readonly string[];
}

export type WordsOf<Command> = Command extends CommandText<infer Options> ? Words<Options> : never;

/** The parts of a session that are needed. */
interface Asking {
  readonly console: Console;
  readonly errors: Console;
  readonly program: string;
}

/** Returns undefined after showing the help, if that was requested. Throws a UserError for options that do not exist. */
export function readWords<Options extends Groups>(
  command: CommandText<Options>,
  words: readonly string[],
  { console, errors, program }: Asking,
): Words<Options> | undefined {
  const parsed = parseWords(command, words, Math.min(console.width, WIDEST_HELP));
  if (parsed.kind === 'words') {
    for (const note of parsed.words.notes) errors.line(`${errors.paint('yellow', 'Note:')} ${note}`);
    return parsed.words;
  }
  console.line(asCalled(parsed.text.trimEnd(), program));
  return undefined;
}

export type Parsed<Options extends Groups> =
  | { readonly kind: 'words'; readonly words: Words<Options> }
  | { readonly kind: 'help'; readonly text: string };

export function parseWords<Options extends Groups>(
  command: CommandText<Options>,
  words: readonly string[],
  helpWidth: number,
): Parsed<Options> {
  const { name, messages = {}, checkArgs } = command;
  // The merged groups are the table.
  const table = Object.assign({}, ...Object.values(command.groups)) as OptionTable;
  let help = '';
  const parser = parserOf(command, helpWidth)
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: () => {} });
  refuseSingleDashes(words, parser);
  const repeated = new RepeatedValues(table, parser);
  try {
    parser.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === EXIT.valid) return { kind: 'help', text: help };
    const message = messages[error.code];
    throw new UserError(
      message?.text ??
        commandErrorText(
          error,
          parser.options.flatMap(({ long }) => long ?? []),
        ),
      message?.hint ?? `All options: maelstrom ${name} --help`,
    );
  }
  const given: Readonly<Record<string, unknown>> = parser.opts();
  const options = Object.fromEntries(
    Object.entries(table).map(([key, option]) => [
      key,
      given[key] ?? (option.kind === 'flag' ? false : undefined),
    ]),
  );
  for (const [key, option] of Object.entries(table)) refuseWrongWord(option, options[key]);
  const { args } = parser;
  checkArgs?.(args, words);
  // Parsed by the table, and so of its type.
  return {
    kind: 'words',
    words: { options: options as Words<Options>['options'], args, notes: repeated.notes(), typed: words },
  };
}

const LONGEST_WORD = 60;
const HOW_OFTEN = ['', 'once', 'twice', 'three times'];

/** Reports repeated options that take one value: the last one counts, as in upstream. */
class RepeatedValues {
  private readonly given = new Map<AnyOption, string[]>();

  constructor(table: OptionTable, parser: Command) {
    for (const option of Object.values(table)) {
      if (option.kind !== 'value') continue;
      // This event is emitted only for words, not for defaults or the environment.
      parser.on(`option:${longFlag(option).slice(2)}`, (word: string | null) => {
        const words = this.given.get(option) ?? [];
        this.given.set(option, [...words, word ?? '']);
      });
    }
  }

  notes(): readonly string[] {
    return [...this.given].flatMap(([option, words]) => {
      const last = words.at(-1);
      const left = [...new Set(words)].filter((word) => word !== last && word !== '');
      if (left.length === 0) return [];
      const flag = longFlag(option);
      const often = HOW_OFTEN[words.length] ?? `${words.length} times`;
      const isPlural = /[<[]\w+s[>\]]/.test(option.flags);
      const all = [...new Set(words)].filter((word) => word !== '');
      const hint = isPlural ? `; several are written ${flag} ${all.map(shown).join(',')}` : '';
      return [
        `${flag} was given ${often}: the last one counts, and ${left.map(shown).join(' and ')} ` +
          `${left.length === 1 ? 'is' : 'are'} left out${hint}.`,
      ];
    });
  }
}

const shown = (word: string): string => shownText(word, LONGEST_WORD);

function parserOf(
  { name, usage = '[options]', about, args, groups, helpGroup = 'Options:', epilogue = '' }: CommandText,
  helpWidth: number,
): Command {
  const parser = new Command(`maelstrom ${name}`)
    .usage(usage)
    .description(about)
    .allowExcessArguments(false)
    .configureHelp({ helpWidth, visibleArguments: () => [] });
  if (args !== undefined) parser.argument(args);
  for (const [group, options] of Object.entries(groups)) {
    for (const [key, option] of Object.entries(options)) {
      for (const one of commanderOptions(option)) {
        if (one.attributeName() !== key) throw new Error(`${option.flags} stands in its table as ${key}`);
        parser.addOption(one.helpGroup(group));
      }
    }
  }
  return parser
    .addHelpOption(new Option('-h, --help', 'show this').helpGroup(helpGroup))
    .addHelpText('after', epilogue);
}

function commanderOptions(option: AnyOption): readonly Option[] {
  const one = new Option(option.flags, option.about);
  switch (option.kind) {
    case 'value':
      if (option.default !== undefined) one.default(option.default, option.shownDefault ?? option.default);
      if (option.preset !== undefined) one.preset(option.preset);
      if (option.env !== undefined) one.env(option.env);
      return [one];
    case 'list':
      return [
        one.argParser((word, before: readonly string[] | undefined): readonly string[] => [
          ...(before ?? []),
          word,
        ]),
      ];
    case 'flag':
      return [one];
    case 'switch':
      return [one, new Option(option.flags.replace('--', '--no-')).hideHelp()];
  }
}

/** Refuses long options with one dash: `-nemesis partition` would be read as `-n emesis` and an argument of the program. */
function refuseSingleDashes(words: readonly string[], parser: Command): void {
  for (const word of words) {
    if (word === '--') return;
    const name = /^-([a-z][a-z-]+)(=|$)/.exec(word)?.[1];
    if (name !== undefined && parser.options.some(({ long }) => long === `--${name}`)) {
      throw new UserError(`${word} needs two dashes. Did you mean -${word}?`);
    }
  }
}

function refuseWrongWord(option: AnyOption, word: unknown): void {
  if (option.kind !== 'value' || typeof word !== 'string') return;
  // `--nemesis --rate 5`: the value was forgotten, and the next option was taken for it.
  if (option.isAnyWord !== true && /^--[a-z]/.test(word)) {
    throw new UserError(`${longFlag(option)} needs a value, but is followed by ${word}.`);
  }
  if (option.isPath === true) refuseTilde(longFlag(option), word);
}
