/** The options of `maelstrom check`: their names and help, and which options of a model they stand for. */
import { Command, CommanderError, Option } from 'commander';
import { UserError } from '../../protocol/user-error.ts';
import { commandErrorText } from '../words/command-error.ts';
import { refuseTilde } from '../words/home-path.ts';
import { parseNumber } from '../words/parse-number.ts';

export interface CheckRequest {
  /** A run's folder, a history file, or `-`. */
  readonly path: string;
  readonly model?: string | undefined;
  /** Options of the model, under their own names. */
  readonly modelOptions: Readonly<Record<string, unknown>>;
  readonly timeLimitMs?: number | undefined;
  readonly memoryLimitMb?: number | undefined;
  /** A file for the results: .json or .edn. */
  readonly out?: string | undefined;
  /** Whether to replace the results in the run's folder. */
  readonly write: boolean;
}

export type ParsedCheck =
  | { readonly kind: 'check'; readonly requests: readonly CheckRequest[] }
  | { readonly kind: 'help'; readonly text: string };

/** Names shown in the help; a test holds them against what there is. */
export const HELP_MODELS = [
  'list-append',
  'rw-register',
  'cas-register',
  'set-full',
  'kafka',
  'pn-counter',
  'g-counter',
  'counter',
  'unique-ids',
  'echo',
  'stats',
  'mutex',
  'register',
  'fifo-queue',
  'unordered-queue',
  'set',
  'linearizable-set',
  'bank',
  'long-fork',
  'comments',
  'sequential',
] as const;

/** The option of a model that an option of the command line stands for. */
const MODEL_OPTIONS: Readonly<Record<string, string>> = {
  consistencyModels: 'consistency-models',
  anomalies: 'anomalies',
  wfrKeys: 'wfr-keys?',
  sequentialKeys: 'sequential-keys?',
  linearizableKeys: 'linearizable-keys?',
  independent: 'independent?',
  linearizable: 'linearizable?',
  strict: 'strict',
  add: 'add',
  subVia: 'sub-via',
  wwDeps: 'ww-deps',
  allowNegativeBalances: 'negative-balances?',
  totalAmount: 'total-amount',
  accounts: 'accounts',
  groupSize: 'group-size',
};

/** How an option of a model is given on the command line: `wfr-keys?` is `--wfr-keys`. */
export const flagOf = (modelOption: string): string =>
  modelOption === 'negative-balances?' ? '--allow-negative-balances' : `--${modelOption.replace(/\?$/, '')}`;

/** Throws a UserError for options that do not exist, and for numbers that are none. */
export function parseCheckWords(words: readonly string[], helpWidth: number): ParsedCheck {
  let help = '';
  const command = checkCommand(helpWidth)
    .exitOverride()
    .configureOutput({ writeOut: (text) => (help += text), writeErr: () => {} });
  try {
    command.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'help', text: help };
    throw new UserError(explained(error), 'All options: maelstrom check --help');
  }
  return { kind: 'check', requests: requestsOf(command) };
}

function explained(error: CommanderError): string {
  if (error.code === 'commander.missingArgument') {
    return 'Nothing to check was given: a folder of the store, a history file, or - for standard input.';
  }
  return commandErrorText(error);
}

/** One for each history, with the same options. */
function requestsOf(command: Command): readonly CheckRequest[] {
  const paths = command.args.length === 0 ? ['-'] : command.args;
  for (const path of paths) refuseTilde('The history', path);
  const { path: _, ...options } = requestOf(command);
  if (paths.length > 1 && options.out !== undefined) {
    throw new UserError(
      '--out takes the results of one history.',
      'Check them one by one, each with its own --out.',
    );
  }
  return paths.map((path) => ({ ...options, path }));
}

function requestOf(command: Command): CheckRequest {
  const options = command.opts<Readonly<Record<string, string | boolean | undefined>>>();
  const modelOptions = Object.fromEntries(
    Object.entries(MODEL_OPTIONS).flatMap(([key, name]) =>
      options[key] === undefined ? [] : [[name, options[key]]],
    ),
  );
  const number = (name: string, key: string, unit: string): number | undefined =>
    typeof options[key] === 'string'
      ? parseNumber(name, options[key], { min: 0, minExcluded: true, unit })
      : undefined;
  const text = (key: string): string | undefined =>
    typeof options[key] === 'string' ? options[key] : undefined;
  const seconds = number('--time-budget', 'timeBudget', 'seconds');
  const out = text('out');
  if (out !== undefined && !/\.(?:json|edn)$/.test(out)) {
    throw new UserError(`--out must name a file that ends in .json or .edn, but is ${JSON.stringify(out)}.`);
  }
  return {
    path: '-',
    model: text('model'),
    modelOptions,
    timeLimitMs: seconds === undefined ? undefined : seconds * 1000,
    memoryLimitMb: number('--memory-budget', 'memoryBudget', 'megabytes'),
    out,
    write: options['write'] === true,
  };
}

