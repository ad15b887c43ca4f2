/**
 * An option of a command, declared once: its flags, its text in the help, its default, and how its word is parsed into
 * settings. The parser and the help (`read-words.ts`), the type of the given words (`Given`) and the settings with
 * their type (`readSettings`) all derive from a table of such options.
 */

interface Declared {
  readonly flags: string;
  readonly about?: string | undefined;
  /** Possible values, for shell completion; several separated by commas if its name in the flags is a plural. */
  readonly values?: readonly string[];
  /** Whether a file of the user is a value, too. */
  readonly orFile?: true;
}

/** Returns the settings that a word stands for. `facts` are settings that other options have determined. */
type Read<Word, Facts, Settings> = (word: Word, facts: Facts, flag: string) => Settings;

/** An option with a word. Its reader throws a UserError for an invalid one. */
export interface ValueOption<Facts = never, Settings extends object = object> extends Declared, ValueTraits {
  readonly kind: 'value';
  readonly read?: Read<string, Facts, Settings> | undefined;
}

export interface ValueTraits {
  /** The word to use if none is given. */
  readonly default?: string;
  /** The word to use if the option is given without one, where that is allowed: `--name [word]`. */
  readonly preset?: string;
  /** Shown in the help instead of the default. */
  readonly shownDefault?: string;
  /** An environment variable that may provide the word. */
  readonly env?: string;
  /** Whether it is a file or folder, which must not begin with a `~` that the shell has not replaced. */
  readonly isPath?: true;
  readonly values?: readonly string[];
  readonly orFile?: true;
  /** Whether the word may look like an option. */
  readonly isAnyWord?: true;
}

/** An option that may be given several times. */
interface ListOption extends Declared {
  readonly kind: 'list';
}

interface ToggleOption<Kind, Facts, Settings extends object> extends Declared {
  readonly kind: Kind;
  readonly read?: Read<boolean, Facts, Settings> | undefined;
}

/** True when given; an option that begins with `--no-` is false when given. */
export type FlagOption<Facts = never, Settings extends object = object> = ToggleOption<
  'flag',
  Facts,
  Settings
>;

/** True as `--name`, false as `--no-name`, undefined if neither is given. */
type SwitchOption<Facts = never, Settings extends object = object> = ToggleOption<'switch', Facts, Settings>;

export type AnyOption = ValueOption | ListOption | FlagOption | SwitchOption;

/** Indexed by commander's names: `--node-count` is `nodeCount`. */
export type OptionTable = Readonly<Record<string, AnyOption>>;

/** Declares an option with a word; the type reflects whether it has a default. */
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

/** The given values of the options of a table: words, lists of words, and flags. */
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

/** The settings that the readers of a table return together; partial for options that may be omitted. */
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

/** The facts that the readers of a table need besides the word. */
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

/** A table without defaults. */
export type Undefaulted<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends { readonly kind: 'value' }
    ? Omit<Table[Key], 'default'>
    : Table[Key];
};

/** Returns the same options without their defaults, so that omitted options can be recognised. */
export function undefaulted<Table extends OptionTable>(table: Table): Undefaulted<Table> {
  const options = Object.entries(table).map(([key, option]) => {
    if (option.kind !== 'value') return [key, option];
    const { default: _default, shownDefault: _shown, ...rest } = option;
    return [key, rest];
  });
  return Object.fromEntries(options) as Undefaulted<Table>; // each without its default
}

/** Returns the values of a table's options when none is given. */
export function defaultWords<Table extends OptionTable>(table: Table): Given<Table> {
  const words = Object.entries(table).map(([key, option]) => {
    if (option.kind === 'flag') return [key, option.flags.startsWith('--no-')];
    return [key, option.kind === 'value' ? option.default : undefined];
  });
  return Object.fromEntries(words) as Given<Table>; // as the parser would give them
}

/** Reads the given values of the table's options, in the order of the table. */
export function readSettings<Table extends OptionTable>(
  table: Table,
  given: Given<NoInfer<Table>>,
  facts: FactsOf<NoInfer<Table>>,
): SettingsOf<Table> {
  const settings = {};
  for (const [key, option] of Object.entries(table)) {
    const word: unknown = given[key];
    if (word === undefined || option.kind === 'list') continue;
    // The types above relate each option to its word and facts, but that is lost in a loop.
    const read = option.read as Read<unknown, unknown, object> | undefined;
    Object.assign(settings, read?.(word, facts, longFlag(option)));
  }
  return settings as SettingsOf<Table>; // exactly what the readers return
}

/** Returns the long flag: `--node` of `-n, --node <name>`. */
export const longFlag = ({ flags }: Declared): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags;
