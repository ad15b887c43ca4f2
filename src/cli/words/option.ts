/**
 * An option of a command, declared once: its flags, its text in the help, its default, and how its word is read and checked,
 * which gives settings. From a table of them follow the parser and the help (`read-words.ts`), the type of what was given
 * (`Given`), and the settings with their type (`readSettings`).
 */

interface Declared {
  readonly flags: string;
  readonly about?: string | undefined;
  /** What it may be, for shells that complete it; several with commas where its name in the flags is a plural. */
  readonly values?: readonly string[];
}

/** Gives the settings that a word stands for. `facts` are those that other options have decided. */
type Read<Word, Facts, Settings> = (word: Word, facts: Facts, flag: string) => Settings;

/** Takes a word. Its reader throws a UserError for one that makes no sense. */
export interface ValueOption<Facts = never, Settings extends object = object> extends Declared, ValueTraits {
  readonly kind: 'value';
  readonly read?: Read<string, Facts, Settings> | undefined;
}

export interface ValueTraits {
  /** The word that holds when none is given. */
  readonly default?: string;
  /** The word that stands for the option without one, where it may be left out: `--name [word]`. */
  readonly preset?: string;
  /** What the help shows in place of it. */
  readonly shownDefault?: string;
  /** The environment variable that may hold the word. */
  readonly env?: string;
  /** A file or folder: it may not begin with a `~` that the shell has left. */
  readonly isPath?: true;
  readonly values?: readonly string[];
  /** Whether the word may look like an option. */
  readonly isAnyWord?: true;
}

/** May be given several times. */
interface ListOption extends Declared {
  readonly kind: 'list';
}

interface ToggleOption<Kind, Facts, Settings extends object> extends Declared {
  readonly kind: Kind;
  readonly read?: Read<boolean, Facts, Settings> | undefined;
}

/** On when given; one that begins with `--no-` off. */
export type FlagOption<Facts = never, Settings extends object = object> = ToggleOption<
  'flag',
  Facts,
  Settings
>;

/** On as `--name`, off as `--no-name`, undefined as neither. */
type SwitchOption<Facts = never, Settings extends object = object> = ToggleOption<'switch', Facts, Settings>;

export type AnyOption = ValueOption | ListOption | FlagOption | SwitchOption;

/** By the names under which commander gives them: `--node-count` is `nodeCount`. */
export type OptionTable = Readonly<Record<string, AnyOption>>;

/** With a default or without, the type says which. */
export function withValue<Facts = unknown, Settings extends object = object>(
  flags: string,
  about: string,
  more: ValueTraits & { readonly default: string; readonly read?: Read<string, Facts, Settings> },
): ValueOption<Facts, Settings> & { readonly default: string };
export function withValue<Facts = unknown, Settings extends object = object>(
  flags: string,
  about?: string,
  more?: Omit<ValueTraits, 'default'> & { readonly read?: Read<string, Facts, Settings> },
): ValueOption<Facts, Settings>;
export function withValue(flags: string, about?: string, more: Partial<ValueOption> = {}): ValueOption {
  return { kind: 'value', flags, about, ...more };
}

export const list = (flags: string, about: string, values: readonly string[] = []): ListOption => ({
  kind: 'list',
  flags,
  about,
  values,
});

export const flag = <Facts = unknown, Settings extends object = object>(
  flags: string,
  about?: string,
  read?: Read<boolean, Facts, Settings>,
): FlagOption<Facts, Settings> => ({ kind: 'flag', flags, about, read });

export const onOrOff = <Facts = unknown, Settings extends object = object>(
  flags: string,
  about: string,
  read?: Read<boolean, Facts, Settings>,
): SwitchOption<Facts, Settings> => ({ kind: 'switch', flags, about, read });

/** What was given of the options of a table: words, lists of words, and flags. */
export type Given<Table> = { readonly [Key in keyof Table]: GivenOf<Table[Key]> };

type GivenOf<Option> = Option extends { readonly kind: 'flag' }
  ? boolean
  : Option extends { readonly kind: 'switch' }
    ? boolean | undefined
    : Option extends { readonly kind: 'list' }
      ? readonly string[] | undefined
      : Option extends { readonly default: string }
        ? string
        : string | undefined;

/** What the readers of a table give, together; partly where an option may be left out. */
type SettingsOf<Table extends OptionTable> = Intersection<{
  readonly [Key in keyof Table]: SettingsOfOption<Table[Key]>;
}>;

type SettingsOfOption<Option> = Option extends {
  readonly read?: Read<never, never, infer Settings> | undefined;
}
  ? undefined extends GivenOf<Option>
    ? Partial<Settings>
    : Settings
  : unknown;

/** What the readers of a table have to know beside the word. */
type FactsOf<Table extends OptionTable> = Intersection<{
  readonly [Key in keyof Table]: Table[Key] extends {
    readonly read?: Read<never, infer Facts, object> | undefined;
  }
    ? Facts
    : unknown;
}>;

export type Intersection<Parts> = {
  readonly [Key in keyof Parts]: (part: Parts[Key]) => void;
}[keyof Parts] extends (whole: infer Whole) => void
  ? Whole
  : never;

/** A table whose options may all be left out. */
export type Undefaulted<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends { readonly kind: 'value' }
    ? Omit<Table[Key], 'default'>
    : Table[Key];
};

/** The same options without their defaults: what is not given is then known to be so. */
export function undefaulted<Table extends OptionTable>(table: Table): Undefaulted<Table> {
  const options = Object.entries(table).map(([key, option]) => {
    if (option.kind !== 'value') return [key, option];
    const { default: _default, shownDefault: _shown, ...rest } = option;
    return [key, rest];
  });
  return Object.fromEntries(options) as Undefaulted<Table>; // each without its default
}

/** What holds for the options of a table where nothing is given. */
export function defaultWords<Table extends OptionTable>(table: Table): Given<Table> {
  const words = Object.entries(table).map(([key, option]) => {
    if (option.kind === 'flag') return [key, option.flags.startsWith('--no-')];
    return [key, option.kind === 'value' ? option.default : undefined];
  });
  return Object.fromEntries(words) as Given<Table>; // as the parser has it
}

/** Reads what was given of the options of the table, in its order. */
export function readSettings<Table extends OptionTable>(
  table: Table,
  given: Given<NoInfer<Table>>,
  facts: FactsOf<NoInfer<Table>>,
): SettingsOf<Table> {
  const settings = {};
  for (const [key, option] of Object.entries(table)) {
    const word: unknown = given[key];
    if (word === undefined || option.kind === 'list') continue;
    // Which word goes with which option, and what it reads of the facts, is in the types above, but not in a loop.
    const read = option.read as Read<unknown, unknown, object> | undefined;
    Object.assign(settings, read?.(word, facts, longFlag(option)));
  }
  return settings as SettingsOf<Table>; // what each reader gives, and nothing else
}

/** `--node` of `-n, --node <name>`. */
export const longFlag = ({ flags }: Declared): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags;