function checkCommand(helpWidth: number): Command {
  const command = new Command('maelstrom check')
    .usage('FOLDER|FILE|-... [options]')
    .description(
      'Judges an existing history: that of a run (its folder in the store), or a bare one, ours or ' +
        "Jepsen's (.jsonl, .json, .edn, or - for standard input; the format is detected). Of several, each is judged by itself.",
    )
    .argument('<paths...>')
    .configureHelp({ helpWidth, visibleArguments: () => [] })
    .addHelpOption(new Option('-h, --help', 'show this').helpGroup('Output:'));
  for (const [group, options] of Object.entries(GROUPS)) {
    for (const option of options()) command.addOption(option.helpGroup(group));
  }
  return command.addHelpText('after', EXAMPLES);
}

const GROUPS: Readonly<Record<string, () => Option[]>> = {
  'What to check it against:': () => [
    new Option(
      '-m, --model <name>',
      `what the operations are (a run's folder says so itself): ${HELP_MODELS.join(', ')}`,
    ),
  ],
  'For list-append and rw-register:': () => [
    new Option('-c, --consistency-models <names>', 'what must hold (default: strict-serializable)'),
    new Option('-a, --anomalies <names>', 'what else to look for'),
    new Option(
      '--wfr-keys',
      'rw-register: a transaction that reads and writes a key writes the next version',
    ),
    new Option('--sequential-keys', 'rw-register: each key is sequentially consistent'),
    new Option('--linearizable-keys', 'rw-register: each key is linearizable'),
  ],
  'For others:': () => [
    new Option(
      '--independent',
      'registers, mutex, queues, linearizable-set: values are [key, value], and each key is judged by itself',
    ),
    new Option('--linearizable', 'set-full: what was added must show at once'),
    new Option('--strict', 'set-full: an element listed twice is wrong; of a run also: protocol warnings'),
    new Option('--add <name>', 'set-full: the operation that adds, such as broadcast (default: add)'),
    new Option('--sub-via <names>', 'kafka: assign or subscribe (default: assign)'),
    new Option('-n, --allow-negative-balances', 'bank: a balance may be less than 0'),
    new Option('-o, --total-amount <n>', 'bank: the total of all accounts (default: that of the first read)'),
    new Option('--accounts <names>', 'bank: the accounts (default: those of the first read)'),
    new Option('-g, --group-size <n>', 'long-fork: how many keys a read shows (default: 2)'),
    new Option('--ww-deps', 'kafka: the order of a log orders those who wrote it'),
  ],
  'How long:': () => [
    new Option('--time-budget <seconds>', 'then answer unknown, and how far it came'),
    new Option('--memory-budget <MB>', 'the same, for the memory of the process'),
  ],
  'Output:': () => [
    new Option('--out <file>', 'write the results in full, to a file that ends in .json or .edn'),
    new Option('--write', "replace results.json and results.edn in a run's folder"),
  ],
  "Accepted for elle-cli's command lines, without effect:": () => [
    new Option('-f, --format <name>'),
    new Option('-d, --directory <folder>'),
    new Option('-s, --cycle-search-timeout <ms>'),
    new Option('-p, --plot-format <name>'),
    new Option('-t, --plot-timeout <ms>'),
    new Option('-b, --max-plot-bytes <n>'),
    new Option('--max-transfer <n>'),
    new Option('--verbose'),
  ],
};

const EXAMPLES = `
Examples:
  maelstrom check store/latest
  maelstrom check store/latest --consistency-models snapshot-isolation
  maelstrom check history.edn --model list-append --consistency-models serializable
  gunzip -c history.jsonl.gz | maelstrom check - --model cas-register --independent

Exit codes: 0 valid, 1 invalid, 2 unknown, 254 bad arguments or a history that is none, 255 internal error.`;
